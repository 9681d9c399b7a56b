import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeScriptMemory, encodeScriptMemory, withoutMarksOf } from "@tamis/contracts";
import { type MemorySession, openMemory, type Remembered } from "./memory.ts";

const NOW = Date.UTC(2026, 10, 22, 10);
const HOUR_S = 3600;
const name = (letter: string): string => letter.repeat(16);
const seen = (key: string, mail: string): Remembered => ({ kind: "duplicate", key, mail: name(mail) });

/** One record with its revision, as the bucket keeps it. */
function store() {
  let value: Uint8Array | null = null;
  let revision = 0;
  const corrupt: string[] = [];
  const write = (octets: Uint8Array): number => {
    value = octets;
    return ++revision;
  };
  const open = openMemory({
    bucket: {
      get: async (key) => (value === null ? null : { key, value, revision }),
      create: async (_, octets) => (value === null ? write(octets) : null),
      update: async (_, octets, expected) => (expected === revision ? write(octets) : null),
    },
    onCorrupt: ({ accountId }) => corrupt.push(accountId),
  });
  return {
    corrupt,
    write,
    session: (more: { now?: number; remembers?: boolean } = {}): MemorySession =>
      open({ accountId: "a1", now: NOW, remembers: true, ...more }),
    marks: () => (value === null ? [] : decodeScriptMemory(value).marks),
    record: () => (value === null ? assert.fail("no record") : decodeScriptMemory(value)),
    text: () => Buffer.from(value ?? []).toString(),
  };
}

