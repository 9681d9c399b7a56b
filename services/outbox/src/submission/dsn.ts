import { tellIn } from "@tamis/kit";
import { decodeWords, readMessage } from "@tamis/message";
import type { DsnRequest } from "../smtp/outgoing-mail.ts";
import { formatReply } from "../smtp/reply.ts";
import type { Language } from "../texts.ts";
import { dsnTexts } from "./dsn-texts.ts";

/** A state that an author is told of. */
export type ReportedState = "rejected" | "expired" | "unknown" | "held" | "accepted";

export interface ReportedRecipient {
  readonly address: string;
  readonly state: ReportedState;
  /** The server's last words. */
  readonly code: number | null;
  readonly status: string | null;
  readonly reply: string | null;
  readonly at: Date;
  /** The relay promised to report. */
  readonly dsnPassed: boolean;
}

/** A mail of which somebody is told. */
export interface ReportedMail {
  /** Where the report goes: its MAIL FROM. */
  readonly author: string;
  readonly messageId: string;
  readonly handedOverAt: Date;
  readonly dsn: DsnRequest | null;
  /** All of it, or the header at least. */
  readonly octets: Uint8Array;
}

export interface DsnContext {
  /** Our own name, and the relay's. */
  readonly name: string;
  readonly relay: string;
  readonly language: Language;
  readonly now: Date;
  /** Makes the Message-ID and the boundary. */
  readonly id: string;
}

/** Whether the author wants to hear of a recipient (RFC 3461 §4.1); nothing said: of what went wrong. */
export function isWanted({ address, state, dsnPassed }: ReportedRecipient, dsn: DsnRequest | null): boolean {
  const notify = dsn?.recipients?.[address]?.notify;
  if (notify?.includes("NEVER") === true) return false;
  switch (state) {
    case "accepted":
      return notify?.includes("SUCCESS") === true && !dsnPassed;
    case "held":
      return notify === undefined || notify.includes("DELAY") || notify.includes("FAILURE");
    case "rejected":
    case "expired":
    case "unknown":
      return notify === undefined || notify.includes("FAILURE");
    default:
      return state satisfies never;
  }
}

/**
 * Whether the whole mail goes back: only of what failed, where that was asked for (RFC 3461 §4.3), and not because of its 8-bit octets
 * (RFC 3463 §3.7, X.6.3): with them the report would fail as it did.
 */
export const returnsAll = (recipients: readonly ReportedRecipient[], dsn: DsnRequest | null): boolean =>
  dsn?.ret === "FULL" && recipients.some(({ state }) => state !== "accepted") && !isSevenBitOnly(recipients);

/** The relay, by which the report leaves too, takes no 8-bit octets. */
const isSevenBitOnly = (recipients: readonly ReportedRecipient[]): boolean =>
  recipients.some(({ status }) => status === "5.6.3");

