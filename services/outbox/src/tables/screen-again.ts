import type { CircularReceipts } from "@tamis/contracts";
import { sql } from "kysely";
import type { CircularRecipientsOptions } from "./add-recipients.ts";
import { countMoves } from "./circular-counts.ts";
import type { Db } from "./move.ts";
import { leftAmong } from "./subscriptions.ts";
import { suppressedAmong } from "./suppressions.ts";

/** What a circular of which nothing has left is now. */
export interface ScreenedCircular {
  readonly id: number;
  readonly tracked: boolean;
  readonly receipts: CircularReceipts;
  /** Whoever left one of them gets nothing. */
  readonly lists: readonly (string | null)[];
}

interface Screening extends CircularRecipientsOptions {
  readonly now: Date;
}

/** Recipients of one statement. */
const PAGE = 500;

/** Gives the recipients of a locked circular the Message-IDs, and the states, that they would have if they were added now. */
export async function screenAgain(db: Db, circular: ScreenedCircular, screening: Screening): Promise<void> {
  let after = 0;
  for (let count = PAGE; count === PAGE; ) {
    const rows = await db
      .selectFrom("circular_recipient")
      .select(["id", "mailbox", "state"])
      .where("circular_id", "=", circular.id)
      .where("id", ">", after)
      .orderBy("id")
      .limit(PAGE)
      .execute();
    count = rows.length;
    after = rows.at(-1)?.id ?? after;
    if (count > 0) await screenPage(db, { circular, rows, ...screening });
  }
}

interface Page extends Screening {
  readonly circular: ScreenedCircular;
  readonly rows: readonly { readonly id: number; readonly mailbox: string; readonly state: string }[];
}

async function screenPage(db: Db, { circular, rows, slot, messageIdOf, now }: Page): Promise<void> {
  const { id: circularId, tracked, receipts, lists } = circular;
  const mailboxes = rows.map(({ mailbox }) => mailbox);
  const out = new Set(await suppressedAmong(db, mailboxes));
  for (const list of new Set(lists)) for (const mailbox of await leftAmong(db, list, mailboxes)) out.add(mailbox);
  const screened = rows.map(({ id, mailbox, state }) => ({
    id,
    before: state === "suppressed" ? ("suppressed" as const) : ("scheduled" as const),
    state: out.has(mailbox) ? ("suppressed" as const) : ("scheduled" as const),
    message_id: tracked ? messageIdOf(id, receipts) : null,
  }));
  await db
    .updateTable("circular_recipient as row")
    .from(
      sql<(typeof screened)[number]>`jsonb_to_recordset(${JSON.stringify(screened)}::jsonb)`.as<"said">(
        sql`said(id int, state text, message_id text)`,
      ),
    )
    .set((column) => ({
      state: column.ref("said.state"),
      message_id: column.ref("said.message_id"),
      changed_at: now,
    }))
    .whereRef("row.id", "=", "said.id")
    .execute();
  const moved = screened.filter(({ before, state }) => before !== state);
  await countMoves(
    db,
    slot,
    moved.map(({ before, state }) => ({ circularId, from: before, to: state })),
  );
}
