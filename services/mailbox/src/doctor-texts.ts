import type { Remark } from "@tamis/kit";

/** What the doctor of the mailbox finds. */
export const remarks = {
  watched: { en: "{count} folders are watched", fr: "dossiers surveillés : {count}" },
  "not-watched": {
    en: "there is no folder {names} to be watched: no script runs for it",
    fr: "il n'y a pas de dossier {names} à surveiller : aucun script ne s'exécute pour lui",
    mend: {
      en: "make the folder or correct `imapsieve.folders`; a special use (\\Junk) needs a server with SPECIAL-USE",
      fr: "créer le dossier ou corriger `imapsieve.folders` ; un usage (\\Junk) demande un serveur qui a SPECIAL-USE",
    },
  },
  notify: {
    en: "the server tells of watched folders (NOTIFY, RFC 5465)",
    fr: "le serveur prévient pour les dossiers surveillés (NOTIFY, RFC 5465)",
  },
  "no-notify": {
    en: "no NOTIFY here: watched folders are looked at every {seconds} seconds",
    fr: "pas de NOTIFY ici : les dossiers surveillés sont regardés toutes les {seconds} secondes",
  },
  "no-condstore": {
    en: "the server has no CONDSTORE (RFC 7162): changes of flags start no script, new mail in watched folders does",
    fr: "le serveur n'a pas CONDSTORE (RFC 7162) : un changement de marques ne lance aucun script, un message nouveau si",
    mend: {
      en: "take FLAG out of `causes` in `imapsieve.folders`, or enable CONDSTORE on the server",
      fr: "retirer FLAG de `causes` dans `imapsieve.folders`, ou activer CONDSTORE sur le serveur",
    },
  },
  "own-imapsieve": {
    en: "the server runs scripts on IMAP events itself (IMAPSIEVE, RFC 6785): each event may run two",
    fr: "le serveur exécute lui-même des scripts sur les événements IMAP (IMAPSIEVE, RFC 6785) : chacun peut en lancer deux",
    mend: {
      en: "take the folders out of `imapsieve:`, or switch the server's own off",
      fr: "retirer les dossiers de `imapsieve:`, ou désactiver ceux du serveur",
    },
  },
  drafts: { en: "drafts are sent at their time", fr: "les brouillons sont envoyés à leur heure" },
  "drafts-no-folder": {
    en: "the account has none of the folders {names}: nothing can be moved there to be sent later",
    fr: "le compte n'a aucun des dossiers {names} : rien ne peut y être déplacé pour un envoi différé",
    mend: {
      en: "make the folder, or set `drafts.create: true`",
      fr: "créer le dossier, ou mettre `drafts.create: true`",
    },
  },
  "drafts-no-move": {
    en: "the server has no MOVE (RFC 6851): drafts are not sent later",
    fr: "le serveur n'a pas MOVE (RFC 6851) : aucun brouillon n'est envoyé en différé",
    mend: {
      en: "take `drafts:` out of tamis.yaml, or enable MOVE",
      fr: "retirer `drafts:` de tamis.yaml, ou activer MOVE",
    },
  },
  "drafts-no-outbox": {
    en: "`drafts:` is configured and `outbox:` is not: drafts stay where they are",
    fr: "`drafts:` est configuré et `outbox:` ne l'est pas : les brouillons restent où ils sont",
    mend: { en: "configure `outbox:`", fr: "configurer `outbox:`" },
  },
  "no-accounts": {
    en: "no account is configured",
    fr: "aucun compte n'est configuré",
    mend: {
      en: "name accounts under `accounts.list`, `accounts.file` or `accounts.folder` in tamis.yaml",
      fr: "indiquer des comptes sous `accounts.list`, `accounts.file` ou `accounts.folder` dans tamis.yaml",
    },
  },
  accounts: { en: "{count} accounts configured", fr: "comptes configurés : {count}" },
  "signs-in": { en: "account {account} signs in at {where}", fr: "le compte {account} s'ouvre sur {where}" },
  "auth-failed": {
    en: "{where} refuses the sign-in of account {account}: {detail}",
    fr: "{where} refuse l'authentification du compte {account} : {detail}",
    mend: {
      en: "check `imap.sign_in` (user, password, separator) or the account's own password; try the same with any mail program",
      fr: "vérifier `imap.sign_in` (user, password, separator) ou le mot de passe du compte ; essayer de même avec un logiciel de messagerie",
    },
  },
  "auth-unavailable": {
    en: "{where} cannot check passwords now: {detail}",
    fr: "{where} ne peut pas vérifier les mots de passe pour le moment : {detail}",
    mend: {
      en: "look at the mail server's authentication service; Tamis tries again by itself",
      fr: "voir le service d'authentification du serveur de messagerie ; Tamis réessaie de lui-même",
    },
  },
  "token-failed": {
    en: "no OAuth2 token for account {account}: {detail}",
    fr: "pas de jeton OAuth2 pour le compte {account} : {detail}",
    mend: {
      en: "run the command of `imap.sign_in.command` by hand with the address appended: it must print one token",
      fr: "lancer à la main la commande de `imap.sign_in.command`, suivie de l'adresse : elle doit afficher un jeton",
    },
  },
  "tls-failed": {
    en: "the certificate of {where} is not trusted ({detail})",
    fr: "le certificat de {where} n'est pas reconnu ({detail})",
    mend: {
      en: "name the issuing authority's certificate in `imap.ca_file` (PEM); `imap.verify_certificate: false` is for tests only",
      fr: "indiquer dans `imap.ca_file` (PEM) le certificat de l'autorité qui l'a émis ; `imap.verify_certificate: false` ne sert qu'aux essais",
    },
  },
  unreachable: {
    en: "no IMAP server answers at {where} ({detail})",
    fr: "aucun serveur IMAP ne répond sur {where} ({detail})",
    mend: {
      en: "check `imap.host`, `imap.port` and `imap.tls` (implicit is port 993, starttls is port 143), and the firewall between",
      fr: "vérifier `imap.host`, `imap.port` et `imap.tls` (implicit : port 993, starttls : port 143), ainsi que le pare-feu",
    },
  },
  move: { en: "the server can MOVE (RFC 6851)", fr: "le serveur connaît MOVE (RFC 6851)" },
  uidplus: {
    en: "no MOVE here: Tamis copies, then removes the original by UID EXPUNGE",
    fr: "pas de MOVE ici : Tamis copie, puis retire l'original par UID EXPUNGE",
  },
  "no-move": {
    en: "the server has neither MOVE nor UIDPLUS: Tamis will move nothing, since a bare EXPUNGE could remove its users' mail",
    fr: "le serveur n'a ni MOVE ni UIDPLUS : Tamis ne déplacera rien, car un simple EXPUNGE pourrait retirer du courrier de ses utilisateurs",
    mend: {
      en: "update the mail server, or enable MOVE (RFC 6851) or UIDPLUS (RFC 4315) on it",
      fr: "mettre à jour le serveur de messagerie, ou y activer MOVE (RFC 6851) ou UIDPLUS (RFC 4315)",
    },
  },
  idle: {
    en: "the server announces new mail (IDLE, RFC 2177)",
    fr: "le serveur annonce les nouveaux courriels (IDLE, RFC 2177)",
  },
  "no-idle": {
    en: "the server has no IDLE: new mail is seen every 30 seconds",
    fr: "le serveur n'a pas IDLE : les nouveaux courriels sont vus toutes les 30 secondes",
    mend: {
      en: "enable IDLE; on Oracle Messaging Server it needs ENS (enpd, iBiff and an ensEventKey ending in %M)",
      fr: "activer IDLE ; sur Oracle Messaging Server, il lui faut ENS (enpd, iBiff et un ensEventKey terminé par %M)",
    },
  },
  "uid-not-sticky": {
    en: "UIDs do not outlive a session here (UIDNOTSTICKY): Tamis cannot serve this account",
    fr: "les UID ne survivent pas à la session ici (UIDNOTSTICKY) : Tamis ne peut pas servir ce compte",
    mend: { en: "use a mail store with persistent UIDs", fr: "employer un stockage dont les UID sont persistants" },
  },
  "no-uidvalidity": {
    en: "the server gives no UIDVALIDITY: renumbering cannot be noticed",
    fr: "le serveur ne donne pas d'UIDVALIDITY : une renumérotation passerait inaperçue",
  },
  "no-trash": {
    en: "no folder is marked \\Trash (RFC 6154): `discard` fails and the mail stays",
    fr: "aucun dossier n'est marqué \\Trash (RFC 6154) : `discard` échoue et le courriel reste",
    mend: {
      en: "name the folder in `mailbox.trash`, or mark it on the server",
      fr: "indiquer le dossier dans `mailbox.trash`, ou le marquer sur le serveur",
    },
  },
  "receipts-answered": {
    en: "receipts that others ask for are answered here",
    fr: "les accusés que d'autres demandent sont traités ici",
  },
  "receipts-no-condstore": {
    en: "receipts are to be answered here, and the server has no CONDSTORE (RFC 7162): none will be sent",
    fr: "les accusés doivent être traités ici, et le serveur n'a pas CONDSTORE (RFC 7162) : aucun ne partira",
    mend: {
      en: "enable CONDSTORE on the server, or write `answers_receipts: program`",
      fr: "activer CONDSTORE sur le serveur, ou écrire `answers_receipts: program`",
    },
  },
  "receipts-unanswered": {
    en: "receipts are to be answered here, and nobody does: tamis.yaml has no section {sections}",
    fr: "les accusés doivent être traités ici, et personne ne le fait : tamis.yaml n'a pas de section {sections}",
    mend: {
      en: "write that section, or `answers_receipts: program`",
      fr: "écrire cette section, ou `answers_receipts: program`",
    },
  },
  roster: {
    en: "the roster of served accounts is there",
    fr: "la liste des comptes servis est là",
  },
  "no-roster": {
    en: "this installation worked before, and both its account records and its roster are lost",
    fr: "cette installation a déjà servi, et ses fiches de comptes comme sa liste de comptes sont perdues",
    mend: {
      en: "run `tamis recover --since <date of the last good day>`: mail that came since is looked at again, nothing is moved twice",
      fr: "lancer `tamis recover --since <date du dernier bon jour>` : les courriels arrivés depuis sont revus, rien n'est déplacé deux fois",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;
