import type { Text } from "@tamis/kit";

/** What is said of sendings. */
export const outboxTexts = {
  "outbox.about": { en: "what leaves by SMTP because of rules", fr: "ce qui part en SMTP du fait des règles" },
  "outbox.list.about": {
    en: "list the sendings of an account, the newest first",
    fr: "énumère les envois d'un compte, les plus récents d'abord",
  },
  "outbox.list.state": {
    en: "only those in this state (repeatable)",
    fr: "seulement ceux dans cet état (répétable)",
  },
  "outbox.list.limit": { en: "how many sendings", fr: "combien d'envois" },
  "outbox.release.about": {
    en: "send what is held, or what may have left, after all",
    fr: "envoie malgré tout ce qui est retenu, ou peut-être parti",
  },
  "outbox.cancel.about": { en: "do not send it any more", fr: "ne l'envoie plus" },
  "outbox.number": { en: "number, from `tamis outbox list`", fr: "numéro, d'après `tamis outbox list`" },
  "outbox.none": { en: "no sending", fr: "aucun envoi" },
  "outbox.bad-state": {
    en: '"{text}" is no state; there are: {states}',
    fr: "« {text} » n'est pas un état ; il y a : {states}",
  },
  "outbox.unanswered": {
    en: "the service `outbox` does not answer: start it (tamis up), then try again",
    fr: "le service `outbox` ne répond pas : démarrez-le (tamis up), puis réessayez",
  },
  "outbox.absent": {
    en: "nothing leaves here: tamis.yaml has no section `outbox`",
    fr: "rien ne part d'ici : tamis.yaml n'a pas de section `outbox`",
  },
  "outbox.failed": {
    en: "the service `outbox` failed; see its log",
    fr: "le service `outbox` a échoué ; voir son journal",
  },
  "outbox.released": { en: "{id} will be sent", fr: "{id} va être envoyé" },
  "outbox.cancelled": { en: "{id} is cancelled", fr: "{id} est annulé" },
  "outbox.next": { en: "next attempt {time}", fr: "prochain essai {time}" },
  "outbox.state.scheduled": { en: "scheduled", fr: "programmé" },
  "outbox.state.claimed": { en: "being sent", fr: "en cours d'envoi" },
  "outbox.state.begun": { en: "being sent", fr: "en cours d'envoi" },
  "outbox.state.accepted": { en: "accepted", fr: "accepté" },
  "outbox.state.deferred": { en: "deferred", fr: "différé" },
  "outbox.state.rejected": { en: "rejected", fr: "refusé" },
  "outbox.state.unknown": { en: "outcome unknown", fr: "issue inconnue" },
  "outbox.state.held": { en: "held", fr: "retenu" },
  "outbox.state.expired": { en: "expired", fr: "expiré" },
  "outbox.state.cancelled": { en: "cancelled", fr: "annulé" },
  "outbox.state.suppressed": { en: "suppressed", fr: "supprimé" },
  "status.outbox": { en: "outbox", fr: "envois" },
  "status.outbox-unanswered": { en: "no instance answers", fr: "aucune instance ne répond" },
  "status.outbox-empty": { en: "nothing yet", fr: "rien encore" },
} as const satisfies Readonly<Record<string, Text>>;
