import type { ListedSending } from "@tamis/contracts";
import type { Language } from "./language.ts";

/** Everything that the demo says. Lines of the opening stay within 80 columns. */
export type Texts = {
  readonly usage: string;
  readonly unknownArgument: (argument: string) => string;
  readonly title: string;
  readonly starting: string;
  readonly up: (seconds: string) => string;
  readonly about: (mailboxes: number, scripts: number) => string;
  readonly clientTitle: string;
  readonly clientServer: string;
  readonly clientUser: string;
  readonly clientPassword: string;
  readonly clientOthers: string;
  readonly clientCertificate: string;
  readonly clientEnd: string;
  readonly sieveTitle: string;
  readonly sieveCertificate: string;
  readonly sieveByHand: string;
  readonly consoleTitle: string;
  readonly lookTitle: string;
  readonly lookDraft: string;
  readonly lookCircular: string;
  readonly lookRules: string;
  readonly lookLogs: string;
  readonly ending: string;
  readonly legend: string;
  readonly leavingLegend: string;
  readonly sendingKinds: Readonly<Record<ListedSending["kind"], string>>;
  readonly sendingStates: Readonly<Record<ListedSending["state"], string>>;
  readonly sendingTo: (state: string, to: string) => string;
  readonly circular: (id: string) => string;
  readonly circularStarted: (recipients: number) => string;
  readonly circularDone: (ends: string) => string;
  readonly circularRefused: (why: string) => string;
  readonly ledgerFailed: (why: string) => string;
  readonly headTime: string;
  readonly headMailbox: string;
  readonly headRule: string;
  readonly headFolder: string;
  readonly headSubject: string;
  readonly noRule: string;
  readonly noScript: string;
  readonly line: (line: number) => string;
  readonly copies: (count: number) => string;
  readonly gone: string;
  readonly failed: string;
  readonly observed: string;
  readonly totals: (
    values: Readonly<{ mails: number; own50: string; own99: string; whole50: string; whole99: string }>,
  ) => string;
  readonly delivering: (count: number) => string;
  readonly stopping: string;
  readonly stopped: string;
  readonly stoppedWithLogs: (file: string) => string;
  readonly summary: (delivered: number, settled: number) => string;
  readonly refused: (name: string, why: string) => string;
  readonly late: (count: number, seconds: number) => string;
  readonly servicesEnded: (file: string) => string;
  readonly notReady: (seconds: number, state: string, file: string) => string;
  readonly ruleFault: (count: number) => string;
  readonly outOfPlace: (values: Readonly<{ name: string; account: string; wanted: string; found: string }>) => string;
  readonly nowhere: string;
  readonly leftWrong: (values: Readonly<{ account: string; wanted: string; found: string }>) => string;
  readonly returnedWrong: (to: string, wanted: number, found: string) => string;
  readonly sendingCircular: (recipients: number) => string;
  readonly circularLate: (seconds: number) => string;
  readonly circularWrong: (address: string, state: string, copies: number) => string;
  readonly noReceipt: (address: string) => string;
  readonly notRead: (address: string) => string;
  readonly nothing: string;
  readonly puttingScript: (account: string) => string;
  readonly scriptRefused: (answer: string) => string;
  readonly inPlace: (right: number, all: number) => string;
};

