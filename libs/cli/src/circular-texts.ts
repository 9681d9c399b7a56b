import type { Text } from "@tamis/kit";

/** What is said of circulars. */
export const circularTexts = {
  "circular.about": {
    en: "circulars: one mail to many, each with their own",
    fr: "les circulaires : un courriel à beaucoup de monde, à chacun le sien",
  },
  "circular.create.about": {
    en: "make one from texts and a list of recipients; nothing leaves yet",
    fr: "en prépare une à partir de textes et d'une liste de destinataires ; rien ne part encore",
  },
  "circular.preview.about": { en: "show the mail of a recipient", fr: "montre le courriel d'un destinataire" },
  "circular.test.about": {
    en: "send the mail of a recipient to somebody else",
    fr: "envoie le courriel d'un destinataire à quelqu'un d'autre",
  },
  "circular.schedule.about": { en: "say when it leaves", fr: "dit quand elle part" },
  "circular.list.about": { en: "list those of an account", fr: "énumère celles d'un compte" },
  "circular.status.about": { en: "how far it is", fr: "où elle en est" },
  "circular.withdraw.about": {
    en: "take its time back before it begins: it is a draft again",
    fr: "retire sa date avant le départ : elle redevient un brouillon",
  },
  "circular.pause.about": { en: "stop sending for now", fr: "suspend l'envoi" },
  "circular.resume.about": {
    en: "go on; one that is held leaves after all",
    fr: "reprend l'envoi ; une circulaire retenue part malgré tout",
  },
  "circular.cancel.about": {
    en: "send it to nobody any more",
    fr: "ne l'envoie plus à personne",
  },
  "circular.report.about": { en: "what became of each recipient", fr: "ce qu'il en est de chaque destinataire" },
  "circular.remind.about": {
    en: "make a reminder for those who, as far as is known, did not read one; nothing leaves yet",
    fr: "prépare un rappel pour ceux qui, autant qu'on sache, n'en ont pas lu une ; rien ne part encore",
  },
  "circular.release.about": {
    en: "write again to one of whom nobody knows whether the mail arrived",
    fr: "réécrit à un destinataire dont on ignore si le courriel est arrivé",
  },
  "circular.number": { en: "number of the circular", fr: "numéro de la circulaire" },
  "circular.recipient": {
    en: "number of the recipient, from `tamis circular report`",
    fr: "numéro du destinataire, d'après `tamis circular report`",
  },
  "circular.opt.subject": {
    en: "subject; {{prenom}} stands for the column of that name, as in the texts",
    fr: "objet ; {{prenom}} y est remplacé par la colonne de ce nom, comme dans les textes",
  },
  "circular.opt.recipients": {
    en: "CSV with a header row: a column of addresses, the others are fields",
    fr: "CSV avec une ligne de titres : une colonne d'adresses, les autres sont des champs",
  },
  "circular.opt.column": {
    en: "the column of addresses, where it is not called address, email or courriel",
    fr: "la colonne d'adresses, si elle ne s'appelle pas adresse, email ou courriel",
  },
  "circular.opt.text": { en: "file of the plain text", fr: "fichier du texte brut" },
  "circular.opt.html": { en: "file of the HTML", fr: "fichier du HTML" },
  "circular.opt.markdown": { en: "file of the Markdown, instead of HTML", fr: "fichier Markdown, à la place du HTML" },
  "circular.opt.attach": { en: "a file that goes with it (repeatable)", fr: "un fichier joint (répétable)" },
  "circular.opt.secret": {
    en: "a file that only its readers can open: S/MIME, else an encrypted archive (repeatable)",
    fr: "un fichier que seuls ses lecteurs peuvent ouvrir : S/MIME, sinon une archive chiffrée (répétable)",
  },
  "circular.opt.from": {
    en: "who writes, `Name <address>`; the account where none is given",
    fr: "qui écrit, `Nom <adresse>` ; à défaut le compte",
  },
  "circular.opt.reply-to": { en: "who is answered", fr: "à qui l'on répond" },
  "circular.opt.list-id": {
    en: "name of the list for mail programs (List-Id)",
    fr: "nom de la liste pour les logiciels de courriel (List-Id)",
  },
  "circular.opt.untracked": {
    en: "follow nobody: recipients of the same mail share transactions",
    fr: "ne suit personne : les destinataires d'un même courriel partagent les envois",
  },
  "circular.opt.receipts": {
    en: "what is to be known of each recipient: delivery, read (they are asked for a receipt), none",
    fr: "ce qu'il faut savoir de chaque destinataire : delivery (remise), read (un accusé de lecture est demandé), none (rien)",
  },
  "circular.opt.receipt": {
    en: "only those of whom this is known: displayed, failed, none … (repeatable)",
    fr: "seulement ceux dont on sait cela : displayed, failed, none … (répétable)",
  },
  "circular.opt.csv": { en: "as CSV, for a spreadsheet", fr: "en CSV, pour un tableur" },
  "circular.opt.silent": {
    en: "only those of whom nothing was heard, not even that it arrived",
    fr: "seulement ceux dont on n'a aucune nouvelle, pas même de la remise",
  },
  "circular.opt.as": {
    en: "address of the recipient; else the first",
    fr: "adresse du destinataire ; sinon le premier",
  },
  "circular.opt.to": { en: "who gets the test", fr: "qui reçoit l'essai" },
  "circular.opt.at": {
    en: "date and time on a clock there: 2026-11-30T08:00",
    fr: "date et heure d'une horloge sur place : 2026-11-30T08:00",
  },
  "circular.opt.zone": { en: "time zone of that clock (IANA)", fr: "fuseau horaire de cette horloge (IANA)" },
  "circular.opt.which": {
    en: "earlier or later, of a time that comes twice",
    fr: "earlier (la première) ou later (la seconde) d'une heure qui arrive deux fois",
  },
  "circular.opt.now": {
    en: "as soon as the time to think again is over",
    fr: "dès que le délai de réflexion est écoulé",
  },
  "circular.when": {
    en: "say when: --at 2026-11-30T08:00, or --now",
    fr: "dire quand : --at 2026-11-30T08:00, ou --now",
  },
  "circular.no-file": { en: "cannot read {file}: {problem}", fr: "lecture de {file} impossible : {problem}" },
  "circular.no-text": {
    en: "give a text: --text, --html or --markdown",
    fr: "donner un texte : --text, --html ou --markdown",
  },
  "circular.csv.not-utf8": {
    en: "{file} is not UTF-8: save it as CSV UTF-8",
    fr: "{file} n'est pas en UTF-8 : l'enregistrer en CSV UTF-8",
  },
  "circular.csv.not-csv": { en: "{file}, line {line}: {problem}", fr: "{file}, ligne {line} : {problem}" },
  "circular.csv.too-long": {
    en: "{file}, line {line}: a cell is longer than 10,000 characters",
    fr: "{file}, ligne {line} : une cellule dépasse 10 000 caractères",
  },
  "circular.csv.too-many": {
    en: "{file} is too long: at most {lines} lines, and {width} columns; or take several files",
    fr: "{file} est trop long : au plus {lines} lignes et {width} colonnes ; sinon prendre plusieurs fichiers",
  },
  "circular.csv.no-column": {
    en: "{file} has no column of addresses ({columns}): name it with --column",
    fr: "{file} n'a pas de colonne d'adresses ({columns}) : l'indiquer avec --column",
  },
  "circular.csv.column-twice": {
    en: "{file} has two columns {column}",
    fr: "{file} a deux colonnes {column}",
  },
  "circular.created": { en: "circular {id}: {count} recipients", fr: "circulaire {id} : {count} destinataires" },
  "circular.suppressed": {
    en: "{count} of them want no circulars, and get none",
    fr: "dont {count} qui ne veulent pas de circulaires, et n'en reçoivent pas",
  },
  "circular.links": {
    en: "{count} attachments became links",
    fr: "{count} pièces jointes sont devenues des liens",
  },
  "circular.secrets": {
    en: "{count} attachments leave encrypted, or not at all",
    fr: "{count} pièces jointes partent chiffrées, ou pas du tout",
  },
  "circular.password": {
    en: "password of the archive, for those without a certificate: {password}\nIt is shown now and kept nowhere: write it down, and never send it by mail. If it is lost, create the circular again.",
    fr: "mot de passe de l'archive, pour qui n'a pas de certificat : {password}\nIl n'est affiché que maintenant et n'est conservé nulle part : le noter, et ne jamais l'envoyer par courriel. S'il est perdu, recréer la circulaire.",
  },
  "circular.sealing": {
    en: "secret attachments: {smime} by S/MIME, {archive} in the archive, {nothing} held for want of a certificate",
    fr: "pièces jointes confidentielles : {smime} par S/MIME, {archive} dans l'archive, {nothing} retenus faute de certificat",
  },
  "circular.sealed.smime": { en: "encrypted (S/MIME)", fr: "chiffré (S/MIME)" },
  "circular.sealed.archive": { en: "encrypted archive", fr: "archive chiffrée" },
  "circular.sealed.nothing": { en: "not sent", fr: "pas envoyé" },
  "circular.certificate.none": { en: "no certificate", fr: "pas de certificat" },
  "circular.certificate.expired": { en: "certificate expired", fr: "certificat expiré" },
  "circular.certificate.not-yet-valid": { en: "certificate not yet valid", fr: "certificat pas encore valable" },
  "circular.certificate.wrong-purpose": { en: "certificate not for mail", fr: "certificat non prévu pour le courriel" },
  "circular.certificate.weak-key": { en: "certificate with too short a key", fr: "certificat à clé trop courte" },
  "circular.certificate.other-address": {
    en: "certificate of another address",
    fr: "certificat d'une autre adresse",
  },
  "circular.certificate.unreadable": { en: "unreadable certificate", fr: "certificat illisible" },
  "circular.fault.invalid": { en: "line {line}: no address", fr: "ligne {line} : ce n'est pas une adresse" },
  "circular.fault.double": {
    en: "line {line}: an address that was there before",
    fr: "ligne {line} : une adresse déjà vue",
  },
  "circular.fault.fields": {
    en: "line {line}: nothing for {missing}",
    fr: "ligne {line} : rien pour {missing}",
  },
  "circular.faults": {
    en: "{count} lines were left out",
    fr: "{count} lignes ont été laissées de côté",
  },
  "circular.previewed": {
    en: "to {address}; {size} each, {recipients} recipients",
    fr: "à {address} ; {size} chacun, {recipients} destinataires",
  },
  "circular.tested": { en: "the test is on its way to {to}", fr: "l'essai part vers {to}" },
  "circular.scheduled": {
    en: "leaves {time} for {recipients} recipients, {size} each; until {undo} `tamis circular cancel {id}` stops all of it",
    fr: "part le {time} vers {recipients} destinataires, {size} chacun ; jusqu'au {undo}, `tamis circular cancel {id}` arrête tout",
  },
  "circular.none": { en: "no circular", fr: "aucune circulaire" },
  "circular.of": { en: "{count} recipients", fr: "{count} destinataires" },
  "circular.due": { en: "for {time}", fr: "pour le {time}" },
  "circular.left": {
    en: "{left} had left or were leaving by then",
    fr: "{left} étaient partis ou partaient à ce moment",
  },
  "circular.released": { en: "{id} will be written to again", fr: "{id} recevra un nouvel envoi" },
  "circular.receipts": { en: "of {count} whom it reached:", fr: "des {count} qu'elle a atteints :" },
  "circular.not-followed": {
    en: "of circular {id} nobody was followed: it is not known who read it",
    fr: "personne n'a été suivi pour la circulaire {id} : on ignore qui l'a lue",
  },
  "circular.nobody-to-remind": { en: "there is nobody to remind", fr: "il n'y a personne à relancer" },
  "circular.no-subject": {
    en: "give a subject too: --subject",
    fr: "donner aussi un objet : --subject",
  },
  "circular.reminder": {
    en: "look at it with `tamis circular preview {id}`, send it with `tamis circular schedule {id}`",
    fr: "la regarder avec `tamis circular preview {id}`, l'envoyer avec `tamis circular schedule {id}`",
  },
  "circular.column.number": { en: "number", fr: "numéro" },
  "circular.column.address": { en: "address", fr: "adresse" },
  "circular.column.name": { en: "name", fr: "nom" },
  "circular.column.sending": { en: "sending", fr: "envoi" },
  "circular.column.since": { en: "sending since", fr: "envoi depuis" },
  "circular.column.reply": { en: "reply", fr: "réponse du serveur" },
  "circular.column.receipt": { en: "receipt", fr: "accusé" },
  "circular.column.receipt-since": { en: "receipt since", fr: "accusé depuis" },
  "circular.column.status": { en: "status", fr: "code" },
  "circular.column.meaning": { en: "meaning", fr: "signification" },
  "circular.column.auto-reply": { en: "automatic reply", fr: "réponse automatique" },
  "circular.column.complaint": { en: "complaint", fr: "plainte" },
  "circular.column.unverified": { en: "unverified reports", fr: "rapports non vérifiés" },
  "circular.column.message-id": { en: "Message-ID", fr: "Message-ID" },
  "circular.state.draft": { en: "draft", fr: "brouillon" },
  "circular.state.scheduled": { en: "scheduled", fr: "programmée" },
  "circular.state.started": { en: "leaving", fr: "en cours d'envoi" },
  "circular.state.paused": { en: "paused", fr: "suspendue" },
  "circular.state.done": { en: "done", fr: "terminée" },
  "circular.state.cancelled": { en: "cancelled", fr: "annulée" },
  "circular.state.held": { en: "held", fr: "retenue" },
  "circular.held.late": {
    en: "it was too late for its time: `tamis circular resume {id}` sends it, `cancel` does not",
    fr: "il était trop tard pour son heure : `tamis circular resume {id}` l'envoie, `cancel` y renonce",
  },
  "circular.held.recipients": {
    en: "held recipients have no usable certificate: see `tamis circular report {id} --state held`; once they have one, `tamis circular release {id} <recipient>`",
    fr: "les destinataires retenus n'ont pas de certificat utilisable : voir `tamis circular report {id} --state held` ; dès qu'ils en ont un, `tamis circular release {id} <destinataire>`",
  },
  "circular.held.restored": {
    en: "the database was restored and may not know who got it: see its report, then `tamis circular resume {id}` or `cancel`",
    fr: "la base a été restaurée et peut ignorer qui l'a reçue : voir son rapport, puis `tamis circular resume {id}` ou `cancel`",
  },
} as const satisfies Readonly<Record<string, Text>>;
