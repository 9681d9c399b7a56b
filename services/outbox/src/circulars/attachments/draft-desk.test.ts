import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { CircularDraftHead } from "@tamis/contracts";
import { type Objects, ObjectsUnavailable } from "@tamis/store";
import { DraftDesk, type DraftDeskOptions } from "./draft-desk.ts";
import { dropFiles } from "./drop-files.ts";

const ALL = ["small.pdf", "large.pdf", "paie.pdf", "wish.pdf"] as const;
const octets = (name: string): Buffer => Buffer.alloc(name.startsWith("large") ? 3_000 : 300, name);
const head: CircularDraftHead = {
  v: 1,
  from: { address: "rh@academie.example" },
  subject: "Paie",
  text: "Bonjour",
  attachments: ALL.map((filename) => ({ filename, type: "application/pdf", secret: filename === "wish.pdf" })),
  tracked: true,
};
const drafted = { head, attachments: ALL.map(octets) };
const SENDERS = ["rh@academie.example"];

/** A store that says what it did, and the row before. */
function desk(more: Partial<DraftDeskOptions> = {}, above = 1_000) {
  const done: string[] = [];
  const stored = new Map<string, Uint8Array>();
  const put: Objects["put"] = async (name, given) => {
    done.push(`put ${given.length}`);
    stored.set(name, given);
  };
  const settings = {
    link_above_bytes: above,
    url: "https://files.example.org",
    expire_days: 30,
    store: { kind: "folder", dir: "/nowhere" },
  } as const;
  const made = new DraftDesk({
    links: { settings, objects: { put, get: async () => null, delete: async () => {} } },
    files: { announce: async (files) => void done.push(`announce ${files.length}`) },
    sensitive: [{ filename: "paie*" }],
    archives: true,
    language: "en",
    now: () => new Date(0),
    ...more,
  });
  return { desk: made, done, stored };
}

describe("a draft that is taken", () => {
  it("has its large files in the store, once they were announced, and its secrets in an archive", async () => {
    const { desk: one, done, stored } = desk();
    const { draft, password, objects, store } = await one.take(drafted, SENDERS);
    assert.deepEqual(
      [draft.files, draft.links, draft.secrets].map((list) => list.map(({ filename }) => filename)),
      [["small.pdf"], ["large.pdf"], ["paie.pdf", "wish.pdf"]],
    );
    assert.equal(draft.archive?.filename, "attachments.zip");
    assert.match(password ?? "", /^[a-z2-9]{4}(-[a-z2-9]{4}){6}$/);
    assert.deepEqual(done, []);
    assert.equal(await store(), null);
    assert.deepEqual(done, ["announce 1", "put 3000"]);
    const [link] = draft.links;
    assert.deepEqual([link?.object], objects);
    assert.equal(link?.sha256, createHash("sha256").update(octets("large.pdf")).digest("hex"));
    assert.deepEqual([...stored.values()], [octets("large.pdf")]);
  });

  it("never links to a secret: where it is large, it links to the archive", async () => {
    const { desk: one, stored } = desk({}, 100);
    const { draft, store } = await one.take(drafted, SENDERS);
    await store();
    assert.deepEqual([draft.files.length, draft.links.length, draft.secrets.length], [0, 2, 2]);
    assert.ok(draft.archive !== null && "object" in draft.archive && stored.has(draft.archive.object));
    for (const given of stored.values())
      for (const name of ["paie.pdf", "wish.pdf"]) assert.ok(!Buffer.from(given).includes(octets(name)));
  });

  it("has no archive where archives are not allowed, and no password", async () => {
    const { draft, password } = await desk({ archives: false }).desk.take(drafted, SENDERS);
    assert.deepEqual([draft.archive, password, draft.secrets.length], [null, null, 2]);
  });

  it("stays as it is without rules, wishes and links", async () => {
    const plain = { ...head, attachments: head.attachments.map(({ filename, type }) => ({ filename, type })) };
    const taken = await desk({ links: null, sensitive: [] }).desk.take({ ...drafted, head: plain }, SENDERS);
    assert.deepEqual([taken.draft.files.length, taken.draft.links, taken.draft.secrets], [4, [], []]);
    assert.equal(await taken.store(), null);
  });

  it("is told what is wrong with the store", async () => {
    const put = () => Promise.reject(new ObjectsUnavailable("ENOSPC"));
    const settings = {
      link_above_bytes: 0,
      url: "https://f.example",
      expire_days: 1,
      store: { kind: "folder", dir: "/x" },
    } as const;
    const objects = { put, get: async () => null, delete: async () => {} };
    const { store } = await desk({ links: { settings, objects } }).desk.take(drafted, SENDERS);
    assert.equal(await store(), "ENOSPC");
  });
});

describe("stored attachments that are over", () => {
  const ledger = (count: number) => {
    let rows = Array.from({ length: count }, (_, index) => `object-${index}`);
    const over = async (_: Date, limit: number) => rows.slice(0, limit);
    const forget = async (gone: readonly string[]) => {
      rows = rows.filter((row) => !gone.includes(row));
    };
    return { over, forget, left: () => rows.length };
  };
  const quiet = { now: () => new Date(0), log: { warn() {} } };

  it("are deleted, all of them, and then forgotten", async () => {
    const [files, deleted] = [ledger(230), new Set<string>()];
    const objects = { delete: async (name: string) => void deleted.add(name) };
    assert.equal(await dropFiles({ files, objects, ...quiet }), 230);
    assert.deepEqual([files.left(), deleted.size], [0, 230]);
  });

  it("wait while the store is away, or named no more", async () => {
    const files = ledger(3);
    const objects = { delete: () => Promise.reject(new ObjectsUnavailable("ECONNREFUSED")) };
    assert.equal(await dropFiles({ files, objects, ...quiet }), 0);
    assert.equal(await dropFiles({ files, objects: null, ...quiet }), 0);
    assert.equal(files.left(), 3);
  });
});