const en: Texts = {
  usage: `npm start [-- OPTIONS]
  Starts NATS, Dovecot and Tamis on this machine (loopback only), with a school's
  mailboxes and rules, and sorts a stream of mail before your eyes. Ctrl-C ends it.

  --check        deliver every sample mail once, check each one's place over
                 IMAP, what left because of them, a script put by ManageSieve
                 and a circular; exit code 0 when all are in place, else 1
  --seconds N    end by itself after N seconds
  --help         this text
`,
  unknownArgument: (argument) => `unknown argument ${argument}`,
  title: "Tamis · demonstration",
  starting: "Starting NATS, Dovecot and the services …",
  up: (seconds) => `Up after ${seconds} s.`,
  about: (mailboxes, scripts) =>
    `A school's mail on this machine: ${mailboxes} mailboxes on a real Dovecot, ${scripts} of them with Sieve rules of their owner. Mail keeps coming in by LMTP; Tamis sees it by IMAP IDLE and sorts it.`,
  clientTitle: "Open a mailbox with any mail client:",
  clientServer: "IMAP",
  clientUser: "user",
  clientPassword: "password",
  clientOthers: "or any of",
  clientCertificate: "The certificate is this run's own: accept it once.",
  clientEnd: "All of it is invented and is gone at the end.",
  sieveTitle: "Change its rules with a Sieve editor, user and password as above:",
  sieveCertificate: "certificate",
  sieveByHand: "or by hand: its own CA, the commands are those of RFC 5804",
  consoleTitle: "Write circulars to the mailboxes, address and password as above:",
  lookTitle: "Look inside, from another terminal:",
  lookDraft: "what other rules would do with the mail that is there; moves nothing:",
  lookCircular: "a circular of your own, from a CSV and a letter in Markdown:",
  lookRules: "rules",
  lookLogs: "logs",
  ending: "Ctrl-C ends everything.",
  legend:
    "ms: from the server's notice of a mail to that mail in its folder. Dovecot gives notice half a second after delivery.",
  leavingLegend: "What leaves has a line of its own: why, to whom, what the relay said.",
  sendingKinds: {
    redirect: "redirect",
    reject: "rejection",
    vacation: "automatic reply",
    notify: "notice",
    submission: "submitted",
    report: "report",
  },
  sendingStates: {
    held: "held",
    scheduled: "scheduled",
    claimed: "claimed",
    begun: "begun",
    deferred: "deferred",
    accepted: "accepted",
    rejected: "refused",
    unknown: "unknown",
    expired: "expired",
    suppressed: "not sent",
    cancelled: "cancelled",
  },
  sendingTo: (state, to) => `${state}: ${to}`,
  circular: (id) => `circular ${id}`,
  circularStarted: (recipients) => `leaves for ${recipients}`,
  circularDone: (ends) => `done: ${ends}`,
  circularRefused: (why) => `the circular was not made: ${why}`,
  ledgerFailed: (why) => `what left cannot be told: ${why}`,
  headTime: "time",
  headMailbox: "mailbox",
  headRule: "rule",
  headFolder: "folder",
  headSubject: "subject",
  noRule: "(no rule)",
  noScript: "(no rules at all)",
  line: (line) => `line ${line}`,
  copies: (count) => `+${count} ${count === 1 ? "copy" : "copies"}`,
  gone: "(moved by its owner)",
  failed: "(failed, still in INBOX)",
  observed: "(only observed)",
  totals: ({ mails, own50, own99, whole50, whole99 }) =>
    `${mails} ${mails === 1 ? "mail" : "mails"} · p50 ${own50} p99 ${own99} ms · since delivery p50 ${whole50} p99 ${whole99} ms`,
  delivering: (count) => `Delivering ${count} mails by LMTP …`,
  stopping: "Stopping …",
  stopped: "Everything is stopped; nothing is left behind.",
  stoppedWithLogs: (file) => `Everything is stopped; the logs are kept: ${file}`,
  summary: (delivered, settled) => `${delivered} mails delivered, ${settled} settled.`,
  refused: (name, why) => `not accepted by the mail server: ${name}: ${why}`,
  late: (count, seconds) => `${count} ${count === 1 ? "mail was" : "mails were"} not settled within ${seconds} s`,
  servicesEnded: (file) => `a service ended; the reason is in ${file}`,
  notReady: (seconds, state, file) => `the services were not ready after ${seconds} s (${state}); see ${file}`,
  ruleFault: (count) => `${count} ${count === 1 ? "script does" : "scripts do"} not compile`,
  outOfPlace: ({ name, account, wanted, found }) =>
    `out of place: ${name} (${account}): wanted ${wanted}; found ${found}`,
  nowhere: "nowhere",
  leftWrong: ({ account, wanted, found }) => `left wrongly (${account}): wanted ${wanted}; found ${found}`,
  returnedWrong: (to, wanted, found) => `arrived wrongly at ${to}: wanted ${wanted}, once each; found ${found}`,
  sendingCircular: (recipients) => `Sending a circular to ${recipients} …`,
  circularLate: (seconds) => `the circular was not done within ${seconds} s`,
  circularWrong: (address, state, copies) =>
    `circular wrong at ${address}: wanted accepted and one copy; found ${state} and ${copies}`,
  noReceipt: (address) => `no report came back that the circular failed at ${address}, and at no other address`,
  notRead: (address) => `no receipt came back that the circular was read at ${address}, and at no other address`,
  nothing: "nothing",
  puttingScript: (account) => `Putting a script for ${account} by ManageSieve …`,
  scriptRefused: (answer) => `ManageSieve: the script was not taken: ${answer}`,
  inPlace: (right, all) => `${right} of ${all} in place`,
};

