import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import { tempDir } from "@tamis/testkit";
import { memoryBucket } from "../test/memory-bucket.ts";
import { decisionOn, PlainSession, text } from "../test/plain-session.ts";
import { type AccountRecord, newRecord, settle } from "./account-record.ts";
import {
  type ContactDeps,
  findHandedOver,
  findUnsettled,
  isRenumbered,
  makeRecord,
  NeedsPerson,
  renumber,
} from "./contact.ts";
import { Roster } from "./roster.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-02T12:00:00Z");

/** INBOX with one mail per age in hours, oldest first. */
function inboxOf(...ages: readonly number[]): PlainSession {
  const session = new PlainSession();
  for (const [i, age] of ages.entries()) session.inbox.add(text(`m${i}`), { internalDate: NOW - age * HOUR });
  return session;
}

/** UIDs that will be published. */
function fresh(session: PlainSession, { published, settled }: AccountRecord): number[] {
  return session.inbox.mails.map(({ uid }) => uid).filter((uid) => uid > published && !settled.has(uid));
}

async function make(session: PlainSession, deps: Partial<ContactDeps>, seen?: number): Promise<AccountRecord> {
  const dir = tempDir("tamis-contact");
  try {
    const roster = new Roster(memoryBucket("roster"), dir.path);
    if (seen !== undefined) await roster.touch("ada", seen);
    roster.save();
    const folder = await session.select("INBOX");
    const rest = { accountId: "ada", firstContact: "end", workedBefore: async () => false, recoverSince: undefined };
    return await makeRecord(session.asSession, folder, { ...rest, roster, ...deps });
  } finally {
    dir.remove();
  }
}

describe("makeRecord", () => {
  for (const { name, deps, seen, want } of [
    { name: "first contact, end: nothing that is there", deps: {}, want: [] },
    { name: "first contact, all: everything", deps: { firstContact: "all" }, want: [1, 2, 3, 4] },
    { name: "first contact, a date: what came since", deps: { firstContact: "2026-11-02" }, want: [3, 4] },
    { name: "a lost record: since last seen minus an hour", deps: {}, seen: NOW - 2 * HOUR, want: [3, 4] },
    { name: "recover --since", deps: { recoverSince: NOW - 30 * HOUR }, want: [2, 3, 4] },
    {
      name: "recover --since goes before the roster",
      deps: { recoverSince: NOW - 30 * 24 * HOUR },
      seen: NOW,
      want: [1, 2, 3, 4],
    },
  ] satisfies { name: string; deps: Partial<ContactDeps>; seen?: number; want: number[] }[])
    it(name, async () => {
      const session = inboxOf(100, 26, 2.5, 0.1);
      const record = await make(session, deps, seen);
      assert.deepEqual(fresh(session, record), want);
      assert.equal(record.rebuiltFrom !== undefined, seen !== undefined || "recoverSince" in deps);
    });

  it("a lost record: mail that was stored anew is left alone; at a first contact such a field means nothing", async () => {
    for (const [deps, seen, want] of [
      [{}, NOW, []],
      [{ firstContact: "2026-11-02" }, undefined, [1]],
    ] as const) {
      const session = new PlainSession();
      const raw = `X-Tamis-Rewritten: 0123456789abcdef-1-0-01234567\r\n${text("m")}`;
      session.inbox.add(raw, { internalDate: NOW });
      assert.deepEqual(fresh(session, await make(session, deps, seen)), want);
    }
  });

  it("refuses when this installation worked before and nothing tells of this account", async () => {
    const attempt = make(inboxOf(1), { workedBefore: async () => true });
    await assert.rejects(attempt, (error) => error instanceof NeedsPerson && error.reason === "recover-needed");
  });

  it("an empty INBOX, and a server that gives no UIDNEXT", async () => {
    const empty = inboxOf();
    assert.deepEqual(fresh(empty, await make(empty, {})), []);
    const silent = inboxOf(5, 1);
    silent.inbox.uidNext = 0;
    assert.equal((await make(silent, {})).published, 2);
    const neither = inboxOf();
    neither.inbox.uidNext = 0;
    assert.equal((await make(neither, {})).published, 0);
  });

  it("old mail that was put into INBOX lately keeps its age", async () => {
    const session = inboxOf(2, 200, 0.5);
    assert.deepEqual(fresh(session, await make(session, {}, NOW - 1.5 * HOUR)), [1, 3]);
  });
});

