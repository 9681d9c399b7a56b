import type { Remark } from "@tamis/kit";

/** `problem` names the relay's trouble as it was met. */
const relayTrouble = { en: "{where}: {problem}", fr: "{where} : {problem}" };

/** What the doctor of the outbox finds. */
export const remarks = {
  store: {
    en: "the ledger is in {kind} and answers in {ms} ms{unsynced}",
    fr: "le registre est dans {kind} et répond en {ms} ms{unsynced}",
  },
  "clocks-differ": {
    en: "our clock is {seconds} s off that of the database: mail may leave as much later than its time, and other instances take over work that is not theirs",
    fr: "notre horloge s'écarte de {seconds} s de celle de la base : le courrier peut partir d'autant plus tard, et d'autres instances reprendre un travail qui n'est pas le leur",
    mend: {
      en: "have the machines ask a time server (chrony, systemd-timesyncd)",
      fr: "mettre les machines à l'heure d'un serveur de temps (chrony, systemd-timesyncd)",
    },
  },
  "store-in-use": {
    en: "the ledger is in use by the service{unsynced}",
    fr: "le registre est ouvert par le service{unsynced}",
  },
  "store-closed": {
    en: "the ledger cannot be opened: {problem}",
    fr: "le registre ne peut pas être ouvert : {problem}",
    mend: {
      en: "see `store` in tamis.yaml, and whether PostgreSQL runs",
      fr: "voir `store` dans tamis.yaml, et si PostgreSQL tourne",
    },
  },
  "tables-restored": {
    en: "the ledger is older than what this machine knows to have left: it was restored from a backup; at its start outbox holds whatever would leave",
    fr: "le registre est plus ancien que ce que cette machine sait être parti : il a été restauré ; à son démarrage outbox retient tout ce qui partirait",
    mend: {
      en: "see `tamis circular list` and `tamis outbox list --state held`, and decide one by one",
      fr: "voir `tamis circular list` et `tamis outbox list --state held`, et décider au cas par cas",
    },
  },
  "circulars-late": {
    en: "held, as it was too late for their time: circulars {circulars}",
    fr: "retenues, car il était trop tard pour leur heure : les circulaires {circulars}",
    mend: {
      en: "`tamis circular resume` sends one after all, `tamis circular cancel` does not",
      fr: "`tamis circular resume` en envoie une malgré tout, `tamis circular cancel` y renonce",
    },
  },
  "circulars-restored": {
    en: "held, as the ledger was restored and may not know who got them: circulars {circulars}",
    fr: "retenues, car le registre a été restauré et peut ignorer qui les a reçues : les circulaires {circulars}",
    mend: {
      en: "compare `tamis circular report` with the relay's log, then resume or cancel",
      fr: "comparer `tamis circular report` au journal du relais, puis resume ou cancel",
    },
  },
  "circulars-unsealed": {
    en: "recipients without a usable certificate are held: circulars {circulars}",
    fr: "des destinataires sans certificat utilisable sont retenus : les circulaires {circulars}",
    mend: {
      en: "see `tamis circular report … --state held`, give them certificates, then `tamis circular release`",
      fr: "voir `tamis circular report … --state held`, leur donner des certificats, puis `tamis circular release`",
    },
  },
  "attachments-store": {
    en: "attachments that become links are stored in {where}: written, read and deleted",
    fr: "les pièces jointes qui deviennent des liens sont déposées dans {where} : écriture, lecture et suppression faites",
  },
  "attachments-store-fails": {
    en: "attachments that become links cannot be stored in {where}: {problem}",
    fr: "les pièces jointes qui deviennent des liens ne peuvent pas être déposées dans {where} : {problem}",
    mend: {
      en: "see outbox.circulars.attachments.store: the folder's rights, or the bucket, its region and its keys",
      fr: "voir outbox.circulars.attachments.store : les droits du dossier, ou le compartiment, sa région et ses clés",
    },
  },
  certificates: {
    en: "certificates are known for {count} addresses",
    fr: "des certificats sont connus pour {count} adresses",
  },
  "certificates-fail": {
    en: "certificates cannot be read: {problem}; secret attachments wait",
    fr: "les certificats sont illisibles : {problem} ; les pièces jointes confidentielles attendent",
    mend: { en: "see outbox.circulars.secrets.certificates", fr: "voir outbox.circulars.secrets.certificates" },
  },
  relay: {
    en: "the relay {where} answers (TLS: {tls}) and offers {offered}",
    fr: "le relais {where} répond (TLS : {tls}) et offre {offered}",
  },
  "relay-signed-in": {
    en: "the relay {where} answers after signing in (TLS: {tls}) and offers {offered}",
    fr: "le relais {where} répond après authentification (TLS : {tls}) et offre {offered}",
  },
  "no-8bitmime": {
    en: "the relay does not offer 8BITMIME: redirects of mail with 8-bit octets will be refused",
    fr: "le relais n'offre pas 8BITMIME : les transmissions de courriels à octets de 8 bits seront refusées",
    mend: { en: "turn 8BITMIME on there, or use another relay", fr: "y activer 8BITMIME, ou changer de relais" },
  },
  "relay-tls": {
    ...relayTrouble,
    mend: {
      en: "name the authority of its certificate in outbox.relay.ca_file, and the host as the certificate has it",
      fr: "indiquer l'autorité de son certificat dans outbox.relay.ca_file, et l'hôte tel que le certificat le nomme",
    },
  },
  "relay-starttls-missing": {
    ...relayTrouble,
    mend: {
      en: "use a port where it offers TLS: 587, or 465 with tls: implicit",
      fr: "employer un port où il offre TLS : 587, ou 465 avec tls: implicit",
    },
  },
  "relay-auth": {
    ...relayTrouble,
    mend: { en: "see outbox.relay.user and password", fr: "voir outbox.relay.user et password" },
  },
  "relay-auth-missing": {
    ...relayTrouble,
    mend: {
      en: "the relay must offer AUTH PLAIN or LOGIN, or take mail without user and password",
      fr: "le relais doit offrir AUTH PLAIN ou LOGIN, ou accepter le courrier sans user ni password",
    },
  },
  "relay-other": {
    ...relayTrouble,
    mend: {
      en: "see outbox.relay in tamis.yaml, and whether the relay runs",
      fr: "voir outbox.relay dans tamis.yaml, et si le relais tourne",
    },
  },
  passwords: {
    en: "the IMAP server {where} checks the passwords of those who submit mail",
    fr: "le serveur IMAP {where} vérifie les mots de passe de qui soumet un courriel",
  },
  "passwords-and-tokens": {
    en: "the IMAP server {where} checks the passwords and tokens (OAUTHBEARER) of those who submit mail",
    fr: "le serveur IMAP {where} vérifie les mots de passe et les jetons (OAUTHBEARER) de qui soumet un courriel",
  },
  "passwords-unchecked": {
    en: "nobody can submit mail: {where}: {problem}",
    fr: "personne ne peut soumettre de courriel : {where} : {problem}",
    mend: {
      en: "submission needs the sections imap and accounts, and an IMAP server that answers",
      fr: "la soumission demande les sections imap et accounts, et un serveur IMAP qui répond",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;

/** What is added where a database is not synced to the disk. */
export const unsyncedText = {
  en: "; a power cut can lose its last seconds",
  fr: " ; une coupure de courant peut en perdre les dernières secondes",
} as const;

export const noExtensions = { en: "no extensions", fr: "aucune extension" } as const;
