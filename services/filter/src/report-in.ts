import {
  type BatchedMail,
  type BatchHead,
  FETCH_CHUNK_BYTES,
  formatMailId,
  REPORTED_RECIPIENTS,
  REPORTED_TOKENS,
  type ReportSeen,
} from "@tamis/contracts";
import {
  type Arf,
  type Dsn,
  isAutomaticReply,
  type Mdn,
  type Message,
  type RecipientReport,
  type Report,
  readMessage,
  readReport,
} from "@tamis/message";
import { tokensIn } from "@tamis/tokens";
import type { WholeMail } from "./needs.ts";

/** What is needed of the mail and of who has it. */
export interface ReportSource {
  readonly head: BatchHead;
  readonly mail: BatchedMail;
  /** The mail to its end, where its bytes were cut or left out; its beginning where it is longer than `most`. */
  readonly wholeMail: (most?: number) => Promise<WholeMail>;
}

/** RFC 6522, and status parts that stand alone. */
const REPORT_TYPE =
  /^\s*(?:multipart\/report|message\/(?:global-)?(?:delivery-status|disposition-notification)|message\/feedback-report)\b/i;
/** QUIRK: Exim and Gmail name here whom a mail did not reach, also where their report is in words alone. */
const FAILED = "x-failed-recipients";
/** QUIRK: Gmail and old Exim name them so in a notice of delay, too; only its subject, English or French, says that it is one. */
const DELAY = /\b(?:delay|warning|retard)/i;
/** The fields in which a report says to whom it was sent; of the first, the server that delivered wrote them. */
const SENT_TO = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to"];

/** Whether the header says that the mail is a report of whatever kind. */
export function isReport(message: Message): boolean {
  return REPORT_TYPE.test(message.headers("content-type")[0]?.raw() ?? "");
}

/**
 * What the mail says as a report on another one; null where it is none. By its header alone, unless that says there is one, or the mail was
 * sent to an address that was made for reports: those come in words, wrapped, as winmail.dat. Throws `RetryLater` while the rest of the mail cannot be had.
 */
export async function reportIn(source: ReportSource): Promise<ReportSeen | null> {
  const { mail } = source;
  const isCut = mail.raw.length !== mail.meta.size || mail.meta.omission !== undefined;
  const message = readMessage(mail.raw, { size: mail.meta.size, complete: !isCut });
  const report = mayHoldReport(message) ? await readWhole(message, isCut, source) : null;
  if (report !== null) return seenReport(report, message, source);
  return failureIn(message, source) ?? (isReport(message) ? null : automaticReplyIn(message, source));
}

/** In texts and their forms nothing else is wrapped. */
const TEXT_TYPE = /^\s*(?:text\/|multipart\/(?:alternative|related)\b|$)/i;

/** Automatic replies come by the thousand after a circular: where they are texts, their header says all. */
function mayHoldReport(message: Message): boolean {
  if (isReport(message)) return true;
  const isText = TEXT_TYPE.test(message.headers("content-type")[0]?.raw() ?? "");
  return isSentToToken(message) && !(isText && isAutomaticReply(message) && !isFromMailSystem(message));
}

/** The status part comes first: of a mail that was merely cut it is there. */
async function readWhole(message: Message, isCut: boolean, { mail, wholeMail }: ReportSource): Promise<Report | null> {
  const hasParts = mail.meta.omission === undefined;
  const report = hasParts ? readReport(message) : null;
  if (report !== null || !isCut) return report;
  // What came back with a report may be a long mail: of that nothing is needed.
  const begin = hasParts ? null : await wholeMail(FETCH_CHUNK_BYTES);
  const early = begin === null ? null : reportOf(begin);
  const isAll = begin !== null && begin.kind !== "too-large";
  return early !== null || isAll ? early : reportOf(await wholeMail());
}

function reportOf(mail: WholeMail): Report | null {
  switch (mail.kind) {
    case "whole":
      return readReport(readMessage(mail.raw));
    case "too-large":
      return readReport(readMessage(mail.begin, { complete: false }));
    case "gone":
      return null;
    default:
      return mail satisfies never;
  }
}

function seenReport(report: Report, message: Message, source: ReportSource): ReportSeen {
  switch (report.kind) {
    case "dsn":
      return seenDsn(report, message, source);
    case "mdn":
      return seenMdn(report, message, source);
    case "arf":
      return seenArf(report, message, source);
    default:
      return report satisfies never;
  }
}

function seenDsn(dsn: Dsn, message: Message, source: ReportSource): ReportSeen {
  const { originalEnvelopeId, returned, recipients } = dsn;
  return {
    kind: "dsn",
    ...aboutMail(source),
    tokens: tokens(message, [originalEnvelopeId]),
    ...envelopeIdOf(originalEnvelopeId),
    messageIds: messageIds([returned?.messageId]),
    recipients: recipients.slice(0, REPORTED_RECIPIENTS).map(seenRecipient),
    ...(recipients.length > REPORTED_RECIPIENTS ? { more: true } : {}),
  };
}

function seenRecipient({ finalRecipient, originalRecipient, action, ...said }: RecipientReport) {
  const status = statusOf(said);
  return {
    ...addressAs("final", finalRecipient?.address),
    ...addressAs("original", originalRecipient?.address),
    action,
    ...(status === null ? {} : { status }),
  };
}

