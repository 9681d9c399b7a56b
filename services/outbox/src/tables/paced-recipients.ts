import { sql } from "kysely";
import type { Rates } from "../moments.ts";
import type { Db } from "./move.ts";
import { takeMoments, type Wait } from "./rates.ts";

/** A recipient of a circular that is due. */
export interface DueRecipient {
  readonly id: number;
  readonly circularId: number;
  /** Whose circular it is. */
  readonly accountId: string;
  readonly mailbox: string;
}

export interface Pacing {
  readonly rates: Rates;
  readonly now: Date;
  /** How many recipients one mail of a circular may have. */
  readonly perMail: (circularId: number) => number;
}

/** What may not leave within this is due again when it may, ms. */
const PATIENCE_MS = 1_000;

/** Those that may leave soon, in the order of their turns, each with how long it has to wait, ms; the others are put off. */
export async function paceRecipients<T extends DueRecipient>(
  db: Db,
  recipients: readonly T[],
  { rates, now, perMail }: Pacing,
): Promise<readonly (T & { readonly waitMs: number })[]> {
  const mails = inTurns(recipients, perMail);
  const ordered = mails.flat();
  const paced = mails.flatMap((mail) =>
    mail.map(({ mailbox, accountId, circularId }, index) => ({
      sender: accountId,
      domain: mailbox.slice(mailbox.lastIndexOf("@") + 1),
      queue: String(circularId),
      isTogether: index > 0,
    })),
  );
  const waits = await takeMoments(db, paced, { rates, patienceMs: PATIENCE_MS });
  // Proof: there is one for each.
  const placed = ordered.map((recipient, index) => ({ ...recipient, wait: waits[index] as Wait }));
  const later = placed.filter(({ wait }) => wait.kind === "later");
  await putOff(
    db,
    later.map(({ id, wait }) => ({ id, at: new Date(now.getTime() + wait.ms) })),
  );
  return placed.filter((one) => one.wait.kind === "soon").map((one) => ({ ...one, waitMs: one.wait.ms }));
}

/** Mails of each circular in turn: where there are few moments, a small one has as many of them as a large one. */
function inTurns<T extends DueRecipient>(recipients: readonly T[], perMail: Pacing["perMail"]): readonly T[][] {
  const queues = [...Map.groupBy(recipients, ({ circularId }) => circularId)].map(([circularId, own]) => {
    const size = perMail(circularId);
    return Array.from({ length: Math.ceil(own.length / size) }, (_, mail) => own.slice(mail * size, (mail + 1) * size));
  });
  const turns = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) => queues.flatMap((queue) => queue.slice(turn, turn + 1))).flat();
}

async function putOff(db: Db, moments: readonly { readonly id: number; readonly at: Date }[]): Promise<void> {
  if (moments.length === 0) return;
  await db
    .updateTable("circular_recipient as row")
    .from(
      sql<{ id: number; at: Date }>`jsonb_to_recordset(${JSON.stringify(moments)}::jsonb)`.as<"moment">(
        sql`moment(id int, at timestamptz)`,
      ),
    )
    .set((column) => ({ next_at: column.ref("moment.at") }))
    .whereRef("row.id", "=", "moment.id")
    .execute();
}
