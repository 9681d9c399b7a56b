import type { Text } from "@tamis/kit";

/** What the subject and detail of an enhanced status code mean (RFC 3463 §3, RFC 4865 §5.1, RFC 7372, RFC 7505 §4). */
export const details = {
  "1.0": { en: "a problem with the address", fr: "un problème avec l'adresse" },
  "1.1": { en: "there is no such mailbox", fr: "cette boîte aux lettres n'existe pas" },
  "1.2": { en: "there is no such domain", fr: "ce domaine n'existe pas" },
  "1.3": { en: "the address is written wrongly", fr: "l'adresse est mal écrite" },
  "1.4": { en: "the address stands for several mailboxes", fr: "l'adresse désigne plusieurs boîtes" },
  "1.5": { en: "the address is valid", fr: "l'adresse est valide" },
  "1.6": { en: "the mailbox has moved", fr: "la boîte a changé d'adresse" },
  "1.7": { en: "the sender's address is written wrongly", fr: "l'adresse de l'expéditeur est mal écrite" },
  "1.8": { en: "the sender's domain does not exist", fr: "le domaine de l'expéditeur n'existe pas" },
  "1.10": { en: "the domain takes no mail", fr: "ce domaine ne reçoit pas de courriel" },
  "2.0": { en: "a problem with the mailbox", fr: "un problème avec la boîte aux lettres" },
  "2.1": { en: "the mailbox is closed", fr: "la boîte aux lettres est fermée" },
  "2.2": { en: "the mailbox is full", fr: "la boîte aux lettres est pleine" },
  "2.3": { en: "the mail is too long for this mailbox", fr: "le courriel est trop long pour cette boîte" },
  "2.4": { en: "the mailing list could not be expanded", fr: "la liste de diffusion n'a pas pu être développée" },
  "3.0": { en: "a problem with the receiving system", fr: "un problème du système destinataire" },
  "3.1": { en: "the receiving system is full", fr: "le système destinataire est plein" },
  "3.2": {
    en: "the receiving system takes no mail now",
    fr: "le système destinataire n'accepte pas de courriel en ce moment",
  },
  "3.3": {
    en: "the receiving system cannot do what was asked",
    fr: "le système destinataire ne sait pas faire ce qui est demandé",
  },
  "3.4": {
    en: "the mail is too long for the receiving system",
    fr: "le courriel est trop long pour le système destinataire",
  },
  "3.5": { en: "the receiving system is configured wrongly", fr: "le système destinataire est mal configuré" },
  "4.0": { en: "a problem of the network", fr: "un problème de réseau" },
  "4.1": { en: "the server does not answer", fr: "le serveur ne répond pas" },
  "4.2": { en: "the connection broke", fr: "la connexion a été rompue" },
  "4.3": { en: "the directory of servers does not answer", fr: "l'annuaire des serveurs ne répond pas" },
  "4.4": { en: "no way leads to the server", fr: "aucune route ne mène au serveur" },
  "4.5": { en: "the server is overloaded", fr: "le serveur est surchargé" },
  "4.6": { en: "the mail goes in circles", fr: "le courriel tourne en rond" },
  "4.7": { en: "it was tried for too long", fr: "le délai d'acheminement est dépassé" },
  "5.0": { en: "a problem of the protocol", fr: "un problème de protocole" },
  "5.1": { en: "the server does not know the command", fr: "le serveur ne connaît pas la commande" },
  "5.2": { en: "the server does not understand the command", fr: "le serveur ne comprend pas la commande" },
  "5.3": { en: "too many recipients at once", fr: "trop de destinataires à la fois" },
  "5.4": { en: "the command has wrong parameters", fr: "la commande a de mauvais paramètres" },
  "5.5": { en: "the server speaks another version", fr: "le serveur parle une autre version" },
  "6.0": { en: "a problem with the content", fr: "un problème avec le contenu" },
  "6.1": { en: "this kind of content is not taken", fr: "ce type de contenu n'est pas accepté" },
  "6.2": { en: "the content must not be converted", fr: "la conversion du contenu est interdite" },
  "6.3": { en: "the content cannot be converted", fr: "le contenu ne peut pas être converti" },
  "6.4": { en: "the content was converted with losses", fr: "le contenu a été converti avec des pertes" },
  "6.5": { en: "the conversion of the content failed", fr: "la conversion du contenu a échoué" },
  "7.0": { en: "refused for reasons of security", fr: "refusé pour des raisons de sécurité" },
  "7.1": {
    en: "the recipient or the server does not take this mail",
    fr: "le destinataire ou le serveur refuse ce courriel",
  },
  "7.2": { en: "the sender may not write to this list", fr: "l'expéditeur ne peut pas écrire à cette liste" },
  "7.3": { en: "the conversion that is needed is not secure", fr: "la conversion nécessaire n'est pas sûre" },
  "7.4": { en: "security that is asked for is not to be had", fr: "la sécurité demandée n'est pas disponible" },
  "7.5": { en: "encryption failed", fr: "le chiffrement a échoué" },
  "7.6": { en: "the algorithm is not known", fr: "l'algorithme n'est pas connu" },
  "7.7": { en: "the mail was changed on its way", fr: "le courriel a été modifié en route" },
  "7.20": { en: "no DKIM signature passed", fr: "aucune signature DKIM n'est valide" },
  "7.23": { en: "SPF does not allow the server that sent it", fr: "SPF n'autorise pas le serveur d'envoi" },
  "7.25": {
    en: "the name of the server that sent it cannot be checked",
    fr: "le nom du serveur d'envoi n'est pas vérifiable",
  },
} as const satisfies Readonly<Record<string, Text>>;

/**
 * QUIRK: Microsoft 365 answers 5.4.1 and 5.1.10 for addresses that do not exist, where RFC 3463 §3.5 means a host that is silent, and RFC 7505 §4 a
 * domain without mail.
 */
export const ambiguous = {
  "5.4.1": {
    en: "there is no such mailbox, or its server does not answer",
    fr: "cette boîte aux lettres n'existe pas, ou son serveur ne répond pas",
  },
  "5.1.10": {
    en: "there is no such mailbox, or its domain takes no mail",
    fr: "cette boîte aux lettres n'existe pas, ou son domaine ne reçoit pas de courriel",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** By its first digit (RFC 3463 §3.1), where the rest says nothing. */
export const classes = {
  "2": { en: "done", fr: "remis" },
  "4": { en: "not yet possible", fr: "pas encore possible" },
  "5": { en: "not possible", fr: "impossible" },
} as const satisfies Readonly<Record<string, Text>>;
