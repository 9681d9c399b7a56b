import type { Reads } from "@tamis/contracts";
import { groupBy } from "./grouping.ts";
import { readStructure } from "./imap/body-structure.ts";
import { type FetchedMail, fetchedMail } from "./imap/fetched-mail.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { asNumber, asOctets } from "./imap/response-values.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { type TextsOnly, textsOnly } from "./texts-only.ts";

/** Mails per UID FETCH: their bytes are in memory at once. */
export const WINDOW: Readonly<Record<Portion["reads"], number>> = { whole: 64, texts: 64, header: 256, unknown: 64 };

/** RFC 5530 §3: it is the server that cannot now, whatever mail is asked for. */
const SERVER_AWAY: ReadonlySet<string> = new Set(["UNAVAILABLE", "INUSE"]);

/** Which part of each mail is fetched: its first bytes, of its header alone or without its attachments where nobody reads more. */
export interface Portion {
  readonly reads: Reads | "unknown";
  readonly inlineBytes: number;
}

/** Whether the server refused for the sake of one of the mails asked for: others may be had. */
export const isAboutMail = (error: unknown): boolean => error instanceof ServerRefused && !SERVER_AWAY.has(error.code);

/** A mail of so many octets travels whole: to ask what it consists of would cost more than its attachments. */
const SMALL_BYTES = 64 * 1024;

/** The mails of a set, in any order. Rejects with `ServerRefused` where the server gave not all of them, after all that it gave. */
export async function fetchMails(
  session: ImapSession,
  set: string,
  { reads, inlineBytes }: Portion,
  onMail: (mail: FetchedMail) => void,
): Promise<void> {
  if (reads === "header") return await session.fetch(set, `[HEADER]<0.${inlineBytes}>`, onMail);
  const isWhole = reads !== "texts" || inlineBytes <= SMALL_BYTES;
  if (isWhole) return await session.fetch(set, firstBytes(inlineBytes), onMail);
  const long: number[] = [];
  const onFirst = (mail: FetchedMail): void => {
    if (mail.bytes.length < SMALL_BYTES) onMail(mail);
    else long.push(mail.uid);
  };
  // One broken mail must not keep the long ones that were given before it.
  const refusal = await session.fetch(set, firstBytes(SMALL_BYTES), onFirst).then(
    () => null,
    (error: unknown) => {
      if (isAboutMail(error)) return error;
      throw error;
    },
  );
  if (long.length > 0) await fetchLong(session, long, inlineBytes, onMail);
  if (refusal !== null) throw refusal;
}

const firstBytes = (count: number): string => `[]<0.${count}>`;

/** Of the set's mails those that are long, ascending, without the attachments that need not travel. */
async function fetchLong(
  session: ImapSession,
  uids: number[],
  inlineBytes: number,
  onMail: (mail: FetchedMail) => void,
): Promise<void> {
  const plans = await planTexts(
    session,
    uids.sort((a, b) => a - b),
    inlineBytes,
  );
  // Pipelined: the server is never without a command.
  const fetched = await Promise.allSettled(
    groupBy(plans, ({ texts }) => texts?.sections.join(" ") ?? "").map(async (group) => {
      const rest = group[0]?.texts == null ? group.map(({ uid }) => uid) : await fetchTexts(session, group, onMail);
      if (rest.length > 0) await session.fetch(formatUidSet(rest), firstBytes(inlineBytes), onMail);
    }),
  );
  for (const result of fetched) if (result.status === "rejected") throw result.reason;
}

interface PlannedMail {
  readonly uid: number;
  /** Null: it is fetched whole. */
  readonly texts: TextsOnly | null;
}

/** What to fetch of each of these mails, ascending. */
async function planTexts(
  session: ImapSession,
  uids: readonly number[],
  inlineBytes: number,
): Promise<readonly PlannedMail[]> {
  const plans = new Map<number, TextsOnly>();
  try {
    await session.fetchItems(formatUidSet(uids), "RFC822.SIZE BODYSTRUCTURE", (items) => {
      const structure = readStructure(items.get("BODYSTRUCTURE"));
      const texts = structure === null ? null : textsOnly(structure, asNumber(items.get("RFC822.SIZE")));
      if (texts !== null && texts.octets <= inlineBytes) plans.set(asNumber(items.get("UID")), texts);
    });
  } catch (error) {
    // QUIRK: servers refuse the structure of a mail whose octets they give.
    if (!isAboutMail(error)) throw error;
  }
  return uids.map((uid) => ({ uid, texts: plans.get(uid) ?? null }));
}

/** Mails of the same sections. Returns those that could not be put together, ascending. */
async function fetchTexts(
  session: ImapSession,
  group: readonly PlannedMail[],
  onMail: (mail: FetchedMail) => void,
): Promise<number[]> {
  const plans = new Map(group.map(({ uid, texts }) => [uid, texts]));
  const rest: number[] = [];
  const sections = (group[0]?.texts?.sections ?? []).map((section) => ` BODY.PEEK[${section}]`).join("");
  const wanted = `FLAGS INTERNALDATE RFC822.SIZE${sections}`;
  await session.fetchItems(formatUidSet([...plans.keys()]), wanted, (items) => {
    const mail = fetchedMail(items);
    const texts = plans.get(mail.uid) ?? null;
    const bytes = texts?.compose((section) => asOctets(items.get(`BODY[${section}]`))) ?? null;
    if (texts === null || bytes === null) rest.push(mail.uid);
    else onMail({ ...mail, bytes, omission: texts.omission });
  });
  return rest.sort((a, b) => a - b);
}