describe("a session of the memory", () => {
  it("knows what another mail marked, within its time", async () => {
    const { session } = store();
    const first = session();
    assert.equal(await first.knows(seen("id", "a")), false);
    await first.mark(seen("id", "a"), HOUR_S);
    assert.equal(await first.commit(), true);
    assert.equal(await session().knows(seen("id", "b")), true);
    assert.equal(await session().knows(seen("other", "b")), false);
    assert.equal(await session().knows({ ...seen("id", "b"), kind: "vacation" }), false);
    assert.equal(await session({ now: NOW + HOUR_S * 1000 + 1000 }).knows(seen("id", "b")), false);
  });

  it("lets no mark speak against its own mail, so that one decided on twice is no double of itself", async () => {
    const { session } = store();
    const first = session();
    await first.mark(seen("id", "a"), HOUR_S);
    await first.commit();
    assert.equal(await session().knows(seen("id", "a")), false);
  });

  it("counts the marks of earlier mails of its batch before they are written", async () => {
    const { session, marks } = store();
    const batch = session();
    await batch.mark(seen("id", "a"), HOUR_S);
    assert.equal(await batch.knows(seen("id", "b")), true);
    assert.deepEqual(marks(), []);
  });

  it("writes nothing where nothing is to be remembered", async () => {
    const { session, marks } = store();
    const preview = session({ remembers: false });
    await preview.mark(seen("id", "a"), HOUR_S);
    assert.equal(await preview.commit(), true);
    assert.equal(await preview.knows(seen("id", "b")), true);
    assert.deepEqual(marks(), []);
  });

  it("is overtaken by another that marked what it took for unknown", async () => {
    const { session, marks } = store();
    await commitMark(session(), seen("begin", "f"));
    const [one, other] = [session(), session()];
    assert.deepEqual([await one.knows(seen("id", "a")), await other.knows(seen("id", "b"))], [false, false]);
    await one.mark(seen("id", "a"), HOUR_S);
    await other.mark(seen("id", "b"), HOUR_S);
    assert.deepEqual([await one.commit(), await other.commit()], [true, false]);
    assert.deepEqual(
      marks()
        .map(({ mail }) => mail)
        .toSorted(),
      [name("a"), name("f")],
    );
    assert.equal(await session().knows(seen("id", "b")), true);
  });

  it("is overtaken by another that made the record: their hashes differ", async () => {
    const { session } = store();
    const [one, other] = [session(), session()];
    await one.mark(seen("x", "a"), HOUR_S);
    await other.mark(seen("y", "b"), HOUR_S);
    assert.deepEqual([await one.commit(), await other.commit()], [true, false]);
  });

  it("writes beside others that marked something else", async () => {
    const { session, marks } = store();
    await commitMark(session(), seen("begin", "f"));
    const [one, other] = [session(), session()];
    assert.equal(await other.knows(seen("y", "b")), false);
    await one.mark(seen("x", "a"), HOUR_S);
    await other.mark(seen("y", "b"), HOUR_S);
    assert.deepEqual([await one.commit(), await other.commit()], [true, true]);
    assert.equal(marks().length, 3);
  });

  it("lets a double that makes the time longer leave the mark to the first mail: never each the other's double", async () => {
    const { session } = store();
    await commitMark(session(), seen("id", "a"));
    const later = session({ now: NOW + 1_800_000 });
    assert.equal(await later.knows(seen("id", "b")), true);
    await later.mark(seen("id", "b"), HOUR_S);
    await later.commit();
    const end = { now: NOW + 5_000_000 };
    assert.equal(await session(end).knows(seen("id", "a")), false);
    assert.equal(await session(end).knows(seen("id", "c")), true);
  });

  it("takes back what it marked", async () => {
    const { session, marks } = store();
    const one = session();
    const what: Remembered = { kind: "vacation", key: "bob", mail: name("a") };
    await one.mark(what, HOUR_S);
    await one.mark(seen("id", "a"), HOUR_S);
    await one.commit();
    await one.release(what);
    assert.equal(await one.commit(), true);
    assert.equal(marks().length, 1);
    assert.equal(await session().knows({ ...what, mail: name("b") }), false);
  });

  it("keeps the mark of a reply when what else the mail marked is taken back: it was sent", async () => {
    const { session, record, write } = store();
    const reply: Remembered = { kind: "vacation", key: "bob", mail: name("a") };
    const one = session();
    await one.mark(reply, HOUR_S);
    await one.mark(seen("id", "a"), HOUR_S);
    await one.commit();
    write(encodeScriptMemory(withoutMarksOf(record(), name("a")), NOW));
    assert.equal(await session().knows(seen("id", "b")), false);
    assert.equal(await session().knows({ ...reply, mail: name("b") }), true);
    assert.equal(await session().knows(reply), false);
  });

  it("begins a record anew that cannot be read, and says so", async () => {
    const { session, write, corrupt, marks } = store();
    write(Buffer.from("{}"));
    await commitMark(session(), seen("id", "a"));
    assert.equal(marks().length, 1);
    assert.deepEqual(corrupt, ["a1"]);
  });

  it("holds nothing that can be read, and what mailbox takes back", async () => {
    const { session, text, record } = store();
    await commitMark(session(), seen("<secret@example.org>", "a"));
    assert.ok(!text().includes("secret"));
    assert.deepEqual(withoutMarksOf(record(), name("a")).marks, []);
  });

  it("gives up for now where others always come first", async () => {
    const open = openMemory({
      bucket: { get: async () => null, create: async () => null, update: async () => null },
      onCorrupt: () => {},
    });
    const session = open({ accountId: "a1", now: NOW, remembers: true });
    await session.mark(seen("id", "a"), HOUR_S);
    assert.equal(await session.commit(), false);
    const down = openMemory({
      bucket: {
        get: async () => Promise.reject(new RetryLater("down")),
        create: async () => null,
        update: async () => null,
      },
      onCorrupt: () => {},
    });
    await assert.rejects(down({ accountId: "a1", now: NOW, remembers: true }).knows(seen("id", "a")), RetryLater);
  });
});

async function commitMark(session: MemorySession, what: Remembered): Promise<void> {
  await session.mark(what, HOUR_S);
  assert.equal(await session.commit(), true);
}
