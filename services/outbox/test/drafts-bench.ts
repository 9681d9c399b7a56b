import assert from "node:assert/strict";
import type { Store } from "@tamis/store";
import { wallTimeOf } from "@tamis/when";
import { stepAfter } from "../src/drafts/draft-keeper.ts";
import type { ReadDraft } from "../src/drafts/read-draft.ts";
import { type OfferedDraft, openDraftIntake } from "../src/tables/draft-intake.ts";
import { type DueDraft, openDraftWork } from "../src/tables/draft-work.ts";
import type { Tables } from "../src/tables/schema.ts";
import { at, DAY, HOUR, lease, openLedger, result } from "./ledger-bench.ts";

const ZONE = "Europe/Paris";
const RULES = { domain: "mx.example.org", lifeMs: DAY, isTracking: false };

export const dueAt = (time: Date): ReadDraft["due"] => ({ at: time, wall: wallTimeOf(time, ZONE), zone: ZONE });

/** Until when what is taken then is held. */
export const heldFrom = (time: Date): Date => new Date(time.getTime() + 60_000);

/** The ledger with drafts of an account of its own, due an hour after their offer. */
export function openDrafts(store: Store<Tables>) {
  const ledger = openLedger(store);
  const limit = { per_account_hour: 20, per_target_day: 20 };
  const intake = openDraftIntake(store, { ...RULES, limit, graceMs: 15 * 60_000 });
  const work = openDraftWork(store, RULES);
  const draft = (name: string, read: Partial<ReadDraft> = {}, more: Partial<OfferedDraft> = {}): OfferedDraft => ({
    accountId: ledger.accountId,
    address: "anna@example.org",
    identities: ["direction@example.org"],
    subject: name,
    sha256: `${ledger.accountId}/${name}`,
    fingerprint: `print-${name}`,
    internalDate: at(0),
    authzid: null,
    read: {
      from: "anna@example.org",
      to: ["bob@example.com", "carl@example.com"],
      octets: Buffer.from(`Subject: ${ledger.accountId} ${name}\r\n\r\nx\r\n`),
      due: dueAt(at(HOUR)),
      recurrence: null,
      endsOnReply: false,
      ...read,
    },
    ...more,
  });
  const confirm = async (name: string, time = at(1)) =>
    (await intake.confirm(ledger.accountId, [`print-${name}`], time))[0]?.state;
  const schedule = async (name: string, read: Partial<ReadDraft> = {}): Promise<void> => {
    assert.equal(await intake.offer(draft(name, read), at(0)), "offered");
    assert.equal(await confirm(name), "kept");
  };
  /** The relay says this of what is due; the mails that left. */
  const send = async (state: "accepted" | "rejected" | "unknown", time: Date) => {
    const claimed = await ledger.work.claim(100, lease("l"), time);
    for (const { recipients } of claimed) {
      const ids = recipients.map(({ id }) => id);
      assert.ok(await ledger.work.begin("l", ids, time));
      await ledger.work.record(
        "l",
        ids.map((id) => result(id, state)),
        time,
      );
    }
    return claimed.map(({ octets }) => Buffer.from(octets).toString());
  };
  const due = async (time: Date): Promise<DueDraft> => {
    const [one, ...more] = await work.take(10, time, heldFrom(time));
    assert.equal(more.length, 0);
    return one ?? assert.fail("no draft is due");
  };
  /** As the keeper does once `mailbox` has answered. */
  const finish = async (time: Date): Promise<DueDraft> => {
    const one = await due(time);
    assert.ok(one.word !== null);
    assert.equal(await work.finish(one.draft, stepAfter(one, one.word, time), time, heldFrom(time)), true);
    return one;
  };
  return { ...ledger, drafts: intake, keeping: work, draft, confirm, schedule, send, due, finish };
}
