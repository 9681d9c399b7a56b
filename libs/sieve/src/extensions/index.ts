import type { Extension } from "../extension.ts";
import { baseActions } from "./base-actions.ts";
import { baseAddressParts } from "./base-address-parts.ts";
import { baseComparison } from "./base-comparison.ts";
import { baseControl } from "./base-control.ts";
import { baseLogic } from "./base-logic.ts";
import { baseTests } from "./base-tests.ts";
import { bodyExtension } from "./body.ts";
import { comparatorAsciiNumeric } from "./comparator-i-ascii-numeric.ts";
import { comparatorUnicodeCasemap } from "./comparator-i-unicode-casemap.ts";
import { convertExtension } from "./convert.ts";
import { copy } from "./copy.ts";
import { dateExtension } from "./date.ts";
import { duplicateExtension } from "./duplicate.ts";
import { editheaderExtension } from "./editheader.ts";
import { encloseExtension } from "./enclose.ts";
import { encodedCharacter } from "./encoded-character.ts";
import { enotify } from "./enotify.ts";
import { envelopeExtension } from "./envelope.ts";
import { envelopeDeliverby } from "./envelope-deliverby.ts";
import { envelopeDsn } from "./envelope-dsn.ts";
import { environmentExtension } from "./environment.ts";
import { erejectExtension } from "./ereject.ts";
import { extlists } from "./extlists.ts";
import { extracttextExtension } from "./extracttext.ts";
import { fccExtension } from "./fcc.ts";
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
import { mime } from "./mime.ts";
import { processcalendarExtension } from "./processcalendar.ts";
import { redirectDeliverby } from "./redirect-deliverby.ts";
import { redirectDsn } from "./redirect-dsn.ts";
import { regexExtension } from "./regex.ts";
import { rejectExtension } from "./reject.ts";
import { relational } from "./relational.ts";
import { replaceExtension } from "./replace.ts";
import { servermetadataExtension } from "./servermetadata.ts";
import { snoozeExtension } from "./snooze.ts";
import { spamtest } from "./spamtest.ts";
import { spamtestplus } from "./spamtestplus.ts";
import { specialUseExtension } from "./special-use.ts";
import { subaddress } from "./subaddress.ts";
import { vacationExtension } from "./vacation.ts";
import { vacationSeconds } from "./vacation-seconds.ts";
import { variables } from "./variables.ts";
import { virustest } from "./virustest.ts";
import { dovecotDebug } from "./vnd-dovecot-debug.ts";
import { dovecotEnvironment } from "./vnd-dovecot-environment.ts";
import { dovecotExecute } from "./vnd-dovecot-execute.ts";
import { dovecotFilter } from "./vnd-dovecot-filter.ts";
import { dovecotPipe } from "./vnd-dovecot-pipe.ts";
import { dovecotReport } from "./vnd-dovecot-report.ts";

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
  comparatorUnicodeCasemap,
  spamtest,
  spamtestplus,
  virustest,
  extlists,
  envelopeDsn,
  envelopeDeliverby,
  redirectDsn,
  redirectDeliverby,
  dovecotEnvironment,
  dovecotDebug,
  dovecotReport,
  dovecotPipe,
  dovecotFilter,
  dovecotExecute,
];