/** QUIRK: Exim and others write "5.0.0", or nothing, and what the other server said of it beside that (RFC 3464 §2.3.6). */
function statusOf({ status, diagnostic }: Pick<RecipientReport, "status" | "diagnostic">): string | null {
  const reply = /(?:^|\s)\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?![.\d])/.exec(diagnostic ?? "")?.[1];
  const isVague = status === null || /^\d\.0\.0$/.test(status);
  return reply !== undefined && isVague && (status ?? reply).startsWith(reply.slice(0, 1)) ? reply : status;
}

function seenMdn(mdn: Mdn, message: Message, source: ReportSource): ReportSeen {
  const { originalMessageId, returned, disposition, finalRecipient, originalRecipient } = mdn;
  return {
    kind: "mdn",
    ...aboutMail(source),
    tokens: tokens(message, [originalMessageId]),
    messageIds: messageIds([originalMessageId, returned?.messageId]),
    ...addressAs("final", finalRecipient?.address),
    ...addressAs("original", originalRecipient?.address),
    disposition,
  };
}

function seenArf(arf: Arf, message: Message, source: ReportSource): ReportSeen {
  const { originalEnvelopeId, originalMailFrom, returned, feedbackType } = arf;
  return {
    kind: "arf",
    ...aboutMail(source),
    // Complaints are sent to a postmaster: the token is where the mail itself had it.
    tokens: tokens(message, [originalEnvelopeId, originalMailFrom]),
    ...envelopeIdOf(originalEnvelopeId),
    messageIds: messageIds([returned?.messageId]),
    feedbackType: feedbackType.slice(0, 40),
  };
}

/** A report in words, of which a field of its header tells whom the mail did not reach, or has not reached yet. */
function failureIn(message: Message, source: ReportSource): ReportSeen | null {
  const failed = message.headers(FAILED).flatMap((field) => field.addresses());
  const recipients = failed.filter(({ address }) => address !== "").slice(0, REPORTED_RECIPIENTS);
  if (recipients.length === 0) return null;
  const action = DELAY.test(message.headers("subject")[0]?.text() ?? "") ? "delayed" : "failed";
  return {
    kind: "dsn",
    ...aboutMail(source),
    tokens: tokens(message, []),
    messageIds: messageIds([message.headers("in-reply-to")[0]?.raw()]),
    recipients: recipients.map(({ address }) => ({ ...addressAs("final", address), action })),
  };
}

/** QUIRK: Exchange before 2010, Outlook's rules and Notes say in the subject alone that somebody is away: where nobody but programs writes to, that is enough. */
const AWAY =
  /^(?:(?:automatic|auto)[- ]?(?:reply|response)|autoreply|out of (?:the )?office|r[ée]ponse automatique|absen(?:ce|te?|t\(e\)) du bureau|message d['’]absence|auto ?:)/iu;

const saysAway = (message: Message): boolean =>
  AWAY.test((message.headers("subject")[0]?.text() ?? "").normalize("NFC").trim());

/** Of interest only where it answers a mail with a token: most answer what people write. */
function automaticReplyIn(message: Message, source: ReportSource): ReportSeen | null {
  if (isFromMailSystem(message)) return null;
  if (!isAutomaticReply(message) && !(isSentToToken(message) && saysAway(message))) return null;
  const answered = ["in-reply-to", "references"].flatMap((name) => message.headers(name).map((field) => field.raw()));
  const found = tokens(message, answered);
  return found.length === 0 ? null : { kind: "auto-reply", ...aboutMail(source), tokens: found, messageIds: [] };
}

/** What a server says of itself is a bounce that cannot be read: it is for a person to see. */
const isFromMailSystem = (message: Message): boolean =>
  message
    .headers("from")
    .some((field) => field.addresses().some(({ localPart }) => /^(?:mailer-daemon|postmaster)$/i.test(localPart)));

function aboutMail({ head, mail }: ReportSource) {
  const { accountId, folder } = head;
  const { uid, internalDate, fingerprint } = mail.meta;
  return {
    v: 1,
    accountId,
    mailId: formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid }),
    fingerprint,
    at: Math.max(0, internalDate),
  } as const;
}

/** What the addresses say that a report was sent to. */
const sentTo = (message: Message): readonly string[] =>
  SENT_TO.flatMap((name) => message.headers(name).map((field) => field.raw()));

/** Whether it was sent to an address that was made for reports: one with what may be a token. */
export const isSentToToken = (message: Message): boolean => sentTo(message).some((text) => tokensIn(text).length > 0);

/** What may be tokens in the addresses that the report was sent to, and in these texts of it. */
function tokens(message: Message, texts: readonly (string | null)[]): readonly string[] {
  const found = [...texts, ...sentTo(message)].flatMap((text) => (text === null ? [] : tokensIn(text)));
  return [...new Set(found)].slice(0, REPORTED_TOKENS);
}

/** Nobody's tables take a NUL. */
const plain = (text: string, most: number): string => text.replaceAll("\0", "").slice(0, most);

const envelopeIdOf = (id: string | null) => (id === null ? {} : { envelopeId: plain(id, 998) });

/** RFC 5322 §3.6.4, as written between the angle brackets. */
function messageIds(texts: readonly (string | null | undefined)[]): readonly string[] {
  const ids = texts.flatMap((text) => /<[^<>\s\0]{1,990}>/.exec(text ?? "")?.[0] ?? []);
  return [...new Set(ids)];
}

function addressAs<Name extends "final" | "original">(
  name: Name,
  address: string | undefined,
): { readonly [key in Name]?: string } {
  // Proof: one property of that name, or none.
  return (address === undefined || address === "" ? {} : { [name]: plain(address, 1000) }) as {
    readonly [key in Name]?: string;
  };
}
