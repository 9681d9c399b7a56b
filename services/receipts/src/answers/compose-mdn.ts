import { createHash } from "node:crypto";
import type { ReceiptRequest } from "@tamis/contracts";
import { boundaryFor, dateText, foldedField, headerField, plainEntity, readMessage, withCrlf } from "@tamis/message";
import type { Language } from "../texts.ts";
import { mdnTexts } from "./answer-texts.ts";

/** What a disposition says, and of which mail. */
export interface Disposition {
  readonly accountId: string;
  /** Of the mail: names it where it has no Message-ID. */
  readonly fingerprint: string;
  readonly request: ReceiptRequest;
  /** The owner said so, or his policy. */
  readonly mode: "manual" | "automatic";
  /** Header fields of the mail, octets as they are; they go back with it. */
  readonly header: Uint8Array;
  readonly language: Language;
  /** Epoch ms. */
  readonly now: number;
}

/** A mail that leaves from <>, lines ended by CRLF. */
export interface Mdn {
  readonly to: readonly string[];
  /** The same for the same mail of the same account, with its angle brackets. */
  readonly messageId: string;
  readonly raw: Buffer;
}

/** One disposition of a mail to a recipient (RFC 8098 §2.1), however often the mail itself came: by its Message-ID. */
export function mdnName({
  accountId,
  fingerprint,
  request,
}: Pick<Disposition, "accountId" | "fingerprint" | "request">): string {
  const name = JSON.stringify([accountId, request.messageId ?? fingerprint]);
  return createHash("sha256").update(name).digest("hex").slice(0, 24);
}

/** A message disposition notification, `displayed` (RFC 8098 §3): it asks for none itself. */
export function composeMdn(disposition: Disposition): Mdn {
  const { request, header, language, now } = disposition;
  const { to, finalRecipient, messageId: about } = request;
  const messageId = `<tamis.mdn.${mdnName(disposition)}@${domainOf(finalRecipient)}>`;
  const original = readMessage(header);
  const subject = original.headers("subject")[0]?.text().replace(/\s+/g, " ").trim().slice(0, 200) ?? "";
  const date = plain(original.headers("date")[0]?.raw() ?? "").slice(0, 60);
  const words = mdnTexts(language, { subject, date, recipient: finalRecipient });
  const text = plainEntity(words.text);
  const returned = returnedHeader(header);
  const boundary = boundaryFor(Buffer.from(text + returned));
  const isGlobal = !isAscii(finalRecipient);
  const parts = [
    text,
    `${isGlobal ? GLOBAL : PLAIN}\r\n${fieldsOf(disposition)}`,
    `Content-Type: text/rfc822-headers\r\n\r\n${returned}`,
  ];
  const head = [
    addressField("From", [finalRecipient]),
    addressField("To", to),
    headerField("Subject", words.subject),
    headerField("Date", dateText(now)),
    headerField("Message-ID", messageId),
    ...(about === undefined ? [] : [headerField("In-Reply-To", about), headerField("References", about)]),
    // RFC 3834 §5: nobody answers it.
    headerField("Auto-Submitted", "auto-replied"),
    headerField("MIME-Version", "1.0"),
    // RFC 2045 §6.4: what holds a part of 8 bits says so itself.
    ...(isGlobal ? [EIGHT_BIT] : []),
    `Content-Type: multipart/report; report-type=disposition-notification;\r\n boundary="${boundary}"\r\n\r\n`,
  ].join("");
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  return { to, messageId, raw: Buffer.from(`${head}${body}--${boundary}--\r\n`) };
}

const PLAIN = "Content-Type: message/disposition-notification\r\n";
const EIGHT_BIT = "Content-Transfer-Encoding: 8bit\r\n";
/** Its fields are UTF-8 (RFC 6533 §6), and not the 7bit that is meant where nothing is said (RFC 2045 §6.1). */
const GLOBAL = `Content-Type: message/global-disposition-notification\r\n${EIGHT_BIT}`;

/** RFC 8098 §3.1. It was a person who displayed the mail, whoever said that this be told (§3.2.6.1). */
function fieldsOf({ request, mode }: Disposition): string {
  const { finalRecipient, originalRecipient, messageId } = request;
  const type = isAscii(finalRecipient) ? "rfc822" : "utf-8";
  const sent = mode === "manual" ? "MDN-sent-manually" : "MDN-sent-automatically";
  return [
    foldedField("Reporting-UA", `${domainOf(finalRecipient)}; Tamis`),
    ...(originalRecipient === undefined ? [] : [foldedField("Original-Recipient", plain(originalRecipient))]),
    foldedField("Final-Recipient", `${type}; ${plain(finalRecipient)}`),
    ...(messageId === undefined ? [] : [foldedField("Original-Message-ID", plain(messageId))]),
    foldedField("Disposition", `manual-action/${sent}; displayed`),
  ].join("");
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

/** What came in a mail is no line of ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();

const addressField = (name: string, addresses: readonly string[]): string =>
  foldedField(name, addresses.map((address) => `<${plain(address)}>`).join(", "));

/** Fit for 7bit: other octets become question marks, lines end with CRLF, and a cut field ends where it was cut. */
function returnedHeader(header: Uint8Array): string {
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString("latin1");
  return `${withCrlf(text.replace(/[^\t\r\n -~]/g, "?")).trimEnd()}\r\n`;
}