describe("isRenumbered", () => {
  const folder = { name: "INBOX", uidValidity: 7, uidNext: 11, uidNotSticky: false, permanentFlags: null };
  for (const { name, seen, want } of [
    { name: "nothing changed", seen: folder, want: false },
    { name: "more mail came", seen: { ...folder, uidNext: 40 }, want: false },
    { name: "another UIDVALIDITY", seen: { ...folder, uidValidity: 8 }, want: true },
    { name: "UIDs that begin again under the same UIDVALIDITY", seen: { ...folder, uidNext: 3 }, want: true },
    { name: "a server that tells no UIDNEXT", seen: { ...folder, uidNext: 0 }, want: false },
  ])
    it(name, () => assert.equal(isRenumbered(seen, newRecord(7, 10, 0)), want));
});

describe("renumber", () => {
  it("takes for new what is young and unknown, and leaves the rest", async () => {
    const session = inboxOf(100, 3, 2, 0.5, 0.2);
    const old = newRecord(7, 3, NOW);
    for (const uid of [3, 4]) settle(old, decisionOn(session.inbox, uid, KEEP));
    const record = await renumber(session.asSession, await session.select("INBOX"), old);
    assert.deepEqual(fresh(session, record), [5]);
    assert.deepEqual(
      [record.uidValidity, record.newest, record.rebuiltFrom],
      [session.inbox.uidValidity, old.newest, undefined],
    );
    assert.equal(record.prints, old.prints);
  });

  it("with copies begun and not known to be done: each is looked for before it is made", async () => {
    const session = inboxOf(0.5);
    const old = newRecord(7, 3, NOW);
    old.open = [{ mailbox: "A", uidValidity: 1, uidNext: 1, uids: [[4, 4]] }];
    const record = await renumber(session.asSession, await session.select("INBOX"), old);
    assert.equal(record.rebuiltFrom, NOW - HOUR);
  });
});

describe("findHandedOver", () => {
  it("names what a holder before us handed over and is still there, and counts it as published", async () => {
    const session = inboxOf(4, 3, 2, 1);
    session.inbox.remove(new Set([2]));
    const record = newRecord(100, 1, 0);
    record.handed = 3;
    record.settled.add(3);
    assert.deepEqual(await findHandedOver(session.asSession, await session.select("INBOX"), record), []);
    assert.equal(record.published, 3);
    record.handed = 4;
    assert.deepEqual(await findHandedOver(session.asSession, await session.select("INBOX"), record), [4]);
  });

  it("counts nothing that no mail has yet: it was only expected", async () => {
    const session = inboxOf(2, 1);
    const record = newRecord(100, 1, 0);
    record.handed = 9;
    const folder = await session.select("INBOX");
    assert.deepEqual(await findHandedOver(session.asSession, folder, record), [2]);
    assert.deepEqual([record.published, record.handed], [2, 2]);
    // QUIRK: a server that tells no UIDNEXT.
    record.handed = 9;
    assert.deepEqual(await findHandedOver(session.asSession, { uidNext: 0 }, record), []);
    assert.deepEqual([record.published, record.handed], [2, 2]);
  });
});

describe("findUnsettled", () => {
  it("names all that wait for a decision, those gone too: we may have moved them", async () => {
    const session = inboxOf(1, 1, 1, 1);
    session.inbox.remove(new Set([3]));
    const record = newRecord(100, 1, 0);
    record.published = 4;
    record.settled.add(2);
    assert.deepEqual(await findUnsettled(session.asSession, record), [3, 4]);
    assert.deepEqual(session.calls, []);
  });

  it("looks through a record that says too much, without exhausting memory", async () => {
    const session = inboxOf(1, 1);
    const record = newRecord(100, 0, 0);
    record.published = 4_000_000_000;
    assert.deepEqual(await findUnsettled(session.asSession, record), [1, 2]);
    assert.deepEqual(record.settled.missing(record.published), [[1, 2]]);
  });
});
