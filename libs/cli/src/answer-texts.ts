import type { Text } from "@tamis/kit";

/** What commands answer, and what went wrong. */
export const answerTexts = {
  "usage.unknown-option": { en: "there is no option {name}", fr: "l'option {name} n'existe pas" },
  "usage.unknown-command": { en: "there is no command {name}", fr: "la commande {name} n'existe pas" },
  "usage.missing-argument": { en: "missing: {name}", fr: "il manque : {name}" },
  "usage.missing-value": { en: "{name} needs a value", fr: "{name} demande une valeur" },
  "usage.missing-option": { en: "{name} is required", fr: "{name} est obligatoire" },
  "usage.too-many": { en: "too many arguments", fr: "trop d'arguments" },
  "usage.see-help": { en: "see `tamis --help`", fr: "voir `tamis --help`" },
  "usage.not-a-moment": {
    en: '"{text}" is no date: write 2026-11-01, an ISO time, 90m, 12h or 3d',
    fr: "« {text} » n'est pas une date : écrivez 2026-11-01, une heure ISO, 90m, 12h ou 3d",
  },
  "usage.not-a-number": { en: '"{text}" is no number from 1 on', fr: "« {text} » n'est pas un nombre à partir de 1" },
  "usage.not-a-zone": {
    en: '"{text}" is no IANA time zone, write one like Europe/Paris',
    fr: "« {text} » n'est pas un fuseau IANA, écrivez par exemple Europe/Paris",
  },
  "usage.not-a-mail-id": {
    en: '"{text}" is no mail id; `tamis log` shows them',
    fr: "« {text} » n'est pas un identifiant de courriel ; `tamis log` les montre",
  },
  "usage.script-name": {
    en: "a script's name has 1 to 128 characters and no control characters",
    fr: "un nom de script a 1 à 128 caractères, sans caractère de contrôle",
  },
  "usage.name-or-none": { en: "give a script's name or --none", fr: "donnez un nom de script ou --none" },
  "usage.number-or-all": { en: "give numbers or --all", fr: "donnez des numéros ou --all" },
  unexpected: { en: "unexpected: {message}", fr: "imprévu : {message}" },
  interrupted: { en: "interrupted", fr: "interrompu" },

  "config.faults": { en: "the configuration cannot be used:", fr: "la configuration est inutilisable :" },
  "nats.unreachable": {
    en: "no answer from NATS at {servers}; `tamis doctor` says more",
    fr: "pas de réponse de NATS sur {servers} ; `tamis doctor` en dit plus",
  },
  "nats.lost": { en: "NATS did not answer: {message}", fr: "NATS n'a pas répondu : {message}" },
  "mailbox.nobody": {
    en: "no `mailbox` service answers for the account {account}; see `tamis status`",
    fr: "aucun service `mailbox` ne répond pour le compte {account} ; voir `tamis status`",
  },
  "mailbox.failed": {
    en: "the `mailbox` service failed on the account {account}; see its log",
    fr: "le service `mailbox` a échoué sur le compte {account} ; voir son journal",
  },
  "mailbox.refused": { en: "refused: {reason}", fr: "refusé : {reason}" },
  "account.unknown": {
    en: 'none of the {count} accounts is "{account}"',
    fr: "aucun des {count} comptes n'est « {account} »",
  },
  "file.unreadable": { en: "{file} cannot be read: {code}", fr: "{file} est illisible : {code}" },
  "file.not-utf8": { en: "{file} is not UTF-8 text", fr: "{file} n'est pas un texte UTF-8" },

  "service.unknown": {
    en: 'there is no service "{name}"; there are: {names}',
    fr: "il n'y a pas de service « {name} » ; il y a : {names}",
  },
  "up.refused": { en: "{name} refuses its configuration", fr: "{name} refuse sa configuration" },
  "up.started": { en: "{name} started (process {pid})", fr: "{name} lancé (processus {pid})" },
  "up.ended": {
    en: "{name} ended ({how}), again in {seconds} s",
    fr: "{name} s'est arrêté ({how}), relance dans {seconds} s",
  },
  "up.not-started": { en: "{name} cannot be started: {message}", fr: "{name} ne peut pas être lancé : {message}" },
  "up.stopping": { en: "stopping", fr: "arrêt en cours" },
  "up.killed": {
    en: "{name} did not end in time and was killed",
    fr: "{name} ne s'est pas arrêté à temps et a été tué",
  },
  "up.stopped": { en: "all stopped", fr: "tout est arrêté" },

  "doctor.summary-ok": { en: "checks: {count}, nothing to mend", fr: "vérifications : {count}, rien à réparer" },
  "doctor.summary-bad": { en: "checks: {count}, to mend: {bad}", fr: "vérifications : {count}, à réparer : {bad}" },
  "doctor.mend": { en: "mend: {mend}", fr: "réparer : {mend}" },
  "doctor.config-ok": { en: "{file} can be used", fr: "{file} est utilisable" },
  "doctor.service-failed": {
    en: "the doctor of {name} failed: {message}",
    fr: "le diagnostic de {name} a échoué : {message}",
  },
  "doctor.service-mend": {
    en: "run `tamis run {name}` by itself, and read what it says",
    fr: "lancez `tamis run {name}` seul et lisez ce qu'il dit",
  },
  "doctor.nats-ok": {
    en: "NATS {version} answers in {ms} ms, with JetStream",
    fr: "NATS {version} répond en {ms} ms, avec JetStream",
  },
  "doctor.nats-down": { en: "no answer from NATS at {servers}", fr: "pas de réponse de NATS sur {servers}" },
  "doctor.streams-absent": {
    en: "no stream is set up yet: the first start of the services does it",
    fr: "aucun flux n'est encore en place : le premier lancement des services s'en charge",
  },
  "doctor.nats-down-mend": {
    en: "start nats-server, or correct nats.servers in tamis.yaml",
    fr: "démarrez nats-server, ou corrigez nats.servers dans tamis.yaml",
  },
  "doctor.nats-unusable-mend": {
    en: "use nats-server 2.9.10 or later with JetStream on, and a user who may use it",
    fr: "utilisez nats-server 2.9.10 ou plus récent avec JetStream, et un utilisateur qui y a droit",
  },
  "doctor.clock-ok": {
    en: "the clock differs by {ms} ms from that of NATS",
    fr: "l'horloge diffère de {ms} ms de celle de NATS",
  },
  "doctor.clock-bad": {
    en: "the clock differs by {ms} ms from that of NATS",
    fr: "l'horloge diffère de {ms} ms de celle de NATS",
  },
  "doctor.clock-mend": {
    en: "synchronise both machines by NTP (`timedatectl set-ntp true`)",
    fr: "synchronisez les deux machines par NTP (`timedatectl set-ntp true`)",
  },
  "doctor.stream-ok": {
    en: "the stream {stream} is set up: {messages} messages, {bytes}",
    fr: "le flux {stream} est en place : {messages} messages, {bytes}",
  },
  "doctor.stream-missing": { en: "the stream {stream} does not exist", fr: "le flux {stream} n'existe pas" },
  "doctor.stream-missing-mend": {
    en: "start the services once: they create it (`tamis up`)",
    fr: "lancez les services une fois : ils le créent (`tamis up`)",
  },
  "doctor.stream-differs": {
    en: "the stream {stream} is not set up as needed: {differences}",
    fr: "le flux {stream} n'est pas réglé comme il faut : {differences}",
  },
  "doctor.stream-differs-mend": {
    en: "start the services again: they set it right; retention can only be changed by removing the stream",
    fr: "relancez les services : ils le corrigent ; la rétention ne change qu'en supprimant le flux",
  },
  "doctor.parked": { en: "parked messages: {count}", fr: "messages mis de côté : {count}" },
  "doctor.parked-mend": {
    en: "see `tamis parked list`, then replay or drop them",
    fr: "voir `tamis parked list`, puis rejouez-les ou supprimez-les",
  },
  "doctor.state-ok": { en: "state_dir {folder} can be written", fr: "state_dir {folder} est accessible en écriture" },
  "doctor.state-absent": {
    en: "state_dir {folder} will be made at the first start",
    fr: "state_dir {folder} sera créé au premier lancement",
  },
  "doctor.state-open": {
    en: "state_dir {folder} can be written by every user of this machine",
    fr: "tous les utilisateurs de cette machine peuvent écrire dans state_dir {folder}",
  },
  "doctor.state-open-mend": { en: "chmod o-w {folder}", fr: "chmod o-w {folder}" },
  "doctor.secrets-ok": {
    en: "no secret can be read by every user of this machine",
    fr: "aucun secret n'est lisible par tous les utilisateurs de cette machine",
  },

  "status.none": {
    en: "no `mailbox` instance answers: is `tamis up` running?",
    fr: "aucune instance de `mailbox` ne répond : `tamis up` tourne-t-il ?",
  },
  "status.instances": { en: "mailbox instances", fr: "instances de mailbox" },
  "status.instance": { en: "instance", fr: "instance" },
  "status.since": { en: "since", fr: "depuis" },
  "status.partitions": { en: "partitions", fr: "partitions" },
  "status.settled": { en: "settled", fr: "traités" },
  "status.last-minute": { en: "last minute", fr: "dernière minute" },
  "status.snoozed": { en: "snoozed mail", fr: "courriels remis à plus tard" },
  "status.snoozes": {
    en: "{accounts} accounts have some, the next wakes {next}; since the start {snoozed} put off, {woken} woken",
    fr: "{accounts} comptes en ont, prochain réveil {next} ; depuis le début {snoozed} remis, {woken} réveillés",
  },
  "status.accounts": { en: "accounts", fr: "comptes" },
  "status.uncovered": {
    en: "{held} of {all} partitions are held: the accounts of the others wait",
    fr: "{held} partitions sur {all} sont tenues : les comptes des autres attendent",
  },
  "status.troubled": { en: "accounts that need a person", fr: "comptes qui demandent une intervention" },
  "status.streams": { en: "streams", fr: "flux" },
  "status.stream": { en: "{messages} messages, {bytes}", fr: "{messages} messages, {bytes}" },
  "status.filter": { en: "waiting for filter", fr: "en attente de filter" },
  "status.waiting": {
    en: "{pending} not begun, {working} being worked on, {again} again",
    fr: "{pending} non commencés, {working} en cours, {again} repris",
  },
  "status.absent": { en: "not set up", fr: "pas en place" },
  "status.parked": {
    en: "parked: {count}, see `tamis parked list`",
    fr: "mis de côté : {count}, voir `tamis parked list`",
  },

  "log.none": { en: "no decision in the last two weeks", fr: "aucune décision ces deux dernières semaines" },
  "log.no-rule": { en: "no rule", fr: "aucune règle" },
  "log.woken": { en: "woken", fr: "réveillé" },
  "log.until": { en: "until {time}", fr: "jusqu'au {time}" },
  "log.undo": { en: "taken back", fr: "annulé" },
  "cause.APPEND": { en: "put into {folder}", fr: "déposé dans {folder}" },
  "cause.COPY": { en: "copied into {folder}", fr: "copié dans {folder}" },
  "cause.FLAG": { en: "flags changed in {folder}", fr: "drapeaux modifiés dans {folder}" },
  "log.line": { en: "line {line}", fr: "ligne {line}" },
  "log.dry": { en: "decided only", fr: "décidé seulement" },
  "log.pending": { en: "not applied yet", fr: "pas encore appliqué" },
  "result.kept": { en: "kept", fr: "gardé" },
  "result.moved": { en: "moved", fr: "déplacé" },
  "result.discarded": { en: "discarded", fr: "écarté" },
  "result.gone": { en: "gone", fr: "disparu" },
  "result.failed": { en: "failed", fr: "échec" },
  "result.observed": { en: "observed only", fr: "observé seulement" },
  "plan.stay": { en: "stays", fr: "reste" },
  "plan.discard": { en: "discard", fr: "écarter" },
  "plan.snoozed": {
    en: "snoozed until {until}, then {folder}",
    fr: "remis au {until}, puis {folder}",
  },
  "plan.copy": { en: "copy to {folder}", fr: "copie vers {folder}" },

  "undo.unknown": { en: "nothing is known of the mail {mail}", fr: "on ne sait rien du courriel {mail}" },
  "undo.nothing": {
    en: "the mail was not moved ({result}): nothing to undo",
    fr: "le courriel n'a pas été déplacé ({result}) : rien à annuler",
  },
  "undo.nameless": {
    en: "the server did not tell the mail's name in {folder}: move it by hand",
    fr: "le serveur n'a pas dit le nom du courriel dans {folder} : déplacez-le à la main",
  },
  "undo.done": { en: "moved back to INBOX", fr: "remis dans INBOX" },
  "sort.none": { en: "no mail to sort", fr: "aucun courriel à trier" },
  "sort.begun": { en: "mails to sort: {count}", fr: "courriels à trier : {count}" },
  "sort.done": { en: "sorted: {count} ({summary})", fr: "triés : {count} ({summary})" },
  "sort.incomplete": {
    en: "no news for {seconds} s: {seen} of {count} mails are done; the others go on in the background",
    fr: "pas de nouvelles depuis {seconds} s : {seen} courriels sur {count} sont traités ; les autres continuent en arrière-plan",
  },
  "recover.done": {
    en: "accounts catching up: {accounts}; `tamis status` shows how far they are",
    fr: "comptes en rattrapage : {accounts} ; `tamis status` montre où ils en sont",
  },
  "recover.failed": { en: "{account}: {reason}", fr: "{account} : {reason}" },

  "scripts.unanswered": {
    en: "the service `scripts`, which keeps the scripts here, does not answer: start it (tamis up), then try again",
    fr: "le service `scripts`, qui conserve ici les scripts, ne répond pas : démarrez-le (tamis up), puis réessayez",
  },
  "scripts.none": { en: "no script is stored", fr: "aucun script enregistré" },
  "scripts.none-active": {
    en: "no script is active: all mail stays in INBOX",
    fr: "aucun script actif : tout le courriel reste dans INBOX",
  },
  "scripts.missing": { en: 'there is no script "{name}"', fr: "il n'y a pas de script « {name} »" },
  "scripts.stored": { en: '"{name}" is stored', fr: "« {name} » est enregistré" },
  "scripts.stored-active": { en: '"{name}" is stored and active', fr: "« {name} » est enregistré et actif" },
  "scripts.activated": { en: '"{name}" is the active script', fr: "« {name} » est le script actif" },
  "scripts.deactivated": { en: "no script is active any more", fr: "plus aucun script n'est actif" },
  "scripts.deleted": { en: '"{name}" is deleted', fr: "« {name} » est supprimé" },
  "scripts.is-active": {
    en: '"{name}" is the active script: activate another or none first',
    fr: "« {name} » est le script actif : activez-en d'abord un autre, ou aucun",
  },
  "scripts.refused": { en: "not stored: the script has errors", fr: "pas enregistré : le script contient des erreurs" },
  "scripts.not-activated": {
    en: "not activated: the script has errors",
    fr: "pas activé : le script contient des erreurs",
  },
  "scripts.active-mark": { en: "active", fr: "actif" },
  "scripts.good": { en: "{name}: no errors", fr: "{name} : aucune erreur" },

  "check.good": { en: "no errors (scripts checked: {count})", fr: "aucune erreur (scripts vérifiés : {count})" },
  "check.bad": {
    en: "errors: {errors} (scripts checked: {count})",
    fr: "erreurs : {errors} (scripts vérifiés : {count})",
  },
  "svtest.block": {
    en: "{file}:{line}: test {number} “{name}”: {reason}",
    fr: "{file}:{line}: test {number} « {name} » : {reason}",
  },
  "svtest.file": { en: "{file}: {reason}", fr: "{file} : {reason}" },
  "svtest.skipped": { en: "{file}: skipped: {reason}", fr: "{file} : omis : {reason}" },
  "svtest.none": {
    en: "there is no test file (.svtest) in {path}",
    fr: "il n'y a pas de fichier de tests (.svtest) dans {path}",
  },
  "fmt.changes": { en: "{file} is not laid out", fr: "{file} n'est pas mis en page" },
  "fmt.written": { en: "{file}: laid out", fr: "{file} : mis en page" },
  "fmt.unwritable": { en: "{file} cannot be written: {code}", fr: "{file} ne peut pas être écrit : {code}" },
  "fmt.both": {
    en: "--check and --write cannot be given together",
    fr: "--check et --write ne peuvent pas être donnés ensemble",
  },
  "fmt.stdin": { en: "--write needs files, not -", fr: "--write demande des fichiers, pas -" },
  "sieve.actions": { en: "actions:", fr: "actions :" },
  "sieve.trace": { en: "trace:", fr: "trace :" },
  "sieve.trace-none": { en: "no test matched", fr: "aucun test satisfait" },
  "sieve.implicit": { en: "implicit", fr: "implicite" },
  "sieve.rule": { en: "rule {rule}, line {line}", fr: "règle {rule}, ligne {line}" },
  "sieve.failed": {
    en: "error: the run failed and the mail is kept: {message}",
    fr: "erreur : l'exécution a échoué et le courriel est conservé : {message}",
  },

  "parked.none": { en: "nothing is parked", fr: "rien n'est mis de côté" },
  "parked.missing": { en: "nothing is parked under {seq}", fr: "rien n'est mis de côté sous {seq}" },
  "parked.replayed": { en: "{seq} is published again", fr: "{seq} est publié de nouveau" },
  "parked.not-replayed": { en: "{seq} stays parked: {message}", fr: "{seq} reste de côté : {message}" },
  "parked.dropped": { en: "{seq} is deleted", fr: "{seq} est supprimé" },
} as const satisfies Readonly<Record<string, Text>>;
