import type { ExtensionAbility } from "./ability.ts";
import { type Entry, entry } from "./message-entry.ts";

const en = (why: string): string => `“{name}” is not offered here: ${why}`;
const fr = (why: string): string => `« {name} » n'est pas proposé ici : ${why}`;

/** Why `require` is refused: the code of a missing ability is `without-` and its name. */
const refusals: { readonly [A in ExtensionAbility as `without-${A}`]: Entry } = {
  "without-send": entry(
    [
      en("this installation sends no mail (no `outbox:` in tamis.yaml)"),
      "remove what needs it, or ask the administrator to set up sending",
    ],
    [
      fr("cette installation n'envoie pas de courriel (pas de `outbox:` dans tamis.yaml)"),
      "supprimez ce qui en dépend ou demandez à l'administrateur de mettre l'envoi en place",
    ],
  ),
  "without-envelope-sender": entry(
    [
      en("who sent a mail is not known for certain, so nobody can be answered"),
      "remove what needs it, or ask the administrator whether the server writes Return-Path (`filter.envelope.from`)",
    ],
    [
      fr("on ne sait pas avec certitude qui a envoyé un message, donc à qui répondre"),
      "supprimez ce qui en dépend ou demandez à l'administrateur si le serveur écrit Return-Path (`filter.envelope.from`)",
    ],
  ),
  "without-authentication": entry(
    [
      en(
        "no server's word is taken that a mail comes from its sender, so nothing is sent back (no `filter.authentication`)",
      ),
      "file or discard the mail, or ask the administrator which server checks SPF and DMARC",
    ],
    [
      fr(
        "aucun serveur n'est cru quand il atteste l'expéditeur, donc rien n'est renvoyé (pas de `filter.authentication`)",
      ),
      "classez ou supprimez le message, ou demandez à l'administrateur quel serveur vérifie SPF et DMARC",
    ],
  ),
  "without-memory": entry(
    [en("nothing is remembered from one mail to the next"), "remove what needs it"],
    [fr("rien n'est retenu d'un message à l'autre"), "supprimez ce qui en dépend"],
  ),
  "without-file-copies": entry(
    [en("copies of what is sent cannot be stored yet"), "remove :fcc"],
    [fr("les copies de ce qui est envoyé ne peuvent pas encore être rangées"), "supprimez :fcc"],
  ),
  "without-rewrite": entry(
    [
      en("the mail server offers no safe way to exchange a mail for its changed copy (no UIDPLUS)"),
      "remove what changes the mail",
    ],
    [
      fr(
        "le serveur de messagerie ne permet pas de remplacer sans risque un message par sa copie modifiée (pas d'UIDPLUS)",
      ),
      "supprimez ce qui modifie le message",
    ],
  ),
  "without-special-use": entry(
    [en("the mail server does not tell what folders are for (no SPECIAL-USE)"), "name the folder itself"],
    [fr("le serveur de messagerie ne dit pas à quoi servent les dossiers (pas de SPECIAL-USE)"), "nommez le dossier"],
  ),
  "without-objectid": entry(
    [en("folders have no ids on the mail server (no OBJECTID)"), "name the folder itself"],
    [
      fr("les dossiers n'ont pas d'identifiant sur le serveur de messagerie (pas d'OBJECTID)"),
      "nommez le dossier lui-même",
    ],
  ),
  "without-metadata": entry(
    [en("the mail server keeps no annotations of folders (no METADATA)"), "remove the tests on annotations"],
    [
      fr("le serveur de messagerie ne conserve pas d'annotations de dossiers (pas de METADATA)"),
      "supprimez les tests d'annotations",
    ],
  ),
  "without-server-metadata": entry(
    [en("the mail server keeps no annotations of its own (no METADATA)"), "remove the tests on annotations"],
    [
      fr("le serveur de messagerie ne conserve pas d'annotations propres (pas de METADATA)"),
      "supprimez les tests d'annotations",
    ],
  ),
  "without-verdict": entry(
    [
      en("no verdict on spam is read from the mail (no `filter.verdict` in tamis.yaml)"),
      "test the header that your spam filter writes, or ask the administrator to declare it",
    ],
    [
      fr("aucun verdict d'anti-spam n'est lu dans le message (pas de `filter.verdict` dans tamis.yaml)"),
      "testez l'en-tête qu'écrit votre anti-spam ou demandez à l'administrateur de le déclarer",
    ],
  ),
  "without-virus-verdict": entry(
    [
      en("no verdict on viruses is read from the mail (no `virus` in `filter.verdict` of tamis.yaml)"),
      "test the header that your virus scanner writes, or ask the administrator to declare it",
    ],
    [
      fr("aucun verdict d'antivirus n'est lu dans le message (pas de `virus` dans `filter.verdict` de tamis.yaml)"),
      "testez l'en-tête qu'écrit votre antivirus ou demandez à l'administrateur de le déclarer",
    ],
  ),
  "without-lists": entry(
    [en("no external lists are set up"), "write the addresses into the script"],
    [fr("aucune liste externe n'est en place"), "écrivez les adresses dans le script"],
  ),
  "without-other-scripts": entry(
    [en("scripts cannot include others"), "put everything into one script"],
    [fr("les scripts ne peuvent pas en inclure d'autres"), "réunissez tout en un seul script"],
  ),
  "without-programs": entry(
    [
      en("no programs are run for the scripts of this account"),
      "ask your administrator, who sets `programs:` in tamis.yaml, or remove what needs it",
    ],
    [
      fr("aucun programme n'est lancé pour les scripts de ce compte"),
      "demandez à votre administrateur, qui règle `programs:` dans tamis.yaml, ou supprimez ce qui en dépend",
    ],
  ),
  "without-program-filters": entry(
    [en("a mail cannot be exchanged for what a program made of it yet"), "use `execute`, or remove what needs it"],
    [
      fr("un message ne peut pas encore être remplacé par ce qu'un programme en a fait"),
      "utilisez `execute`, ou supprimez ce qui en dépend",
    ],
  ),
  "without-snooze": entry(
    [
      en(
        "the mail server of this account cannot put mail off: it has no MOVE (RFC 6851), or INBOX takes no new keywords",
      ),
      "remove what needs it, or file the mail into a folder",
    ],
    [
      fr(
        "le serveur de courriel de ce compte ne permet pas de remettre un message à plus tard : il n'a pas MOVE (RFC 6851), ou INBOX n'accepte pas de nouveaux mots-clés",
      ),
      "supprimez ce qui en dépend ou classez le message dans un dossier",
    ],
  ),
  "without-calendar": entry(
    [en("there is no calendar that scripts could change"), "remove what needs it"],
    [fr("il n'y a pas d'agenda que les scripts pourraient modifier"), "supprimez ce qui en dépend"],
  ),
  "without-delivery": entry(
    [
      en("this script runs when mail that is there is stored or changed over IMAP"),
      "remove it: nobody is answered then",
    ],
    [
      fr("ce script s'exécute quand un message déjà reçu est déposé ou modifié par IMAP"),
      "supprimez-le : on ne répond alors à personne",
    ],
  ),
  "without-imap-events": entry(
    [
      en("scripts of this account run for new mail only, not for changes over IMAP"),
      "ask your administrator, who sets `imapsieve:` in tamis.yaml, or remove what needs it",
    ],
    [
      fr("les scripts de ce compte ne s'exécutent que pour le nouveau courrier, pas pour les changements par IMAP"),
      "demandez à votre administrateur, qui règle `imapsieve:` dans tamis.yaml, ou supprimez-le",
    ],
  ),
};

