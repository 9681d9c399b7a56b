import type { Extension } from "../extension.ts";
import { baseActions } from "./base-actions.ts";
import { baseAddressParts } from "./base-address-parts.ts";
import { baseComparison } from "./base-comparison.ts";
import { baseControl } from "./base-control.ts";
import { baseLogic } from "./base-logic.ts";
import { baseTests } from "./base-tests.ts";
import { bodyExtension } from "./body.ts";
import { comparatorAsciiNumeric } from "./comparator-i-ascii-numeric.ts";
import { copy } from "./copy.ts";
import { dateExtension } from "./date.ts";
import { encodedCharacter } from "./encoded-character.ts";
import { envelopeExtension } from "./envelope.ts";
import { environmentExtension } from "./environment.ts";
import { fileintoExtension } from "./fileinto.ts";
import { ihaveExtension } from "./ihave.ts";
import { imap4flags } from "./imap4flags.ts";
import { indexExtension } from "./index-extension.ts";
import { mailbox } from "./mailbox.ts";
import { regexExtension } from "./regex.ts";
import { relational } from "./relational.ts";
import { subaddress } from "./subaddress.ts";
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
  regexExtension,
];
