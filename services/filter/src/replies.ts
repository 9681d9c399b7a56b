import { RetryLater } from "@tamis/bus";
import { type BatchedMail, type BatchHead, UNTIL_REPLY } from "@tamis/contracts";
import { isAutomaticReply, type Message, readMessage } from "@tamis/message";
import { quietBecause } from "./quiet.ts";
import { isReport } from "./report-in.ts";
import { SendingDelayed } from "./sender.ts";

/** A person's answer: to which of our mails, and from whom. */
export interface PersonsReply {
  readonly messageIds: readonly string[];
  /** Addresses in From. */
  readonly from: readonly string[];
}

/** Tells `outbox` which of its mails a person answered; resolves once it has committed. The same may be told as often as it takes. */
export type TellReplies = (accountId: string, reply: PersonsReply) => Promise<void>;

const HEADER_END = "\r\n\r\n";
/** Message-IDs that one answer may name, and its authors. */
const MAX_IDS = 100;
const MAX_AUTHORS = 20;
/** Of an address; what is longer is none. */
const MAX_ADDRESS = 1000;

/**
 * Tells of a mail that answers what its owner has sent again and again until somebody answers. Of all other mail nothing is read. Throws
 * {@link SendingDelayed} while it cannot be told.
 */
export async function tellOfReply(
  { raw }: Pick<BatchedMail, "raw">,
  head: BatchHead,
  tell: TellReplies | null,
): Promise<void> {
  if (tell === null || quietBecause(head) !== null || head.purpose === "event") return;
  const reply = replyIn(raw);
  if (reply === null) return;
  try {
    await tell(head.accountId, reply);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    throw new SendingDelayed(error.message, { afterMs: error.afterMs, code: error.code, cause: error });
  }
}

/** RFC 5322 §3.6.4: which of our mails it answers; null where no person did, or none of them. Whether it is their owner's own, `outbox` knows. */
export function replyIn(raw: Uint8Array): PersonsReply | null {
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = octets.indexOf(HEADER_END);
  const header = end < 0 ? octets : octets.subarray(0, end);
  if (!header.includes(UNTIL_REPLY)) return null;
  const message = readMessage(raw);
  if (!isFromPerson(message)) return null;
  const named = ["In-Reply-To", "References"].flatMap((name) => message.headers(name).map((field) => field.raw()));
  const ids = named.join(" ").match(/<[^<>\s]+>/g) ?? [];
  const messageIds = [...new Set(ids.filter((id) => id.startsWith(UNTIL_REPLY)))].slice(0, MAX_IDS);
  if (messageIds.length === 0) return null;
  const authors = message.headers("From").flatMap((field) => field.addresses());
  const from = authors.map(({ address }) => address).filter(({ length }) => length > 0 && length <= MAX_ADDRESS);
  return { messageIds, from: from.slice(0, MAX_AUTHORS) };
}

/** RFC 3834 §5, RFC 6522: neither a machine's answer nor a report, both of which name what they are about. */
function isFromPerson(message: Message): boolean {
  const submitted = message.headers("Auto-Submitted")[0]?.raw() ?? "no";
  return /^no\b/i.test(submitted) && !isReport(message) && !isBounceInWords(message) && !isAutomaticReply(message);
}

/** RFC 5321 §4.5.5: what comes from <> is a notification, in whatever form; where the server keeps no Return-Path, its author's name says so. */
function isBounceInWords(message: Message): boolean {
  const authors = message.headers("From").flatMap((field) => field.addresses());
  return (
    message.headers("Return-Path")[0]?.raw().trim() === "<>" ||
    message.headers("X-Failed-Recipients").length > 0 ||
    authors.some(({ address }) => /^(?:mailer-daemon|postmaster)@/i.test(address))
  );
}
