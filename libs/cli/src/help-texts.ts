import type { Text } from "@tamis/kit";

/** What `--help` says. */
export const helpTexts = {
  about: {
    en: "Server-side mail rules beside your IMAP server",
    fr: "Règles de courriel côté serveur, à côté de votre serveur IMAP",
  },
  "title.Usage:": { en: "Usage:", fr: "Utilisation :" },
  "title.Arguments:": { en: "Arguments:", fr: "Arguments :" },
  "title.Options:": { en: "Options:", fr: "Options :" },
  "title.Commands:": { en: "Commands:", fr: "Commandes :" },
  "title.Examples:": { en: "Examples:", fr: "Exemples :" },
  "title.ExitCodes:": { en: "Exit codes:", fr: "Codes de sortie :" },
  "exit.ok": { en: "done, nothing to report", fr: "fait, rien à signaler" },
  "exit.failed": { en: "errors found, or the command failed", fr: "erreurs trouvées, ou échec de la commande" },
  "exit.usage": { en: "wrong usage", fr: "mauvais usage" },
  "exit.unreachable": {
    en: "NATS or the service behind it cannot be reached",
    fr: "NATS ou le service derrière lui est injoignable",
  },

  "opt.help": { en: "show this help", fr: "affiche cette aide" },
  "opt.version": { en: "show the version", fr: "affiche la version" },
  "opt.config": {
    en: "configuration file (default: TAMIS_CONFIG, else ./tamis.yaml)",
    fr: "fichier de configuration (par défaut : TAMIS_CONFIG, sinon ./tamis.yaml)",
  },
  "opt.json": { en: "answer in JSON", fr: "répond en JSON" },
  "opt.json-lines": { en: "answer in JSON, one object a line", fr: "répond en JSON, un objet par ligne" },
  "opt.separator": {
    en: "of CSV: `comma`, or `semicolon` as French spreadsheets take it, with their mark of UTF-8",
    fr: "du CSV : `semicolon` (point-virgule et marque UTF-8, comme l'attendent les tableurs français), ou `comma` (virgule)",
  },
  "opt.account": { en: "address or id of the account", fr: "adresse ou identifiant du compte" },
  "opt.since": {
    en: "only mail received since: 2026-11-01, an ISO time, 12h, 3d",
    fr: "seulement le courriel reçu depuis : 2026-11-01, une heure ISO, 12h, 3d",
  },
  "opt.envelope-from": {
    en: "envelope sender; empty for the null reverse-path",
    fr: "expéditeur d'enveloppe ; vide pour le chemin de retour nul",
  },
  "opt.envelope-to": { en: "envelope recipient", fr: "destinataire d'enveloppe" },
  "opt.now": { en: "time of the run (ISO 8601)", fr: "heure de l'exécution (ISO 8601)" },
  "opt.time-zone": { en: "IANA time zone of the owner", fr: "fuseau horaire IANA du propriétaire" },
  "opt.flag": {
    en: "an IMAP flag that the mail has (repeatable)",
    fr: "un drapeau IMAP que porte le courriel (répétable)",
  },
  "opt.mailbox": { en: "a folder that exists (repeatable)", fr: "un dossier qui existe (répétable)" },

  "up.about": {
    en: "run all services, restart those that end",
    fr: "lance tous les services et relance ceux qui s'arrêtent",
  },
  "run.about": { en: "run one service in the foreground", fr: "lance un service au premier plan" },
  "doctor.about": {
    en: "check configuration, NATS, IMAP, clock and permissions; say what to mend",
    fr: "vérifie la configuration, NATS, IMAP, l'horloge et les droits ; dit que réparer",
  },
  "status.about": {
    en: "accounts by state, throughput, lag, streams, parked messages",
    fr: "comptes par état, débit, retard, flux, messages mis de côté",
  },
  "log.about": {
    en: "last decisions: which rule, which folder",
    fr: "dernières décisions : quelle règle, quel dossier",
  },
  "log.limit": { en: "how many mails", fr: "combien de courriels" },
  "log.trace": { en: "also show the tests that matched", fr: "montre aussi les tests satisfaits" },
  "log.follow": { en: "go on with new ones until interrupted", fr: "continue avec les nouveaux jusqu'à interruption" },
  "undo.about": {
    en: "move a mail back to INBOX and leave it there",
    fr: "remet un courriel dans INBOX et l'y laisse",
  },
  "sort.about": {
    en: "apply the active script to mail already in INBOX",
    fr: "applique le script actif au courriel déjà dans INBOX",
  },
  "sort.dry": { en: "decide and show, move nothing", fr: "décide et montre, ne déplace rien" },
  "sort.timeout": {
    en: "give up after so many seconds without news",
    fr: "abandonne après tant de secondes sans nouvelles",
  },
  "recover.about": {
    en: "after the loss of NATS's data: catch up from a date",
    fr: "après la perte des données de NATS : rattrape depuis une date",
  },
  "recover.account": { en: "only this account (address or id)", fr: "seulement ce compte (adresse ou identifiant)" },
  "scripts.about": { en: "the Sieve scripts of an account", fr: "les scripts Sieve d'un compte" },
  "scripts.list.about": { en: "list them", fr: "les énumère" },
  "scripts.get.about": { en: "print one", fr: "en affiche un" },
  "scripts.put.about": {
    en: "check and store one; `-` reads standard input",
    fr: "en vérifie et enregistre un ; `-` lit l'entrée standard",
  },
  "scripts.put.activate": { en: "make it the active one", fr: "en fait le script actif" },
  "scripts.check.about": {
    en: "compile stored scripts, all of them without a name",
    fr: "compile les scripts enregistrés, tous si aucun nom n'est donné",
  },
  "scripts.activate.about": { en: "make one the active script", fr: "en fait le script actif" },
  "scripts.activate.none": {
    en: "no script is active any more: all mail stays",
    fr: "plus aucun script actif : tout le courriel reste",
  },
  "scripts.delete.about": { en: "delete one that is not active", fr: "en supprime un qui n'est pas actif" },
  "scripts.name": { en: "name of the script", fr: "nom du script" },
  "file.script": { en: "Sieve script; `-` is standard input", fr: "script Sieve ; `-` est l'entrée standard" },
  "file.message": { en: "a mail as RFC 5322 text (.eml)", fr: "un courriel au format RFC 5322 (.eml)" },
  "sieve.about": {
    en: "check and try Sieve scripts, without any server",
    fr: "vérifie et essaie des scripts Sieve, sans serveur",
  },
  "sieve.check.about": { en: "show every error of Sieve scripts", fr: "montre toutes les erreurs de scripts Sieve" },
  "sieve.run.about": {
    en: "run a script on a mail: actions and trace",
    fr: "exécute un script sur un courriel : actions et trace",
  },
  "sieve.svtest.about": {
    en: "run test files written in Sieve (.svtest), alone or in folders",
    fr: "exécute des fichiers de tests écrits en Sieve (.svtest), seuls ou dans des dossiers",
  },
  "sieve.fmt.about": {
    en: "lay scripts out: to standard output, or see --write and --check",
    fr: "met des scripts en page : sur la sortie standard, ou voir --write et --check",
  },
  "sieve.fmt.check": {
    en: "change nothing, name the files that would change",
    fr: "ne change rien, nomme les fichiers qui changeraient",
  },
  "sieve.fmt.write": { en: "change the files", fr: "modifie les fichiers" },
  "file.svtest": { en: "test file, or folder of them", fr: "fichier de tests, ou dossier" },
  "opt.programs": {
    en: "let pipe, filter and execute run programs from folders below that of the test file",
    fr: "laisse pipe, filter et execute lancer des programmes des dossiers sous celui du fichier de tests",
  },
  "opt.known-mailbox": {
    en: "a folder that exists (repeatable): warn of others that rules file into",
    fr: "un dossier qui existe (répétable) : avertit de ceux où l'on classe et qui n'existent pas",
  },
  "opt.check-account": {
    en: "check as this account would be told: what it may require, which folders it has (asks NATS)",
    fr: "vérifie comme pour ce compte : ce qu'il peut demander par require, ses dossiers (interroge NATS)",
  },
  "parked.about": { en: "messages that could not be processed", fr: "messages qui n'ont pas pu être traités" },
  "parked.list.about": { en: "list them with their reasons", fr: "les énumère avec leurs raisons" },
  "parked.show.about": { en: "show one", fr: "en montre un" },
  "parked.replay.about": { en: "publish them again", fr: "les publie de nouveau" },
  "parked.drop.about": { en: "delete them for good", fr: "les supprime définitivement" },
  "parked.number": { en: "number, from `tamis parked list`", fr: "numéro, d'après `tamis parked list`" },
  "parked.all": { en: "all of them", fr: "tous" },
} as const satisfies Readonly<Record<string, Text>>;