/** A delivery status notification (RFC 3464) for these recipients of a mail, lines ended by CRLF; it leaves from <>. */
export function composeDsn(mail: ReportedMail, recipients: readonly ReportedRecipient[], context: DsnContext): Buffer {
  const isAll = returnsAll(recipients, mail.dsn);
  const returned = isAll ? mail.octets : mail.octets.subarray(0, readMessage(mail.octets).bodyStart);
  // RFC 6533: other types where an address, or what is returned, is not ASCII.
  const isGlobal = recipients.some(({ address }) => !isAscii(address)) || !isAscii(mail.author);
  const boundary = `=_${context.id}`;
  const part = (type: string, body: string | Uint8Array, encoding: string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from("\r\n"),
    ]);
  // RFC 6533 §3, §5: those that may be 8-bit may also be encoded.
  const whole = (type: string, octets: Uint8Array): Buffer => {
    if (!octets.some((octet) => octet > 127)) return part(type, octets, "7bit");
    return isSevenBitOnly(recipients) ? part(type, base64Lines(octets), "base64") : part(type, octets, "8bit");
  };
  const returnedType = isAll
    ? isWideHeader(mail.octets)
      ? "message/global"
      : "message/rfc822"
    : isWideHeader(mail.octets)
      ? "message/global-headers"
      : "text/rfc822-headers";
  const status = Buffer.from(statusFields(mail, recipients, context));
  return Buffer.concat([
    Buffer.from(header(mail, recipients, { ...context, boundary })),
    part("text/plain; charset=utf-8", base64Lines(explanation(mail, recipients, context)), "base64"),
    whole(isGlobal ? "message/global-delivery-status" : "message/delivery-status", status),
    whole(returnedType, returned),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);
const isWideHeader = (octets: Uint8Array): boolean =>
  octets.subarray(0, readMessage(octets).bodyStart).some((octet) => octet > 127);

/** What the subject speaks of: the worst. */
function gist(recipients: readonly ReportedRecipient[]): "failed" | "held" | "relayed" {
  if (recipients.every(({ state }) => state === "accepted")) return "relayed";
  return recipients.some(({ state }) => state !== "accepted" && state !== "held") ? "failed" : "held";
}

function header(
  { author, messageId, octets }: ReportedMail,
  recipients: readonly ReportedRecipient[],
  { name, language, now, id, boundary }: DsnContext & { readonly boundary: string },
): string {
  const subject = decodeWords(readMessage(octets).headers("Subject")[0]?.raw() ?? "").slice(0, 200);
  const told = tellIn(language, dsnTexts[`subject-${gist(recipients)}`], { subject })
    .replace(/\s+/g, " ")
    .trim();
  return [
    `From: MAILER-DAEMON <mailer-daemon@${name}>`,
    `To: <${author}>`,
    `Subject: ${encodedWords(told)}`,
    `Date: ${now.toUTCString().replace(/GMT$/, "+0000")}`,
    `Message-ID: <${id}@${name}>`,
    ...(/^<[\x21-\x7e]+>$/.test(messageId) ? [`In-Reply-To: ${messageId}`, `References: ${messageId}`] : []),
    // RFC 3834 §5.
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
    "",
    "",
  ].join("\r\n");
}

/** RFC 2047, each word within its 75 characters. */
function encodedWords(text: string): string {
  if (isAscii(text) && text.length < 60) return text;
  const words: string[] = [];
  let chunk = "";
  for (const character of text.toWellFormed()) {
    if (Buffer.byteLength(chunk + character) > 42) {
      words.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  return [...words, chunk].map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

const base64Lines = (text: string | Uint8Array): string =>
  (
    Buffer.from(text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");

const STATES = ["rejected", "expired", "unknown", "held", "accepted"] as const satisfies readonly ReportedState[];

function explanation(
  { handedOverAt, dsn }: ReportedMail,
  recipients: readonly ReportedRecipient[],
  { language, relay }: DsnContext,
): string {
  const time = `${handedOverAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const about = tellIn(language, dsnTexts[dsn?.futureRelease === undefined ? "about-now" : "about-held"], { time });
  const paragraphs = STATES.flatMap((state) => {
    const among = recipients.filter((recipient) => recipient.state === state);
    if (among.length === 0) return [];
    const lines = among.map((recipient) => {
      const reply = replyText(recipient);
      const said = reply === null ? "" : `\r\n    ${relay}: ${tellIn(language, dsnTexts["server-said"], { reply })}`;
      return `  ${recipient.address}${said}`;
    });
    return [`${about} ${tellIn(language, dsnTexts[state])}\r\n\r\n${lines.join("\r\n")}`];
  });
  return `${paragraphs.join("\r\n\r\n")}\r\n`;
}

/** A word of our own (the process that ended) has no code. */
const replyText = ({ code, status, reply }: ReportedRecipient): string | null =>
  code === null ? reply : formatReply({ code, status, text: reply ?? "", lines: [] });

/** RFC 3464 §2.2, §2.3: of the mail, then of each recipient. */
function statusFields(
  { dsn, handedOverAt }: ReportedMail,
  recipients: readonly ReportedRecipient[],
  { name, relay }: DsnContext,
): string {
  const ofMail = [
    ...(dsn?.envid === undefined ? [] : [`Original-Envelope-Id: ${dsn.envid}`]),
    `Reporting-MTA: dns; ${name}`,
    `Arrival-Date: ${dateText(handedOverAt)}`,
    ...(dsn?.futureRelease === undefined ? [] : [`Future-Release-Request: ${dsn.futureRelease}`]),
  ];
  const groups = recipients.map((recipient) => {
    const orcpt = dsn?.recipients?.[recipient.address]?.orcpt;
    const [type = "", ...original] = orcpt?.split(";") ?? [];
    return [
      ...(orcpt === undefined ? [] : [`Original-Recipient: ${type}; ${original.join(";")}`]),
      `Final-Recipient: ${isAscii(recipient.address) ? "rfc822" : "utf-8"}; ${recipient.address}`,
      `Action: ${ACTIONS[recipient.state]}`,
      `Status: ${statusOf(recipient)}`,
      ...(recipient.code === null
        ? []
        : [`Remote-MTA: dns; ${relay}`, `Diagnostic-Code: smtp; ${asciiOnly(replyText(recipient) ?? "")}`]),
      `Last-Attempt-Date: ${dateText(recipient.at)}`,
    ];
  });
  return [ofMail, ...groups].map((fields) => `${fields.join("\r\n")}\r\n`).join("\r\n");
}

/** RFC 3464 §2.3.3: of what is unknown nothing more is done, so it is no delay. */
const ACTIONS = {
  rejected: "failed",
  expired: "failed",
  unknown: "failed",
  held: "delayed",
  accepted: "relayed",
} as const;

/** RFC 3464 §2.3.4; where the server gave none, what its code or the state says (RFC 3463). */
function statusOf({ state, code, status }: ReportedRecipient): string {
  switch (state) {
    case "expired":
      return "4.4.7";
    case "unknown":
      return "4.4.2";
    case "held":
      return "4.3.0";
    case "accepted":
      return "2.0.0";
    case "rejected":
      return status ?? (code !== null && code < 500 ? "4.0.0" : "5.0.0");
    default:
      return state satisfies never;
  }
}

const asciiOnly = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");
const dateText = (date: Date): string => date.toUTCString().replace(/GMT$/, "+0000");
