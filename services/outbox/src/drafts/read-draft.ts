import { type HeaderField, headerField, type Message, readMessage } from "@tamis/message";
import { type ReadRecurrence, readRecurrence, recurrenceText } from "@tamis/when";
import { isHeaderLong, without, withWholeLines } from "../mail-fields.ts";
import { canonicalMailbox, toPath } from "../smtp/address.ts";
import { mayWriteAs } from "../submission/identities.ts";
import type { DraftFault } from "./draft-fault.ts";
import { type DueTime, draftTime, type TimeRules } from "./draft-time.ts";

export interface DraftRules extends TimeRules {
  /** Whose draft it is. */
  readonly account: { readonly address: string; readonly identities: readonly string[] };
  /** The clock; `now` is when the draft was put where it is, which is what its words count from. */
  readonly clock: Date;
  /** A time may be over for so long, ms. */
  readonly graceMs: number;
}

/** A draft as it is to leave. */
export interface ReadDraft {
  /** MAIL FROM. */
  readonly from: string;
  readonly to: readonly string[];
  /** Without Bcc, Date, Message-ID, and all that programs wrote for themselves. */
  readonly octets: Uint8Array;
  readonly due: DueTime;
  /** As `readRecurrence` reads it; null: it leaves once. */
  readonly recurrence: string | null;
  readonly endsOnReply: boolean;
}

/** Most recipients of one draft; more are for a circular. */
const MAX_RECIPIENTS = 500;

/** Fields that are no part of a mail that leaves: RFC 5322 §3.6.3 Bcc, what is fixed anew, and what mail programs note for themselves in drafts. */
const DROPPED = new Set([
  "bcc",
  "resent-bcc",
  "return-path",
  "date",
  "message-id",
  "fcc",
  "x-fcc",
  "x-identity-key",
  "x-account-key",
  "x-unsent",
  "x-uidl",
  "x-enigmail-draft-status",
]);
const DROPPED_FAMILIES = /^x-(?:send-later|mozilla)-/;

const isDropped = ({ lowerName }: HeaderField): boolean => DROPPED.has(lowerName) || DROPPED_FAMILIES.test(lowerName);

/** The draft as it is to leave, and when; or why it cannot be sent. */
export function readDraft(draft: Uint8Array, rules: DraftRules): ReadDraft | DraftFault {
  const raw = withWholeLines(draft);
  const message = readMessage(raw);
  if (isHeaderLong(message)) return { code: "too-long" };
  const from = writerOf(message, rules.account);
  if ("code" in from) return from;
  const recipients = recipientsOf(message);
  if ("code" in recipients) return recipients;
  const recurrence = recurrenceOf(message);
  if (!recurrence.ok) return { code: "recurrence", fault: recurrence.fault, word: recurrence.word };
  const time = draftTime(message, rules);
  if (time.kind === "fault") return time.fault;
  const { due, subject } = time;
  if (due.at.getTime() + rules.graceMs < rules.clock.getTime()) return { code: "late", wall: due.wall, zone: due.zone };
  const recurs = recurrence.recurrence !== null;
  return {
    from: from.address,
    to: recipients.to,
    octets: strippedOctets(raw, message, subject),
    due,
    recurrence: recurs ? recurrenceText(recurrence.recurrence) : null,
    // What is sent once has no mail before it that somebody could answer.
    endsOnReply: recurs && /^(?:yes|true|1)$/i.test(message.headers("X-Send-Later-Cancel-On-Reply")[0]?.raw() ?? ""),
  };
}

/** RFC 5322 §3.6.2: one From; who writes may write as each of its addresses, and as Sender. */
function writerOf(message: Message, account: DraftRules["account"]): { readonly address: string } | DraftFault {
  const fields = message.headers("From");
  if (fields.length > 1 || message.headers("Sender").length > 1) return { code: "several-from" };
  const authors = fields[0]?.addresses().filter(({ address }) => address !== "") ?? [];
  const senders = message.headers("Sender").flatMap((field) => field.addresses());
  const path = toPath((senders[0] ?? authors[0])?.address ?? "");
  if (authors.length === 0 || path === null) return { code: "no-from" };
  const isOwn = [...authors, ...senders].every(({ address }) => mayWriteAs(account, address));
  return isOwn ? { address: path.text } : { code: "foreign-from" };
}

function recipientsOf(message: Message): { readonly to: readonly string[] } | DraftFault {
  const to = new Map<string, string>();
  for (const { name, address } of ["To", "Cc", "Bcc"].flatMap((field) =>
    message.headers(field).flatMap((one) => one.addresses()),
  )) {
    // An empty group, `undisclosed-recipients:;`, names nobody.
    if (address === "" && name === "") continue;
    const path = toPath(address);
    if (path === null) return { code: "bad-address", address: (address || name).slice(0, 80) };
    to.set(canonicalMailbox(path.text), path.text);
  }
  if (to.size === 0) return { code: "no-recipient" };
  return to.size > MAX_RECIPIENTS ? { code: "too-many-recipients" } : { to: [...to.values()] };
}

function recurrenceOf(message: Message): ReadRecurrence {
  const text = message.headers("X-Send-Later-Recur")[0]?.raw() ?? "";
  return text === "" ? { ok: true, recurrence: null } : readRecurrence(text);
}

function strippedOctets(raw: Uint8Array, message: Message, subject: string | null): Uint8Array {
  const dropped = message
    .headerFields()
    .filter((field) => isDropped(field) || (subject !== null && field.lowerName === "subject"));
  const named = ["To", "Cc"].some((field) => message.headers(field).length > 0);
  const added = [
    ...(subject === null ? [] : [headerField("Subject", subject)]),
    // Some servers put the envelope's recipients into a mail that names none (RFC 5322 §3.6.3).
    ...(named ? [] : ["To: undisclosed-recipients:;\r\n"]),
  ].join("");
  return Buffer.concat([Buffer.from(added), without(raw, dropped)]);
}
