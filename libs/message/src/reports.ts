/** Reports about mail: multipart/report (RFC 6522) with a delivery (RFC 3464), a disposition (RFC 8098) or a complaint (RFC 5965). */

import { parseDate } from "./date.ts";
import { type HeaderBlock, readHeaderBlock } from "./header-block.ts";
import { readMessage } from "./message.ts";
import type { Entity, MailDate, Message } from "./model.ts";
import { asBuffer } from "./octets.ts";
import { withoutComments } from "./parameters.ts";
import { bounceInWords } from "./qsbmf.ts";
import type {
  Arf,
  DeliveryAction,
  DispositionType,
  Dsn,
  Mdn,
  RecipientReport,
  Report,
  ReturnedMail,
  TypedAddress,
} from "./report-model.ts";
import { tnefReport } from "./tnef-report.ts";

/** Recipients of one report that are read. */
const MAX_RECIPIENTS = 10_000;

const DELIVERY: ReadonlySet<string> = new Set(["message/delivery-status", "message/global-delivery-status"]);
const DISPOSITION: ReadonlySet<string> = new Set([
  "message/disposition-notification",
  "message/global-disposition-notification",
]);
const FEEDBACK = "message/feedback-report";
const RETURNED_MAIL: ReadonlySet<string> = new Set(["message/rfc822", "message/global"]);
const RETURNED_HEADERS: ReadonlySet<string> = new Set([
  "text/rfc822-headers",
  "message/rfc822-headers",
  "message/global-headers",
]);

const ACTIONS: readonly DeliveryAction[] = ["failed", "delayed", "delivered", "relayed", "expanded"];
const DISPOSITIONS: readonly DispositionType[] = [
  "displayed",
  "deleted",
  "dispatched",
  "processed",
  "denied",
  "failed",
];

/**
 * What a report says; null when the mail is none. Only the parts of the mail itself count: a report that somebody
 * attached or forwarded is not a report. The content is the sender's claim, not a proof.
 */
export function readReport({ root }: Message): Report | null {
  const found = statusIn(root);
  if (found === null) return bounceInWords(root) ?? tnefReport(root);
  const { status, behind } = found;
  const returned = findReturned(behind);
  if (status.type === FEEDBACK) return readArf(status, returned);
  return DELIVERY.has(status.type) ? readDsn(status, returned) : readMdn(status, returned);
}

/** The part that a program reads, and the parts behind it. */
function statusIn(entity: Entity): { readonly status: Entity; readonly behind: readonly Entity[] } | null {
  const parts = entity.type.startsWith("multipart/") ? entity.children : [entity];
  const at = parts.findIndex(({ type }) => DELIVERY.has(type) || DISPOSITION.has(type) || type === FEEDBACK);
  const status = parts[at];
  if (status !== undefined) return { status, behind: parts.slice(at + 1) };
  // QUIRK: a gateway that adds a footer to all mail puts a report, and the footer, into a multipart of its own.
  for (const part of parts) {
    const found = part.type === "multipart/report" || part.type === "multipart/mixed" ? statusIn(part) : null;
    if (found !== null) return found;
  }
  return null;
}

function readDsn(status: Entity, returned: ReturnedMail | null): Dsn {
  const [perMessage, ...perRecipient] = readBlocks(status);
  // QUIRK: some reports put everything into one block, without the empty line of RFC 3464 §2.1.
  const merged = perRecipient.length === 0 && perMessage?.first("action") != null ? [perMessage] : perRecipient;
  return {
    kind: "dsn",
    reportingMta: afterType(value(perMessage, "reporting-mta")),
    originalEnvelopeId: value(perMessage, "original-envelope-id"),
    receivedFromMta: afterType(value(perMessage, "received-from-mta")),
    arrivalDate: date(perMessage, "arrival-date"),
    recipients: merged.filter(isAboutRecipient).map(readRecipient),
    returned,
  };
}

const isAboutRecipient = (block: HeaderBlock): boolean =>
  ["final-recipient", "original-recipient", "action"].some((name) => block.first(name) !== null);

function readRecipient(block: HeaderBlock): RecipientReport {
  const action = firstWord(value(block, "action"));
  return {
    originalRecipient: typedAddress(value(block, "original-recipient")),
    finalRecipient: typedAddress(value(block, "final-recipient")),
    action: ACTIONS.find((known) => known === action) ?? "unknown",
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(value(block, "status") ?? "")?.[0] ?? null,
    remoteMta: afterType(value(block, "remote-mta")),
    diagnostic: afterType(value(block, "diagnostic-code")),
    lastAttempt: date(block, "last-attempt-date"),
    willRetryUntil: date(block, "will-retry-until"),
    finalLogId: value(block, "final-log-id"),
  };
}

