import { createHash } from "node:crypto";
import type { Account } from "@tamis/kit";
import { type HeaderField, type Message, parseDate, readMessage } from "@tamis/message";
import { asksDisposition, dateAt, isHeaderLong, without, withWholeLines } from "../mail-fields.ts";
import { canonicalMailbox } from "../smtp/address.ts";
import { localReply, type SmtpReply } from "../smtp/reply.ts";
import { maySubaddress, type Separator } from "../tracking/subaddressing.ts";
import type { Recipient, Sender } from "./envelope.ts";
import { mayWriteAs } from "./identities.ts";

/** Where a mail came from, for its Received field (RFC 5321 §4.4). */
export interface Arrival {
  /** What the client said in EHLO. */
  readonly clientName: string;
  readonly clientAddress: string;
  /** `ESMTPSA`. */
  readonly protocol: string;
  /** Our own name. */
  readonly name: string;
  readonly at: Date;
}

export interface Submitted {
  readonly raw: Uint8Array;
  readonly account: Account;
  readonly sender: Sender;
  readonly recipients: readonly Recipient[];
  readonly arrival: Arrival;
  readonly maxReceived: number;
  /** For a mail that has none, and for the Received field. */
  readonly id: string;
  /** Receipts that its author asks for may be asked for at a subaddress of his, which begins with this; null: they stay as they are. */
  readonly separator: Separator | null;
}

/** A mail in the form in which it leaves. */
export interface PreparedMail {
  /** Fields that go on top, lines ended by CRLF. */
  readonly prefix: string;
  readonly octets: Uint8Array;
  readonly messageId: string;
  /** The same for the same mail to the same recipients, handed over again. */
  readonly fingerprint: string;
  /** Its author asks those who read it for a receipt (RFC 8098 §2.1). */
  readonly asksDisposition: boolean;
  /** Its Disposition-Notification-To was taken out: another one goes on top when it leaves. */
  readonly isSubaddressed: boolean;
}

const refused = (status: string, text: string): SmtpReply => localReply(550, status, text);

/** The mail as it leaves, or why it must not (RFC 6409 §6, §8): nothing below the header is touched. */
export function prepareMail(submitted: Submitted): PreparedMail | SmtpReply {
  const { sender, arrival, maxReceived, id, separator } = submitted;
  const raw = withWholeLines(submitted.raw);
  const message = readMessage(raw);
  const fault = faultIn(message, submitted);
  if (fault !== null) return fault;
  // RFC 5321 §6.3.
  if (message.headers("Received").length > maxReceived)
    return localReply(554, "5.4.6", "it went through too many servers");
  if (!sender.isUtf8 && hasWideHeader(message)) return refused("5.6.7", "a header that is not ASCII needs SMTPUTF8");
  const { hold } = sender;
  const [ownId] = message.headers("Message-ID");
  const messageId = ownId?.raw() ?? `<${id}@${arrival.name}>`;
  const date = message.headers("Date")[0];
  // RFC 5321 §4.4: Return-Path is for who delivers. A held mail has the date on which it is sent.
  const isSubaddressed = separator !== null && maySubaddress(message, sender.from, separator);
  const dropped = new Set([
    "bcc",
    "resent-bcc",
    "return-path",
    ...(hold === null ? [] : ["date"]),
    ...(isSubaddressed ? ["disposition-notification-to"] : []),
  ]);
  const added = [
    receivedField(submitted),
    ...(hold === null && date !== undefined ? [] : [`Date: ${dateText(hold?.until ?? arrival.at, date)}\r\n`]),
    ...(ownId !== undefined ? [] : [`Message-ID: ${messageId}\r\n`]),
  ];
  return {
    prefix: added.join(""),
    octets: without(
      raw,
      message.headerFields().filter(({ lowerName }) => dropped.has(lowerName)),
    ),
    messageId,
    fingerprint: fingerprintOf(submitted, ownId !== undefined),
    isSubaddressed,
    asksDisposition: asksDisposition(message),
  };
}

/** RFC 5322 §3.6: one From, and who writes it may write as each of its addresses. */
function faultIn(message: Message, { account }: Submitted): SmtpReply | null {
  if (isHeaderLong(message)) return refused("5.6.0", "the header is too long");
  const from = message.headers("From");
  if (from.length !== 1) return refused("5.6.0", `a mail has one From field, this one has ${from.length}`);
  if (message.headers("Sender").length > 1) return refused("5.6.0", "a mail has one Sender field at most");
  const authors = from[0]?.addresses() ?? [];
  if (authors.length === 0) return refused("5.6.0", "there is no address in the From field");
  const senders = message.headers("Sender").flatMap((field) => field.addresses());
  const foreign = [...authors, ...senders].find(({ address }) => !mayWriteAs(account, address));
  return foreign === undefined ? null : refused("5.7.1", "this account may not write as what From or Sender says");
}

const hasWideHeader = ({ raw, bodyStart }: Message): boolean => raw.subarray(0, bodyStart).some((octet) => octet > 127);

/** RFC 5321 §4.4; the name that the client gave is anybody's text. */
function receivedField({ arrival, id }: Submitted): string {
  const { clientName, clientAddress, protocol, name, at } = arrival;
  const said = /^[A-Za-z0-9.:[\]_-]{1,253}$/.test(clientName) ? clientName : "unknown";
  const literal = clientAddress.includes(":") ? `IPv6:${clientAddress}` : clientAddress;
  return `Received: from ${said} ([${literal}])\r\n by ${name} with ${protocol} id ${id};\r\n ${dateText(at)}\r\n`;
}

/** At the offset that the mail's own date had. */
const dateText = (at: Date, like?: HeaderField): string =>
  dateAt(at, (like === undefined ? null : parseDate(like.raw()))?.offsetMinutes ?? 0);

/** What has no Message-ID may be meant twice: it is never taken for a repetition. */
function fingerprintOf({ raw, sender, recipients, id }: Submitted, isNamed: boolean): string {
  const to = recipients.map(({ address }) => canonicalMailbox(address)).toSorted();
  const mail = isNamed ? createHash("sha256").update(raw).digest("hex") : id;
  return createHash("sha256")
    .update(JSON.stringify([sender.from, to, mail]))
    .digest("hex");
}