/** About what cannot be carried out or known where the script is to run. */
export const abilityMessages: Readonly<Record<string, Entry>> = {
  ...refusals,
  "redirect-without-send": entry(
    [
      "this installation sends no mail (no `outbox:` in tamis.yaml): nothing is redirected, and the mail is kept",
      "remove it, or ask the administrator to set up sending",
    ],
    [
      "cette installation n'envoie pas de courriel (pas de `outbox:` dans tamis.yaml) : rien n'est transmis et le message est conservé",
      "supprimez-le ou demandez à l'administrateur de mettre l'envoi en place",
    ],
  ),
  "keyword-not-kept": entry(
    [
      "the mail server keeps no keywords: “{flag}” is not set",
      "use a flag like \\\\Flagged, or file the mail into a folder",
    ],
    [
      "le serveur de messagerie ne conserve pas de mots-clés : « {flag} » ne sera pas posé",
      "employez un drapeau comme \\\\Flagged ou classez le message dans un dossier",
    ],
  ),
  "envelope-sender-unknown": entry(
    [
      "the envelope's sender is not known here: this test is never true",
      'write address "from", or ask the administrator whether the server writes Return-Path (`filter.envelope.from`)',
    ],
    [
      "l'expéditeur de l'enveloppe n'est pas connu ici : ce test n'est jamais vrai",
      'écrivez address "from" ou demandez à l\'administrateur si le serveur écrit Return-Path (`filter.envelope.from`)',
    ],
  ),
  "envelope-part-unknown": entry(
    ["after delivery nobody knows “{part}” of the envelope: this test is never true", "remove it"],
    ["après la remise, personne ne connaît « {part} » de l'enveloppe : ce test n'est jamais vrai", "supprimez-le"],
  ),
};
