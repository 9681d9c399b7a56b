import type { Text } from "@tamis/kit";

/** What authors are told of a mail that they submitted. */
export const dsnTexts = {
  "subject-failed": {
    en: "Your mail did not reach everybody: {subject}",
    fr: "Votre message n'est pas parvenu à tous : {subject}",
  },
  "subject-held": { en: "Your mail is waiting for you: {subject}", fr: "Votre message vous attend : {subject}" },
  "subject-relayed": { en: "Your mail was passed on: {subject}", fr: "Votre message a été transmis : {subject}" },
  "about-now": { en: "The mail that you sent on {time}", fr: "Le message que vous avez envoyé le {time}" },
  "about-held": {
    en: "The mail that you handed over on {time}, to be sent later",
    fr: "Le message que vous avez confié le {time} pour un envoi différé",
  },
  rejected: {
    en: "was refused for these recipients. It will not be tried again:",
    fr: "a été refusé pour ces destinataires. Il n'y aura pas de nouvel essai :",
  },
  expired: {
    en: "could not be sent to these recipients in time. It will not be tried again:",
    fr: "n'a pas pu être envoyé à temps à ces destinataires. Il n'y aura pas de nouvel essai :",
  },
  unknown: {
    en: "may or may not have reached these recipients: the connection broke before the answer came. It is not sent again by itself, so that nobody gets it twice. Ask them, or have it sent again with `tamis outbox release`:",
    fr: "est peut-être parvenu à ces destinataires, peut-être pas : la connexion a été coupée avant la réponse. Il n'est pas renvoyé de lui-même, afin que personne ne le reçoive deux fois. Demandez-leur, ou faites-le renvoyer par `tamis outbox release` :",
  },
  held: {
    en: "was not sent at its time: nothing was there to send it, and now it may be too late for it. It waits for your word, to be given to your operators (`tamis outbox release`, or `cancel`), for these recipients:",
    fr: "n'a pas été envoyé à son heure : rien n'était là pour l'envoyer, et il est peut-être trop tard à présent. Il attend votre décision, à donner à l'exploitant (`tamis outbox release`, ou `cancel`), pour ces destinataires :",
  },
  accepted: {
    en: "was passed on to a server that does not report deliveries, for these recipients:",
    fr: "a été transmis à un serveur qui ne confirme pas les remises, pour ces destinataires :",
  },
  "server-said": { en: "the server said: {reply}", fr: "réponse du serveur : {reply}" },
} as const satisfies Readonly<Record<string, Text>>;
