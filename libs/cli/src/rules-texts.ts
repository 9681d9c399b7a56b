import type { Text } from "@tamis/kit";

/** What `tamis rules` and `tamis why` say. */
export const rulesTexts = {
  "rules.about": {
    en: "try rules on mail that is stored, apply them to it, take that back",
    fr: "essaie des règles sur le courriel déjà rangé, les y applique, l'annule",
  },
  "rules.preview.about": {
    en: "show what a draft would do with stored mail, and what differs from the active script; changes nothing",
    fr: "montre ce que ferait un brouillon du courriel rangé, et ce qui diffère du script actif ; ne change rien",
  },
  "rules.apply.about": {
    en: "keep, file, flag and discard stored mail by a script; nothing is sent, run or remembered",
    fr: "garde, range, marque et écarte le courriel rangé d'après un script ; rien n'est envoyé, lancé ni retenu",
  },
  "rules.undo.about": {
    en: "take back all that `tamis rules apply` did, within two weeks",
    fr: "annule tout ce qu'a fait `tamis rules apply`, pendant deux semaines",
  },
  "rules.script": {
    en: "Sieve script to try; `-` is standard input",
    fr: "script Sieve à essayer ; `-` est l'entrée standard",
  },
  "rules.active": { en: "the account's own active script", fr: "le script actif du compte" },
  "rules.last": { en: "the newest mails, so many", fr: "les courriels les plus récents, tant" },
  "rules.folder": {
    en: "only this folder (repeatable); default: all but Trash, Junk, Drafts and Sent",
    fr: "seulement ce dossier (répétable) ; par défaut : tous sauf Corbeille, Indésirables, Brouillons et Envoyés",
  },
  "rules.changes": {
    en: "only mails that the active script would treat otherwise",
    fr: "seulement les courriels que le script actif traiterait autrement",
  },
  "rules.run": {
    en: "the run, as `tamis rules apply` named it",
    fr: "l'exécution, telle que `tamis rules apply` l'a nommée",
  },

  "rules.script-or-active": { en: "give either --script or --active", fr: "donnez soit --script, soit --active" },
  "rules.too-many": { en: "--last: at most {max}", fr: "--last : au plus {max}" },
  "rules.not-a-run": {
    en: '"{text}" names no run; `tamis rules apply` tells the name',
    fr: "« {text} » ne nomme aucune exécution ; `tamis rules apply` donne ce nom",
  },
  "rules.refused": { en: "not tried: the script has errors", fr: "pas essayé : le script contient des erreurs" },
  "rules.none": { en: "no mail there", fr: "aucun courriel à cet endroit" },
  "rules.incomplete": {
    en: "no news for {seconds} s: {seen} of {count} mails are done",
    fr: "pas de nouvelles depuis {seconds} s : {seen} courriels sur {count} sont traités",
  },
  "rules.gone-on": {
    en: "what is still done is taken back by: tamis rules undo {run}",
    fr: "ce qui se fait encore s'annule par : tamis rules undo {run}",
  },
  "rules.was": { en: "was: {place}", fr: "avant : {place}" },
  "rules.total": { en: "→ {place}: {now} (was: {was})", fr: "→ {place} : {now} (avant : {was})" },
  "rules.summary": {
    en: "mails: {count}, treated otherwise than by the active script: {changed}",
    fr: "courriels : {count}, traités autrement que par le script actif : {changed}",
  },
  "rules.would": {
    en: "`tamis rules apply` would move {moved} and flag {flagged} of them where they are now",
    fr: "`tamis rules apply` en déplacerait {moved} et en marquerait {flagged} là où ils sont",
  },
  "rules.left-out": {
    en: "not carried out on stored mail: {actions}",
    fr: "jamais exécuté sur le courriel rangé : {actions}",
  },
  "rules.not": { en: "not done: {actions}", fr: "non fait : {actions}" },
  "rules.copies": { en: "copies", fr: "copies" },
  "rules.applied": { en: "done: {count} ({summary})", fr: "fait : {count} ({summary})" },
  "rules.flagged": { en: "flagged", fr: "marqués" },
  "rules.undo-by": { en: "take it back: tamis rules undo {run}", fr: "pour annuler : tamis rules undo {run}" },
  "rules.undo-none": {
    en: "nothing to take back: no mail was changed by that run in the last two weeks, or all of it was taken back",
    fr: "rien à annuler : cette exécution n'a changé aucun courriel ces deux dernières semaines, ou tout est déjà annulé",
  },
  "rules.undo-gone": {
    en: "{mail}: no longer in {folder}: its owner moved or deleted it",
    fr: "{mail} : n'est plus dans {folder} : déplacé ou supprimé par son propriétaire",
  },
  "rules.undo-failed": { en: "{mail}: {reason}", fr: "{mail} : {reason}" },
  "rules.undo-nameless": {
    en: "{mail}: the server did not tell its name in {folder}: move it by hand",
    fr: "{mail} : le serveur n'a pas dit son nom dans {folder} : déplacez-le à la main",
  },
  "rules.undone": { en: "taken back: {count}", fr: "annulés : {count}" },

  "why.about": {
    en: "which layer, rule and test decided on a mail, with the values seen, and what was done",
    fr: "quelle couche, quelle règle et quel test ont décidé d'un courriel, les valeurs vues, et ce qui a été fait",
  },
  "why.message-id": {
    en: "Message-ID of the mail, instead of its mail id; needs --account",
    fr: "Message-ID du courriel, au lieu de son identifiant ; demande --account",
  },
  "why.mail-id": { en: "mail id, from `tamis log`", fr: "identifiant du courriel, d'après `tamis log`" },
  "why.which": {
    en: "give a mail id, or --account and --message-id",
    fr: "donnez un identifiant de courriel, ou --account et --message-id",
  },
  "why.not-found": {
    en: "no folder of the account has a mail with that Message-ID",
    fr: "aucun dossier du compte ne contient de courriel portant ce Message-ID",
  },
  "why.unknown": {
    en: "no decision on it is known: it came before Tamis did, or more than two weeks ago",
    fr: "aucune décision connue : il est arrivé avant Tamis, ou il y a plus de deux semaines",
  },
  "why.now": { en: "now in {folder}: {mail}", fr: "maintenant dans {folder} : {mail}" },
  "why.decided": { en: "{time}  decided in {folder} by {script}", fr: "{time}  décidé dans {folder} par {script}" },
  "why.cause": {
    en: "because somebody did it over IMAP: {cause}",
    fr: "parce que quelqu'un l'a fait en IMAP : {cause}",
  },
  "why.no-script": { en: "no script: none was active", fr: "aucun script : aucun n'était actif" },
  "why.rule": { en: "rule {rule}, line {line} ({layer})", fr: "règle {rule}, ligne {line} ({layer})" },
  "why.line": { en: "line {line} ({layer})", fr: "ligne {line} ({layer})" },
  "why.implicit": {
    en: "no rule decided: the mail is kept where it is",
    fr: "aucune règle n'a décidé : le courriel reste où il est",
  },
  "why.plan": { en: "to be done: {plan}", fr: "à faire : {plan}" },
  "why.spam": { en: "probability of spam: {percent} %", fr: "probabilité de pourriel : {percent} %" },
  "why.error": { en: "error: {error}", fr: "erreur : {error}" },
  "why.preview": { en: "a preview: nothing was done", fr: "un essai : rien n'a été fait" },
  "why.stored": { en: "rules applied to stored mail", fr: "règles appliquées au courriel rangé" },
  "why.sending": { en: "{kind}: {state}", fr: "{kind} : {state}" },
  "why.sent": { en: "{time}  {kind}: {state}", fr: "{time}  {kind} : {state}" },
  "why.copy-filed": { en: "a copy of what was sent is in {folder}", fr: "une copie de l'envoi est dans {folder}" },
  "why.copy-no-mailbox": {
    en: "no copy of what was sent: there is no folder {folder}",
    fr: "pas de copie de l'envoi : il n'y a pas de dossier {folder}",
  },
  "why.copy-given-up": {
    en: "no copy of what was sent: {folder} could not be written for days",
    fr: "pas de copie de l'envoi : {folder} n'a pas pu être écrit pendant des jours",
  },
  "why.applied": { en: "{time}  {result}", fr: "{time}  {result}" },
  "why.snoozed": { en: "snoozed in {folder} until {time}", fr: "mis en attente dans {folder} jusqu'au {time}" },
  "why.woken": { en: "woken, due {time}: {what}", fr: "réveillé, prévu le {time} : {what}" },
  "why.moved": { en: "moved to {folder}", fr: "déplacé vers {folder}" },
  "why.kept": { en: "kept in {folder}", fr: "gardé dans {folder}" },
  "why.discarded": { en: "discarded to {folder}", fr: "écarté vers {folder}" },
  "why.gone": { en: "its owner had moved or deleted it", fr: "son propriétaire l'avait déplacé ou supprimé" },
  "why.failed": { en: "not done, it stays in {folder}: {reason}", fr: "pas fait, il reste dans {folder} : {reason}" },
  "why.observed": { en: "observed only, nothing done", fr: "observé seulement, rien n'a été fait" },
  "why.taken-back": { en: "taken back: {what}", fr: "annulé : {what}" },
  "layer.before": { en: "the organisation's script before", fr: "script de l'organisation, avant" },
  "layer.user": { en: "the owner's script", fr: "script du propriétaire" },
  "layer.after": { en: "the organisation's script after", fr: "script de l'organisation, après" },
  "reason.over-quota": { en: "the mailbox is full", fr: "la boîte est pleine" },
  "reason.no-such-folder": { en: "there is no such folder", fr: "ce dossier n'existe pas" },
  "reason.no-move": {
    en: "the mail server cannot move mail safely (neither MOVE nor UIDPLUS)",
    fr: "le serveur de courriel ne sait pas déplacer sans risque (ni MOVE ni UIDPLUS)",
  },
  "reason.no-uidplus": {
    en: "the mail server cannot replace mail safely (no UIDPLUS)",
    fr: "le serveur de courriel ne sait pas remplacer un courriel sans risque (pas d'UIDPLUS)",
  },
  "reason.no-delete": { en: "mail must not be deleted there", fr: "on ne peut pas y supprimer de courriel" },
  "reason.no-trash": { en: "there is no Trash folder", fr: "il n'y a pas de dossier Corbeille" },
  "reason.no-keywords": {
    en: "the folder keeps no new keywords, so nobody could wake it",
    fr: "le dossier ne garde pas de nouveaux mots-clés, donc rien ne pourrait le réveiller",
  },
  "reason.refused": { en: "the mail server refused", fr: "le serveur de courriel a refusé" },
  "reason.renumbered": {
    en: "the folder was renumbered since (UIDVALIDITY)",
    fr: "le dossier a été renuméroté depuis (UIDVALIDITY)",
  },
  "reason.account-away": {
    en: "the account's mail server is away, or its sign-in is refused",
    fr: "le serveur du compte est injoignable, ou refuse la connexion",
  },
} as const satisfies Readonly<Record<string, Text>>;
