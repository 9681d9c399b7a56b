import { UNTIL_REPLY } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { zoneOffset } from "@tamis/when";
import type { Selectable } from "kysely";
import type { DueTime } from "../drafts/draft-time.ts";
import { asksDisposition, dateAt } from "../mail-fields.ts";
import { insertSending } from "./intake.ts";
import type { Db } from "./move.ts";
import { bodyAsBase64, fromBase64 } from "./octets.ts";
import type { Tables } from "./schema.ts";

export type DraftRow = Selectable<Tables["draft"]>;

/** What sendings of drafts have in common. */
export interface DraftSendingRules {
  /** Right side of Message-IDs. */
  readonly domain: string;
  /** How long one is tried, from when it may leave, ms. */
  readonly lifeMs: number;
  /** Whether receipts are followed here. */
  readonly isTracking: boolean;
}

interface Scheduling {
  readonly draft: DraftRow;
  readonly due: DueTime;
  readonly occurrence: number;
  readonly now: Date;
}

/** Puts an occurrence of a draft into the ledger, to leave at its time; null where its octets are not kept any more. */
export async function scheduleOccurrence(
  db: Db,
  { draft, due, occurrence, now }: Scheduling,
  { domain, lifeMs, isTracking }: DraftSendingRules,
): Promise<number | null> {
  const octets = await octetsOf(db, draft.body);
  if (octets === null) return null;
  const messageId = messageIdOf(draft, occurrence, domain);
  return await insertSending(db, {
    origin: {
      accountId: draft.account_id,
      fingerprint: draft.sha256,
      mailId: `${draft.account_id}/draft/${draft.id}`,
      internalDate: draft.internal_date,
      traceparent: null,
    },
    sending: {
      // With account and octets the identity of the sending: one for each occurrence, whatever is repeated.
      key: `draft/${draft.id}/${occurrence}`,
      kind: "submission",
      from: draft.envelope_from,
      to: JSON.parse(draft.recipients),
      messageId,
      body: { sha256: draft.body, octets },
      prefix: prefixOf(due, messageId),
      cancelsKeep: false,
      hold: false,
      dueAt: due.at,
      expiresAt: new Date(Math.max(due.at.getTime(), now.getTime()) + lifeMs),
      dsn: JSON.stringify({ futureRelease: `until;${due.at.toISOString().slice(0, 19)}Z` }),
      deliverBy: null,
      fcc: null,
      reports: "failures",
      authzid: draft.authzid,
      receipts: isTracking && asksDisposition(readMessage(octets)) ? "read" : "none",
    },
    now,
  });
}

/** RFC 5322 §3.6: its date is that of its sending. */
export const prefixOf = ({ at, zone }: DueTime, messageId: string): string =>
  `Date: ${dateAt(at, Math.round(zoneOffset(zone, at.getTime()) / 60_000))}\r\nMessage-ID: ${messageId}\r\n`;

/** Those of drafts that are sent until somebody answers say so: `filter` asks about no other answers. */
const messageIdOf = ({ name, ends_on_reply }: DraftRow, occurrence: number, domain: string): string =>
  `${ends_on_reply ? UNTIL_REPLY : "<tamis.draft."}${name}.${occurrence}@${domain}>`;

async function octetsOf(db: Db, sha256: string): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom("body")
    .select((from) => bodyAsBase64(from).as("octets"))
    .where("sha256", "=", sha256)
    // Whoever drops unused bodies waits.
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : fromBase64(row.octets);
}