const fr: Texts = {
  usage: `npm start [-- OPTIONS]
  Démarre NATS, Dovecot et Tamis sur cette machine (boucle locale seulement), avec
  les boîtes et les règles d'un collège, et trie un flot de courriels sous vos
  yeux. Ctrl-C arrête tout.

  --check        remet une fois chaque courriel d'exemple, vérifie sa place par
                 IMAP, ce qui est parti, un script déposé par ManageSieve et une
                 circulaire ; code 0 si tout est à sa place, sinon 1
  --seconds N    finit de lui-même après N secondes
  --help         ce texte
`,
  unknownArgument: (argument) => `argument inconnu : ${argument}`,
  title: "Tamis · démonstration",
  starting: "Démarrage de NATS, de Dovecot et des services …",
  up: (seconds) => `Prêt après ${seconds} s.`,
  about: (mailboxes, scripts) =>
    `Le courrier d'un collège sur cette machine : ${mailboxes} boîtes sur un vrai Dovecot, dont ${scripts} avec les règles Sieve de leur titulaire. Le courrier arrive sans cesse par LMTP ; Tamis le voit par IMAP IDLE et le trie.`,
  clientTitle: "Ouvrir une boîte avec un logiciel de messagerie :",
  clientServer: "IMAP",
  clientUser: "compte",
  clientPassword: "mot de passe",
  clientOthers: "ou l'une de",
  clientCertificate: "Le certificat est celui de cette exécution : acceptez-le une fois.",
  clientEnd: "Tout y est inventé et disparaît à la fin.",
  sieveTitle: "Changer ses règles avec un éditeur Sieve, compte et mot de passe ci-dessus :",
  sieveCertificate: "certificat",
  sieveByHand: "ou à la main : sa propre AC, les commandes sont celles de la RFC 5804",
  consoleTitle: "Écrire des circulaires aux boîtes, adresse et mot de passe ci-dessus :",
  lookTitle: "Regarder à l'intérieur, depuis un autre terminal :",
  lookDraft: "ce que d'autres règles feraient du courriel déjà là ; ne déplace rien :",
  lookCircular: "une circulaire à vous, d'un CSV et d'une lettre en Markdown :",
  lookRules: "règles",
  lookLogs: "journaux",
  ending: "Ctrl-C arrête tout.",
  legend:
    "ms : de l'annonce d'un courriel par le serveur à son arrivée dans son dossier. Dovecot l'annonce une demi-seconde après sa remise.",
  leavingLegend: "Ce qui part a sa propre ligne : pourquoi, à qui, la réponse du relais.",
  sendingKinds: {
    redirect: "transmission",
    reject: "rejet",
    vacation: "réponse automatique",
    notify: "avis",
    submission: "envoi",
    report: "signalement",
  },
  sendingStates: {
    held: "retenu",
    scheduled: "prévu",
    claimed: "pris en charge",
    begun: "commencé",
    deferred: "différé",
    accepted: "accepté",
    rejected: "refusé",
    unknown: "inconnu",
    expired: "expiré",
    suppressed: "non envoyé",
    cancelled: "annulé",
  },
  sendingTo: (state, to) => `${state} : ${to}`,
  circular: (id) => `circulaire ${id}`,
  circularStarted: (recipients) => `part pour ${recipients} destinataires`,
  circularDone: (ends) => `terminée : ${ends}`,
  circularRefused: (why) => `la circulaire n'a pas été créée : ${why}`,
  ledgerFailed: (why) => `impossible de dire ce qui est parti : ${why}`,
  headTime: "heure",
  headMailbox: "boîte",
  headRule: "règle",
  headFolder: "dossier",
  headSubject: "objet",
  noRule: "(aucune règle)",
  noScript: "(boîte sans règles)",
  line: (line) => `ligne ${line}`,
  copies: (count) => `+${count} ${count === 1 ? "copie" : "copies"}`,
  gone: "(déplacé par son titulaire)",
  failed: "(échec, resté dans INBOX)",
  observed: "(observé seulement)",
  totals: ({ mails, own50, own99, whole50, whole99 }) =>
    `${mails} ${mails === 1 ? "courriel" : "courriels"} · p50 ${own50} p99 ${own99} ms · depuis la remise p50 ${whole50} p99 ${whole99} ms`,
  delivering: (count) => `Remise de ${count} courriels par LMTP …`,
  stopping: "Arrêt …",
  stopped: "Tout est arrêté ; il ne reste rien.",
  stoppedWithLogs: (file) => `Tout est arrêté ; les journaux sont gardés : ${file}`,
  summary: (delivered, settled) => `${delivered} courriels remis, ${settled} traités.`,
  refused: (name, why) => `refusé par le serveur : ${name} : ${why}`,
  late: (count, seconds) =>
    `${count} ${count === 1 ? "courriel n'a pas été traité" : "courriels n'ont pas été traités"} en ${seconds} s`,
  servicesEnded: (file) => `un service s'est arrêté ; la raison est dans ${file}`,
  notReady: (seconds, state, file) => `les services n'étaient pas prêts après ${seconds} s (${state}) ; voir ${file}`,
  ruleFault: (count) => `${count} ${count === 1 ? "script ne se compile pas" : "scripts ne se compilent pas"}`,
  outOfPlace: ({ name, account, wanted, found }) =>
    `mal placé : ${name} (${account}) : attendu ${wanted} ; trouvé ${found}`,
  nowhere: "nulle part",
  leftWrong: ({ account, wanted, found }) => `mal parti (${account}) : attendu ${wanted} ; trouvé ${found}`,
  returnedWrong: (to, wanted, found) => `mal arrivé chez ${to} : attendu ${wanted}, une fois chacun ; trouvé ${found}`,
  sendingCircular: (recipients) => `Envoi d'une circulaire à ${recipients} destinataires …`,
  circularLate: (seconds) => `la circulaire n'était pas terminée après ${seconds} s`,
  circularWrong: (address, state, copies) =>
    `circulaire fautive chez ${address} : attendu accepté et un exemplaire ; trouvé ${state} et ${copies}`,
  noReceipt: (address) => `aucun rapport n'est revenu de l'échec chez ${address}, et chez personne d'autre`,
  notRead: (address) => `aucun accusé de lecture n'est revenu de ${address}, et de personne d'autre`,
  nothing: "rien",
  puttingScript: (account) => `Dépôt d'un script pour ${account} par ManageSieve …`,
  scriptRefused: (answer) => `ManageSieve : le script n'a pas été accepté : ${answer}`,
  // The same words in both languages: scripts look for them.
  inPlace: (right, all) => `${right} of ${all} in place`,
};

export const textsIn = (language: Language): Texts => ({ en, fr })[language];
