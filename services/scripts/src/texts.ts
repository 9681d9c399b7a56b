export type Language = "en" | "fr";

/** What clients show to people. */
const texts = {
  "unknown-command": { en: "there is no such command", fr: "cette commande n'existe pas" },
  "wrong-arguments": {
    en: "the arguments are not those of this command",
    fr: "les arguments ne sont pas ceux de cette commande",
  },
  "bad-name": {
    en: "a script's name is 1 to 128 characters of UTF-8 without control characters",
    fr: "le nom d'un script compte de 1 à 128 caractères UTF-8, sans caractère de contrôle",
  },
  "script-not-utf8": { en: "the script is not in UTF-8", fr: "le script n'est pas en UTF-8" },
  "script-has-nul": { en: "the script contains a NUL character", fr: "le script contient un caractère NUL" },
  "script-too-big": { en: "the script is too big", fr: "le script est trop volumineux" },
  "script-empty": { en: "the script is empty", fr: "le script est vide" },
  syntax: { en: "this is no ManageSieve command", fr: "ceci n'est pas une commande ManageSieve" },
  "bare-lf": { en: "lines end with CR and LF", fr: "les lignes se terminent par CR et LF" },
  "too-many-tokens": { en: "the command has too many arguments", fr: "la commande a trop d'arguments" },
  "line-too-long": { en: "the command is too long", fr: "la commande est trop longue" },
  "literal-too-long": { en: "the literal is too long", fr: "le littéral est trop long" },
  "tls-first": { en: "start TLS first", fr: "commencez par STARTTLS" },
  "tls-already": { en: "TLS is active already", fr: "TLS est déjà actif" },
  "tls-not-here": { en: "TLS is only started before signing in", fr: "TLS ne se démarre qu'avant l'authentification" },
  "sent-before-tls": {
    en: "commands were sent together with STARTTLS",
    fr: "des commandes ont été envoyées avec STARTTLS",
  },
  "sign-in-first": { en: "sign in first", fr: "authentifiez-vous d'abord" },
  "signed-in-already": { en: "already signed in", fr: "déjà authentifié" },
  "not-signed-in": { en: "not signed in", fr: "non authentifié" },
  "no-such-mechanism": { en: "this mechanism is not offered", fr: "ce mécanisme n'est pas proposé" },
  cancelled: { en: "cancelled", fr: "annulé" },
  refused: { en: "wrong name or password", fr: "nom ou mot de passe incorrect" },
  later: { en: "cannot sign in now, try later", fr: "authentification impossible pour le moment, réessayez plus tard" },
  "too-many-failures": { en: "too many failed attempts to sign in", fr: "trop d'échecs d'authentification" },
  "too-many-faults": { en: "too many wrong commands", fr: "trop de commandes erronées" },
  "too-many-connections": { en: "too many connections, try later", fr: "trop de connexions, réessayez plus tard" },
  idle: { en: "nothing was said for too long", fr: "session inactive depuis trop longtemps" },
  stopping: { en: "the service is stopping, try later", fr: "le service s'arrête, réessayez plus tard" },
  unavailable: { en: "the scripts cannot be reached now, try later", fr: "scripts inaccessibles, réessayez plus tard" },
  bug: { en: "internal error", fr: "erreur interne" },
  "no-such-script": { en: "there is no script of that name", fr: "aucun script ne porte ce nom" },
  "is-active": {
    en: "the active script cannot be deleted",
    fr: "le script actif ne peut pas être supprimé",
  },
  "name-taken": { en: "there is a script of that name already", fr: "un script porte déjà ce nom" },
  "too-many-scripts": { en: "there are too many scripts already", fr: "il y a déjà trop de scripts" },
} as const;

export type TextName = keyof typeof texts;

/** One sentence in the language of the installation. */
export const tell = (name: TextName, language: Language): string => texts[name][language];
