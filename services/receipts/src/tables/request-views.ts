import type { RequestState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { requestIn } from "./request-work.ts";
import type { Tables } from "./schema.ts";

export interface RequestPage {
  readonly accountId: string;
  readonly states?: readonly RequestState[] | undefined;
  /** The number that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A request as the tables have it. */
export interface RequestRow {
  readonly id: string;
  readonly mailId: string;
  readonly to: readonly string[];
  readonly messageId: string | null;
  readonly sender?: string;
  readonly subject?: string;
  readonly at: number;
  readonly state: RequestState;
  readonly reason: string | null;
  readonly since: number;
}

/** What others ask of an account, the newest first; `next` is null after the last page. */
export async function pageOfRequests(
  store: Store<Tables>,
  { accountId, states, after, limit }: RequestPage,
): Promise<{ readonly rows: readonly RequestRow[]; readonly next: string | null }> {
  const rows = await store.read((db) =>
    db
      .selectFrom("request")
      .select(["id", "mail_id", "request", "arrived_at", "state", "reason", "changed_at"])
      .where("account_id", "=", accountId)
      .where("request", "is not", null)
      .$if(states !== undefined, (query) => query.where("state", "in", [...(states ?? [])]))
      .$if(after !== undefined, (query) => query.where("id", "<", Math.min(Number(after), MAX_ID)))
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute(),
  );
  const page = rows.slice(0, limit).map((row): RequestRow => {
    const request = requestIn(row);
    return {
      id: String(row.id),
      mailId: row.mail_id,
      to: request?.to ?? [],
      messageId: request?.messageId ?? null,
      ...(request?.sender === undefined ? {} : { sender: request.sender }),
      ...(request?.subject === undefined ? {} : { subject: request.subject }),
      at: row.arrived_at?.getTime() ?? 0,
      state: row.state,
      reason: row.reason,
      since: row.changed_at.getTime(),
    };
  });
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Of the type `integer`. */
export const MAX_ID = 2_147_483_647;
