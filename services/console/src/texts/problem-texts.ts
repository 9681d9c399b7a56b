import { typeset } from "./typeset.ts";

/** What stands against a request (RFC 9457), by its stable code: the status, and its title. */
export const problems = typeset({
  "not-signed-in": {
    status: 401,
    en: "sign in with your mailbox password",
    fr: "authentifiez-vous avec le mot de passe de votre boîte",
  },
  "sign-in-refused": { status: 401, en: "the name or the password is wrong", fr: "le nom ou le mot de passe est faux" },
  "sign-in-later": {
    status: 503,
    en: "nobody can be let in just now: try again in a minute",
    fr: "personne ne peut être admis pour l'instant : réessayez dans une minute",
  },
  "not-encrypted": {
    status: 403,
    en: "this came in the clear: use https://; operators name their proxy in console.trusted_proxies",
    fr: "ceci est venu en clair : utilisez https:// ; l'exploitant nomme son mandataire dans console.trusted_proxies",
  },
  "cross-site": {
    status: 403,
    en: "this was sent by a page of another site, or by one that is too old: load the page again",
    fr: "ceci vient d'une page d'un autre site, ou trop ancienne : rechargez la page",
  },
  "not-a-sender": {
    status: 403,
    en: "this account may not write circulars: ask your operators",
    fr: "ce compte ne peut pas écrire de circulaires : adressez-vous à l'exploitant",
  },
  "not-an-operator": { status: 403, en: "only operators may do this", fr: "seul l'exploitant peut faire cela" },
  "not-allowed": { status: 403, en: "this account may not do this", fr: "ce compte ne peut pas faire cela" },
  "not-your-list": {
    status: 403,
    en: "this account may not write to this list: ask your operators",
    fr: "ce compte ne peut pas écrire à cette liste : adressez-vous à l'exploitant",
  },
  missing: { status: 404, en: "there is no such thing", fr: "cela n'existe pas" },
  "method-not-allowed": { status: 405, en: "this cannot be done here", fr: "cela ne se fait pas ici" },
  "not-acceptable": { status: 406, en: "this is not to be had in that form", fr: "cela n'existe pas sous cette forme" },
  "not-possible": { status: 409, en: "this is not possible in its state", fr: "ce n'est pas possible dans son état" },
  changed: { status: 409, en: "it was changed meanwhile", fr: "elle a été modifiée entre-temps" },
  settled: { status: 409, en: "it is settled already", fr: "c'est déjà réglé" },
  "too-late": { status: 409, en: "it is too late for this", fr: "il est trop tard pour cela" },
  "no-recipients": { status: 409, en: "it has no recipients", fr: "elle n'a pas de destinataires" },
  "too-long": { status: 413, en: "the request is too long", fr: "la requête est trop longue" },
  "unsupported-type": {
    status: 415,
    en: "what was sent is of a type not taken here",
    fr: "le type de ce qui a été envoyé n'est pas pris ici",
  },
  "bad-request": { status: 400, en: "the request is not as it should be", fr: "la requête n'est pas comme il faut" },
  "bad-draft": { status: 422, en: "the circular cannot be written so", fr: "la circulaire ne peut pas s'écrire ainsi" },
  "bad-time": {
    status: 422,
    en: "this is no time it could leave at",
    fr: "ce n'est pas une heure à laquelle elle peut partir",
  },
  "bad-hours": {
    status: 422,
    en: "these are no office hours",
    fr: "ce ne sont pas des heures de bureau",
  },
  "bad-rule": {
    status: 422,
    en: "it cannot recur so",
    fr: "elle ne peut pas se répéter ainsi",
  },
  "bad-list": {
    status: 422,
    en: "a list cannot be used",
    fr: "une liste n'est pas utilisable",
  },
  "list-away": {
    status: 503,
    en: "a list cannot be read just now: try again in a moment; nothing was added",
    fr: "une liste est illisible pour l'instant : réessayez dans un instant ; rien n'a été ajouté",
  },
  "bad-recipients": {
    status: 422,
    en: "the list of recipients cannot be read",
    fr: "la liste des destinataires est illisible",
  },
  "too-large": { status: 422, en: "the mail is too large", fr: "le courriel est trop volumineux" },
  "key-reused": {
    status: 422,
    en: "another circular was made under this Idempotency-Key",
    fr: "une autre circulaire a été créée sous cette Idempotency-Key",
  },
  busy: {
    status: 503,
    en: "too much at once: try again in a moment",
    fr: "trop à la fois : réessayez dans un instant",
  },
  unavailable: {
    status: 503,
    en: "what is behind this page does not answer: try again in a moment; nothing was lost",
    fr: "ce qui est derrière cette page ne répond pas : réessayez dans un instant ; rien n'est perdu",
  },
  failed: { status: 500, en: "this failed, and was written down", fr: "cela a échoué, et a été consigné" },
});

/** Stable name of a problem. */
export type ProblemCode = keyof typeof problems;
