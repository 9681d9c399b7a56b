import type { Bus, Reply } from "@tamis/bus";
import { RetryLater } from "@tamis/bus";
import {
  type BatchHead,
  FETCH_CHUNK_BYTES,
  type FetchRequest,
  formatMailId,
  headerNames,
  type MailboxAnswer,
  type MailboxAsk,
  mailboxAnswer,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { readJson } from "./json.ts";

/** A mail's bytes beyond what the batch carried. */
export type WholeMail =
  | { readonly kind: "whole"; readonly raw: Uint8Array }
  /** Its owner moved or deleted it meanwhile. */
  | { readonly kind: "gone" }
  /** `begin`: what was fetched of it. */
  | { readonly kind: "too-large"; readonly begin: Uint8Array };

/** What only `mailbox` knows about a mail. Everything throws `RetryLater` while it cannot be told. */
export interface MailboxAsker {
  /** RFC 5490 §3.1: a folder that the answer does not name does not exist. */
  mailboxesExist(accountId: string, names: readonly string[]): Promise<ReadonlyMap<string, boolean>>;
  /** RFC 8579: by attribute in lower case, the folders that have it. */
  specialUse(accountId: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** RFC 9042 §4: the names of the folders with these ids, null where there is none. */
  mailboxIds(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** RFC 5490 §3.3: the values of annotations, in order, null where there is none; of the server where `mailbox` is null. */
  metadata(accountId: string, entries: readonly Annotation[]): Promise<readonly (string | null)[]>;
  /** `begin`: the bytes that are there already; `most`: a longer mail is not fetched to its end, where that is less than for all. */
  wholeMail(head: BatchHead, uid: number, begin: Uint8Array, most?: number): Promise<WholeMail>;
}

/** How an annotation is called. */
export interface Annotation {
  readonly mailbox: string | null;
  readonly entry: string;
}

/** The account cannot be asked now, for a reason of its own: its mail waits in INBOX. */
export const ACCOUNT_REFUSED = "account-refused";
const REFUSED_RETRY_MS = 15_000;
const BUSY_RETRY_MS = 1_000;

export interface AskerOptions {
  readonly timeoutMs: number;
  readonly wholeMailBytes: number;
}

/** Asks the holder of the account's partition by request and reply. */
export function mailboxAsker(bus: Pick<Bus, "request">, options: AskerOptions): MailboxAsker {
  const request = (subject: string, question: MailboxAsk | FetchRequest): Promise<Reply> =>
    bus.request(subject, new TextEncoder().encode(JSON.stringify(question)), { timeoutMs: options.timeoutMs });

  const ask = async (question: MailboxAsk): Promise<MailboxAnswer> =>
    parseAnswer((await request(subjects.mailboxAsk(partitionOf(question.accountId)), question)).payload);

  return {
    async mailboxesExist(accountId, names) {
      const answer = await ask({ op: "mailbox-exists", accountId, mailboxes: [...names] });
      const known = answer.kind === "mailbox-exists" ? answer.mailboxes : {};
      return new Map(names.map((name) => [name, Object.hasOwn(known, name) && known[name] === true]));
    },
    async specialUse(accountId) {
      const answer = await ask({ op: "special-use", accountId });
      if (answer.kind !== "special-use") throw unanswered("special-use");
      return new Map(Object.entries(answer.mailboxes).map(([use, names]) => [use.toLowerCase(), names]));
    },
    async mailboxIds(accountId, ids) {
      const answer = await ask({ op: "mailbox-ids", accountId, ids: [...ids] });
      if (answer.kind !== "mailbox-ids") throw unanswered("mailbox-ids");
      const { mailboxes } = answer;
      return new Map(ids.map((id) => [id, Object.hasOwn(mailboxes, id) ? (mailboxes[id] ?? null) : null]));
    },
    async metadata(accountId, entries) {
      const answer = await ask({ op: "metadata", accountId, entries: [...entries] });
      if (answer.kind !== "metadata") throw unanswered("metadata");
      return entries.map((_, index) => answer.values[index] ?? null);
    },
    async wholeMail(head, uid, begin, most = options.wholeMailBytes) {
      const key = { accountId: head.accountId, folderId: head.folder.id, uidValidity: head.folder.uidValidity, uid };
      const subject = subjects.mailboxFetch(partitionOf(head.accountId));
      const fetchFrom = (offset: number): Promise<Reply> =>
        request(subject, { v: 1, mailId: formatMailId(key), folder: head.folder.name, offset });
      return fetchWhole(fetchFrom, begin, Math.min(most, options.wholeMailBytes));
    },
  };
}

const unanswered = (op: string): RetryLater =>
  new RetryLater(`mailbox did not answer the question ${op}`, { code: "failed" });

function parseAnswer(payload: Uint8Array): MailboxAnswer {
  const answer = mailboxAnswer.safeParse(readJson(payload));
  if (!answer.success)
    throw new RetryLater("mailbox gave an answer that is none", { code: "failed", cause: answer.error });
  if (answer.data.kind === "refused") {
    throw new RetryLater("mailbox cannot ask the account's server now", {
      code: ACCOUNT_REFUSED,
      afterMs: REFUSED_RETRY_MS,
    });
  }
  return answer.data;
}

/**
 * Reads on until there is no more. QUIRK: Exchange's RFC822.SIZE is an estimate, too large or too small: the mail ends where a piece is
 * shorter than asked for and the length is as told, else where there are no octets when asked twice (RFC 9051 §6.4.5).
 */
async function fetchWhole(
  fetchFrom: (offset: number) => Promise<Reply>,
  begin: Uint8Array,
  limit: number,
): Promise<WholeMail> {
  const pieces = [begin];
  let have = begin.length;
  for (let ends = 0; ends < 2; ) {
    const reply = await fetchFrom(have);
    if (reply.header(headerNames.status) === "gone") return { kind: "gone" };
    const told = sizeTold(reply);
    const piece = reply.payload;
    have += piece.length;
    if (piece.length > 0) pieces.push(piece);
    if (Math.max(told, have) > limit) return { kind: "too-large", begin: Buffer.concat(pieces, have) };
    ends = piece.length > 0 ? 0 : ends + 1;
    if (have === told && piece.length < FETCH_CHUNK_BYTES) break;
  }
  return { kind: "whole", raw: pieces.length === 1 ? begin : Buffer.concat(pieces, have) };
}

/** RFC822.SIZE, where the answer is one. */
function sizeTold(reply: Reply): number {
  const status = reply.header(headerNames.status);
  if (status !== "ok") {
    throw new RetryLater(`mailbox cannot fetch now: ${status ?? "no status"}`, {
      code: "busy",
      afterMs: BUSY_RETRY_MS,
    });
  }
  const total = Number(reply.header(headerNames.total));
  if (Number.isSafeInteger(total) && total >= 0) return total;
  throw new RetryLater("mailbox did not tell the mail's size", { code: "failed" });
}