function readMdn(status: Entity, returned: ReturnedMail | null): Mdn {
  const [block] = readBlocks(status);
  return {
    kind: "mdn",
    reportingUa: value(block, "reporting-ua"),
    originalRecipient: typedAddress(value(block, "original-recipient")),
    finalRecipient: typedAddress(value(block, "final-recipient")),
    originalMessageId: value(block, "original-message-id"),
    ...readDisposition(value(block, "disposition") ?? ""),
    errors: (block?.named("error") ?? []).map((field) => field.text()),
    returned,
  };
}

/** RFC 8098 §3.2.6: "manual-action/MDN-sent-manually; displayed/modifier,modifier". */
function readDisposition(text: string): Pick<Mdn, "disposition" | "actionMode" | "sendingMode" | "modifiers"> {
  const [modes = "", rest = ""] = withoutComments(text).toLowerCase().split(";", 2);
  const [action = "", sending = ""] = modes.split("/", 2);
  const [type = "", modifiers = ""] = rest.split("/", 2);
  return {
    disposition: DISPOSITIONS.find((known) => known === type.trim()) ?? "unknown",
    actionMode: modeOf(action, "manual-action", "automatic-action"),
    sendingMode: modeOf(sending, "mdn-sent-manually", "mdn-sent-automatically"),
    modifiers: modifiers
      .split(",")
      .map((modifier) => modifier.trim())
      .filter((modifier) => modifier !== ""),
  };
}

const modeOf = (text: string, manual: string, automatic: string): "manual" | "automatic" | "unknown" =>
  text.trim() === manual ? "manual" : text.trim() === automatic ? "automatic" : "unknown";

function readArf(status: Entity, returned: ReturnedMail | null): Arf {
  const [block] = readBlocks(status);
  return {
    kind: "arf",
    feedbackType: firstWord(value(block, "feedback-type")) || "other",
    originalEnvelopeId: value(block, "original-envelope-id"),
    originalMailFrom: bare(value(block, "original-mail-from")),
    originalRecipients: (block?.named("original-rcpt-to") ?? [])
      .slice(0, MAX_RECIPIENTS)
      .map((field) => bare(field.text()) ?? ""),
    returned,
  };
}

const bare = (text: string | null): string | null => text?.trim().replace(/^<([^<>]*)>$/, "$1") ?? null;

/** The groups of fields of a status part, parted by empty lines (RFC 3464 §2.1). */
function readBlocks(status: Entity): readonly HeaderBlock[] {
  // The fields of an encoded or empty status may have been taken for the body of nothing: read what is decoded.
  const octets = asBuffer(status.bytes());
  const blocks: HeaderBlock[] = [];
  let at = 0;
  while (at < octets.length && blocks.length <= MAX_RECIPIENTS) {
    const block = readHeaderBlock(octets, at, octets.length);
    if (block.fields.length > 0) blocks.push(block);
    at = Math.max(block.bodyStart, at + 1);
  }
  return blocks;
}

/** The mail or header block that came back: RFC 6522 §3 puts it third. */
function findReturned(parts: readonly Entity[]): ReturnedMail | null {
  for (const part of parts) {
    const entity = returnedEntity(part);
    if (entity !== null) return { messageId: messageIdOf(entity), entity };
  }
  return null;
}

function returnedEntity(part: Entity): Entity | null {
  if (RETURNED_MAIL.has(part.type)) return part.children[0] ?? null;
  if (RETURNED_HEADERS.has(part.type)) return readMessage(part.bytes()).root;
  return null;
}

const messageIdOf = (entity: Entity): string | null => entity.headers("message-id")[0]?.raw() || null;

const value = (block: HeaderBlock | undefined, name: string): string | null => block?.first(name)?.text() || null;

const firstWord = (text: string | null): string =>
  /^[a-z-]*/.exec(
    withoutComments(text ?? "")
      .trim()
      .toLowerCase(),
  )?.[0] ?? "";

function date(block: HeaderBlock | undefined, name: string): MailDate | null {
  const text = value(block, name);
  return text === null ? null : parseDate(text);
}

/** What follows the type in "dns; mx.example" or "smtp; 550 …"; all of it where no type is named. */
function afterType(text: string | null): string | null {
  if (text === null) return null;
  const typed = /^\s*[\w-]{1,40}\s*;\s*/.exec(text);
  return (typed === null ? text : text.slice(typed[0].length)).trim();
}

function typedAddress(text: string | null): TypedAddress | null {
  if (text === null) return null;
  const typed = /^\s*([\w-]{1,40})\s*;\s*/.exec(text);
  const type = typed?.[1]?.toLowerCase() ?? "rfc822";
  // RFC 3464 §2.1.1: a comment may stand behind it.
  const bare = (typed === null ? text : text.slice(typed[0].length)).replace(/\s\([^()]*\)\s*$/, "");
  const written = bare.trim().replace(/^<([^<>]*)>$/, "$1");
  return { type, address: type === "utf-8" ? utf8Address(written) : written };
}

/** RFC 6533 §3: "\x{E9}" is "é". */
function utf8Address(text: string): string {
  return text.replace(/\\x\{([0-9A-Fa-f]{1,6})\}/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? whole : String.fromCodePoint(code);
  });
}
