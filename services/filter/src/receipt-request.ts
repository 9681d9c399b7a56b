import { RECEIPT_ADDRESSES, type ReceiptRequest } from "@tamis/contracts";
import { type Mailbox, type Message, machineOf } from "@tamis/message";
import type { EnvelopeFacts } from "@tamis/sieve";
import { isPostable } from "./compose.ts";
import { isReport } from "./report-in.ts";

/** Who has the mail, and from whom it came as far as the server says. */
export interface RequestContext {
  /** The owner's. */
  readonly address: string;
  readonly envelope: EnvelopeFacts;
}

/**
 * The disposition that a mail asks for (RFC 8098 §2.1); null where it asks for none, and where none must ever be sent: to reports, to what a
 * machine or a list sent, to what came from <>, to its owner himself.
 */
export function receiptRequestIn(message: Message, { address, envelope }: RequestContext): ReceiptRequest | null {
  const fields = message.headers("disposition-notification-to");
  if (fields.length === 0 || mustNotBeAnswered(message, envelope)) return null;
  const to = distinct(fields.flatMap((field) => field.addresses()).filter((one) => isPostable(one.address)));
  const isOwn = to.some((one) => one.toLowerCase() === address.toLowerCase());
  if (to.length === 0 || isOwn) return null;
  const messageId = /<[^<>\s\0]{1,990}>/.exec(message.headers("message-id")[0]?.raw() ?? "")?.[0];
  const original = originalRecipientOf(message);
  const sender = senderOf(message);
  const subject = shown(message.headers("subject")[0]?.text() ?? "", 200);
  return {
    to: to.slice(0, RECEIPT_ADDRESSES),
    ...(typeof envelope.from === "string" && isPostable(envelope.from) ? { returnPath: envelope.from } : {}),
    ...(messageId === undefined ? {} : { messageId }),
    ...(original === null ? {} : { originalRecipient: original }),
    finalRecipient: address,
    required: requiredOptions(message),
    ...(sender === "" ? {} : { sender }),
    ...(subject === "" ? {} : { subject }),
  };
}

/** The address to its end, whatever stands before it. */
function senderOf(message: Message): string {
  const [from] = message.headers("from").flatMap((field) => field.addresses());
  if (from === undefined) return "";
  const address = shown(from.address, 320);
  const name = shown(from.name, 100);
  return name === "" ? address : `${name} <${address}>`;
}

/** Ends of lines, and what makes a text look like another one: control characters, and those that turn its direction. */
const UNSHOWN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu;

/** As it is shown: on one line, and no more than so many characters of it. */
const shown = (text: string, most: number): string =>
  [
    ...text
      .slice(0, 10 * most)
      .replace(UNSHOWN, " ")
      .trim(),
  ]
    .slice(0, most)
    .join("");

function mustNotBeAnswered(message: Message, { from }: EnvelopeFacts): boolean {
  // RFC 5321 §4.5.5: also where nobody vouches for the field, one that says <> is believed.
  const returnPath = message.headers("return-path")[0];
  const isNull = from === null || (returnPath !== undefined && (returnPath.addresses()[0]?.address ?? "") === "");
  return isNull || isReport(message) || machineOf(message) !== null;
}

/** As they are written, each once. RFC 8098 §2.1: the local part has case, and quotes that are none of it; the domain has no case. */
function distinct(mailboxes: readonly Mailbox[]): readonly string[] {
  const byName = new Map(mailboxes.toReversed().map((one) => [comparable(one.address), one.address]));
  return [...byName.values()].toReversed();
}

/** An address as RFC 8098 §2.1 compares it. */
function comparable(address: string): string {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  const bare = /^".*"$/s.test(local) ? local.slice(1, -1).replace(/\\(.)/gs, "$1") : local;
  return `${bare}${address.slice(at).toLowerCase()}`;
}

/** RFC 8098 §2.3: what a relay made of the ORCPT parameter, `rfc822;anna@example.org`. */
function originalRecipientOf(message: Message): string | null {
  const text = message.headers("original-recipient")[0]?.raw().trim() ?? "";
  return /^[\w-]{1,40}\s*;\s*[\x21-\x7e]{1,900}$/.test(text) ? text : null;
}

/** Options kept of one mail. */
const MAX_OPTIONS = 20;

/** RFC 8098 §2.2: parameters that whoever answers must understand. What cannot be read may be one. */
function requiredOptions(message: Message): readonly string[] {
  const pieces = message.headers("disposition-notification-options").flatMap((field) => field.raw().split(";"));
  return pieces
    .filter((piece) => piece.trim() !== "" && !/^\s*[^\s=,]+\s*=\s*optional\s*,/i.test(piece))
    .map((piece) => (piece.split("=")[0] ?? "").replaceAll("\0", "").trim().slice(0, 100))
    .slice(0, MAX_OPTIONS);
}
