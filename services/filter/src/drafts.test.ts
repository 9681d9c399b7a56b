import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storedScriptKey } from "@tamis/contracts";
import { encode, store } from "../test/script-store.ts";

describe("a draft", () => {
  const draft = (text: string) => encode({ v: 1, accountId: "a1", name: "draft.sieve", text });

  it("is compiled as the active script would be, once for the batches of its run, for its own account alone", async () => {
    const { draft: read, putUnseen } = await store();
    putUnseen("drafts/d1", draft("keep;"));
    const first = await read("d1", "a1");
    assert.deepEqual([first?.name, first?.version], ["draft.sieve", "d1"]);
    assert.ok(first?.program);
    assert.equal((await read("d1", "a1"))?.program, first.program);
    assert.equal(await read("d1", "a2"), null);
  });

  it("may include what its owner has stored", async () => {
    const { draft: read, putUnseen } = await store();
    putUnseen(storedScriptKey("a1", "other"), encode({ v: 1, name: "other", text: "discard;", at: 0 }));
    putUnseen("drafts/d1", draft('require "include"; include "other";'));
    assert.ok((await read("d1", "a1"))?.program);
  });

  it("has no program where the account is not offered what it requires", async () => {
    const { draftOn, putUnseen, offer } = await store();
    offer("s1", "send");
    putUnseen("drafts/d1", draft('require "vacation"; vacation "x";'));
    assert.equal((await draftOn("d1", "s1"))?.program, null);
    assert.ok((await draftOn("d1", "s2"))?.program);
  });

  it("is none where there is none, or the entry is none", async () => {
    const { draft: read, putUnseen } = await store();
    putUnseen("drafts/d1", encode({ v: 1, text: "keep;" }));
    putUnseen("drafts/d2", Buffer.from("{"));
    for (const key of ["d0", "d1", "d2"]) assert.equal(await read(key, "a1"), null);
  });
});
