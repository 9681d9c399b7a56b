import type { Extension } from "../extension.ts";
import { baseActions } from "./base-actions.ts";
import { baseAddressParts } from "./base-address-parts.ts";
import { baseComparison } from "./base-comparison.ts";
import { baseControl } from "./base-control.ts";
import { baseLogic } from "./base-logic.ts";
import { baseTests } from "./base-tests.ts";
import { bodyExtension } from "./body.ts";
import { comparatorAsciiNumeric } from "./comparator-i-ascii-numeric.ts";
import { convertExtension } from "./convert.ts";
import { copy } from "./copy.ts";
import { dateExtension } from "./date.ts";
import { duplicateExtension } from "./duplicate.ts";
import { editheaderExtension } from "./editheader.ts";
import { encloseExtension } from "./enclose.ts";
import { encodedCharacter } from "./encoded-character.ts";
import { enotify } from "./enotify.ts";
import { envelopeExtension } from "./envelope.ts";
import { environmentExtension } from "./environment.ts";
import { erejectExtension } from "./ereject.ts";
import { fccExtension } from "./fcc.ts";
import { extracttextExtension } from "./extracttext.ts";
import { fileintoExtension } from "./fileinto.ts";
import { foreverypartExtension } from "./foreverypart.ts";
import { ihaveExtension } from "./ihave.ts";
import { imap4flags } from "./imap4flags.ts";
import { imapsieve } from "./imapsieve.ts";
import { includeExtension } from "./include.ts";
import { indexExtension } from "./index-extension.ts";
import { mailbox } from "./mailbox.ts";
import { mailboxId } from "./mailboxid.ts";
import { mboxmetadata } from "./mboxmetadata.ts";
import { processcalendarExtension } from "./processcalendar.ts";
import { mime } from "./mime.ts";
import { regexExtension } from "./regex.ts";
import { rejectExtension } from "./reject.ts";
import { relational } from "./relational.ts";
import { servermetadataExtension } from "./servermetadata.ts";
import { snoozeExtension } from "./snooze.ts";
import { specialUseExtension } from "./special-use.ts";
import { replaceExtension } from "./replace.ts";
import { subaddress } from "./subaddress.ts";
import { vacationExtension } from "./vacation.ts";
import { vacationSeconds } from "./vacation-seconds.ts";
import { variables } from "./variables.ts";

/** The language: every part once; the order is that of `capabilities()`. */
export const extensions: readonly Extension[] = [
  baseControl,
  baseLogic,
  baseComparison,
  baseAddressParts,
  baseTests,
  baseActions,
  fileintoExtension,
  envelopeExtension,
  encodedCharacter,
  copy,
  bodyExtension,
  variables,
  relational,
  comparatorAsciiNumeric,
  subaddress,
  imap4flags,
  mailbox,
  dateExtension,
  indexExtension,
  environmentExtension,
  ihaveExtension,
  vacationExtension,
  vacationSeconds,
  rejectExtension,
  erejectExtension,
  enotify,
  includeExtension,
  duplicateExtension,
  editheaderExtension,
  specialUseExtension,
  mailboxId,
  fccExtension,
  mboxmetadata,
  servermetadataExtension,
  snoozeExtension,
  processcalendarExtension,
  imapsieve,
  regexExtension,
  mime,
  foreverypartExtension,
  extracttextExtension,
  replaceExtension,
  encloseExtension,
  convertExtension,
];
