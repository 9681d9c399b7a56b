import type { ReportedRecipient, SendingState } from "@tamis/contracts";
import type { StoreHandle } from "@tamis/store";
import { sql } from "kysely";
import { formatReply } from "../smtp/reply.ts";
import { numberOf } from "./circulars.ts";
import type { Tables } from "./schema.ts";

/** Which recipients of a circular are reported. */
export interface Page {
  /** Those after this number. */
  readonly after: string | undefined;
  readonly states: readonly SendingState[] | undefined;
  readonly limit: number;
}

export interface ReportPage {
  readonly recipients: readonly ReportedRecipient[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

/** A page of the recipients of a circular, in the order of their numbers. */
export async function report(
  db: StoreHandle<Tables>,
  circularId: number,
  { after, states, limit }: Page,
): Promise<ReportPage> {
  const rows = await db
    .selectFrom("circular_recipient as row")
    .innerJoin("circular", "circular.id", "row.circular_id")
    .select(["row.id", "address", "name", "row.state", "attempts", "row.changed_at", "next_at", "message_id"])
    .select(["code", "status", "reply", "sealing", "circular.state as circular"])
    .where("circular_id", "=", circularId)
    .whereRef("row.id", ">=", "first_recipient")
    .where("row.id", ">", numberOf(after ?? ""))
    .$if(states !== undefined, (query) =>
      query.where("row.state", "=", sql<SendingState>`any(${[...(states ?? [])]}::text[])`),
    )
    .orderBy("row.id")
    .limit(limit)
    .execute();
  const recipients = rows.map((row) => ({
    id: String(row.id),
    address: row.address,
    name: row.name,
    state: row.state,
    attempts: row.attempts,
    changedAt: row.changed_at.getTime(),
    nextAt: row.state === "deferred" && row.circular === "started" ? row.next_at.getTime() : null,
    messageId: row.message_id,
    reply: replyText(row),
    ...(row.sealing === null ? {} : { sealing: row.sealing }),
  }));
  return { recipients, next: rows.length < limit ? null : (recipients.at(-1)?.id ?? null) };
}

/** A word of our own (the lease that ended) has no code. */
function replyText({ code, status, reply }: Pick<Tables["recipient"], "code" | "status" | "reply">): string | null {
  if (reply === null) return null;
  return code === null ? reply : formatReply({ code, status, text: reply, lines: [] });
}
