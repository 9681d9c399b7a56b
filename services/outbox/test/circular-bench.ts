import assert from "node:assert/strict";
import type { Store } from "@tamis/store";
import type { Rates } from "../src/moments.ts";
import { localReply } from "../src/smtp/reply.ts";
import { openCircularCopies } from "../src/tables/circular-copies.ts";
import { openCircularEdits, type RevisedCircular } from "../src/tables/circular-edits.ts";
import { openCircularRecipients } from "../src/tables/circular-recipients.ts";
import { openCircularUpkeep } from "../src/tables/circular-upkeep.ts";
import { type CircularResult, openCircularWork } from "../src/tables/circular-work.ts";
import { openCirculars } from "../src/tables/circulars.ts";
import type { Tables } from "../src/tables/schema.ts";
import type { NewCircular } from "../src/tables/store-circular.ts";
import { openTrackingQueue } from "../src/tables/tracking.ts";
import { recipientsOf } from "./circular-asks.ts";
import { at, HOUR, lease } from "./ledger-bench.ts";

const OPTIONS = { slot: 0, graceMs: HOUR, deadlineMs: 24 * HOUR, awaitsAnswers: true, rates: { perDomain: {} } };
let accounts = 0;

/** Circulars of an account of its own; `rates`: by default none. */
export function openBench(store: Store<Tables>, rates: Rates = OPTIONS.rates) {
  const accountId = `direction-${++accounts}`;
  const circulars = openCirculars(store, OPTIONS.deadlineMs);
  const adding = { ...OPTIONS, messageIdOf: (n: number) => `<${n}@example.org>` };
  const recipients = openCircularRecipients(store, adding);
  const copies = openCircularCopies(store, adding);
  const edits = openCircularEdits(store, adding);
  const queue = openTrackingQueue(store);
  const work = openCircularWork(store, { ...OPTIONS, rates });
  const upkeep = openCircularUpkeep(store, OPTIONS);
  const draft = async (key = "1", fields: readonly string[] = [], more: Partial<NewCircular> = {}) => {
    const body = { sha256: "a".repeat(64), octets: Buffer.from("draft") };
    const about = { subject: "Rentrée", tracked: true, receipts: "read", fields, objects: [], list: null } as const;
    const made = await circulars.create({ accountId, key, draft: body.sha256, body, ...about, ...more }, at(0));
    return String(made === "other" ? assert.fail() : made.id);
  };
  const started = async (count: number, key = "1", list: string | null = null) => {
    const id = await draft(key, [], { list });
    await recipients.add(accountId, id, { recipients: recipientsOf(count), now: at(0) });
    const due = { at: at(HOUR), wall: null, zone: null, which: null };
    await circulars.schedule(accountId, id, { due, now: at(0) });
    await work.start(at(HOUR));
    return id;
  };
  const claim = async (id: string, count: number, name: string, now = at(HOUR)) => {
    const share = { circularId: Number(id), count, perMail: 1 };
    return (await work.claim([share], lease(name, at(2 * HOUR)), now)).recipients;
  };
  const said = (
    one: { id: number; circularId: number; lease: string },
    state: CircularResult["state"],
    nextAt = at(HOUR),
  ): CircularResult => ({
    id: one.id,
    circularId: one.circularId,
    lease: one.lease,
    state,
    reply: state === "returned" ? null : localReply(450, "4.2.0", "said"),
    nextAt,
  });
  /** Has it say something else, as it was last read. */
  const revise = async (id: string, text: string, more: Partial<RevisedCircular> = {}) => {
    const version = (await edits.read(accountId, id))?.version ?? assert.fail("not found");
    const body = { sha256: text.padEnd(64, "-"), octets: Buffer.from(text) };
    const about = { subject: text, tracked: true, receipts: "read", fields: [], objects: [], list: null } as const;
    return edits.revise(accountId, id, { ...about, body, version, now: at(0), ...more });
  };
  const counts = async (id: string) => (await circulars.find(accountId, id))?.counts;
  const begin = (id: string, leaseName: string, ids: readonly number[], now = at(HOUR)) =>
    work.commit({ begins: [{ lease: leaseName, circularId: Number(id), ids }], results: [] }, now);
  return {
    ...{ accountId, circulars, recipients, copies, edits, queue, work, upkeep },
    ...{ draft, started, claim, revise, said, counts, begin },
  };
}

export type Bench = ReturnType<typeof openBench>;

/** Counts by adding up, and by counting: they must be the same. */
export async function counted(store: Store<Tables>, id: string): Promise<Record<string, number>> {
  const rows = await store.read((db) =>
    db
      .selectFrom("circular_recipient")
      .select((row) => ["state", row.cast<number>(row.fn.countAll(), "integer").as("count")])
      .where("circular_id", "=", Number(id))
      .groupBy("state")
      .execute(),
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
