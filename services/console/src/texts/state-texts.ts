import type { CircularState, ReceiptState, SendingState } from "@tamis/contracts";
import type { Text } from "@tamis/kit";

/** States of a circular, for people. */
export const circularStates: Readonly<Record<CircularState, Text>> = {
  draft: { en: "draft", fr: "brouillon" },
  scheduled: { en: "scheduled", fr: "programmée" },
  started: { en: "leaving", fr: "en cours d'envoi" },
  paused: { en: "paused", fr: "suspendue" },
  done: { en: "done", fr: "terminée" },
  cancelled: { en: "cancelled", fr: "annulée" },
  held: { en: "held", fr: "retenue" },
};

/** What is known of a recipient, for people. */
export const receiptStates: Readonly<Record<ReceiptState, Text>> = {
  none: { en: "nothing heard", fr: "sans nouvelle" },
  delayed: { en: "delayed", fr: "retardé" },
  relayed: { en: "passed on", fr: "transmis" },
  delivered: { en: "delivered", fr: "remis" },
  failed: { en: "could not be delivered", fr: "non remis" },
  deleted: { en: "deleted unread", fr: "supprimé sans être lu" },
  displayed: { en: "displayed", fr: "affiché" },
};

/** States of a recipient, for people. */
export const sendingStates: Readonly<Record<SendingState, Text>> = {
  scheduled: { en: "to be sent", fr: "à envoyer" },
  claimed: { en: "next", fr: "le prochain" },
  begun: { en: "being sent", fr: "en cours d'envoi" },
  accepted: { en: "sent", fr: "envoyé" },
  deferred: { en: "deferred, tried again", fr: "différé, réessayé" },
  rejected: { en: "refused", fr: "refusé" },
  unknown: { en: "unknown: it may have arrived", fr: "inconnu : il est peut-être arrivé" },
  cancelled: { en: "cancelled", fr: "annulé" },
  suppressed: { en: "wants no circulars", fr: "ne veut pas de circulaires" },
  held: { en: "held", fr: "retenu" },
  expired: { en: "given up", fr: "abandonné" },
};
