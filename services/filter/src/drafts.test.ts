import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openDrafts } from "./drafts.ts";

const stored = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const draft = (text: string) => stored({ v: 1, accountId: "anna", name: "draft.sieve", text });

/** Drafts over a bucket with these entries; counts how often it is read. */
function over(entries: Readonly<Record<string, Uint8Array>>) {
  const reads: string[] = [];
  const drafts = openDrafts({
    bucket: {
      get: async (key) => {
        reads.push(key);
        const value = entries[key];
        return value === undefined ? null : { key, value, revision: 1 };
      },
    },
    compileOptions: {},
  });
  return { drafts, reads };
}

describe("openDrafts", () => {
  it("reads and compiles a draft once, for its own account alone", async () => {
    const { drafts, reads } = over({ d1: draft("keep;") });
    const first = await drafts.of("d1", "anna");
    assert.deepEqual([first?.name, first?.version, first?.program === null], ["draft.sieve", "d1", false]);
    assert.equal(await drafts.of("d1", "anna"), first);
    assert.equal(await drafts.of("d1", "bruno"), null);
    assert.deepEqual(reads, ["d1"]);
  });

  it("a script that does not compile here has no program", async () => {
    const { drafts } = over({ d1: draft("nonsense") });
    assert.equal((await drafts.of("d1", "anna"))?.program, null);
  });

  it("none where there is none, nor where the entry is no draft; asked again the next time", async () => {
    const { drafts, reads } = over({ d1: stored({ v: 1, text: "keep;" }), d2: Buffer.from("{") });
    for (const key of ["d0", "d1", "d2", "d0"]) assert.equal(await drafts.of(key, "anna"), null);
    assert.equal(reads.length, 4);
  });
});
