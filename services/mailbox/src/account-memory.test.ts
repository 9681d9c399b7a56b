import assert from "node:assert/strict";
import { it } from "node:test";
import { AccountMemory } from "./account-memory.ts";
import type { AccountRecord } from "./account-record.ts";
import type { RecordStore } from "./record-store.ts";

it("what is published says in which language its owner is written to, where that is known", () => {
  const account = { id: "ada", address: "ada@ac.test", user: "ada", mode: "act" } as const;
  for (const language of ["fr", "en", undefined] as const) {
    const told = language === undefined ? account : { ...account, language };
    // Proof: no head reads more of either.
    const memory = new AccountMemory(told, {} as RecordStore);
    memory.loaded = { uidValidity: 7 } as AccountRecord;
    assert.equal(memory.head().language, language);
  }
});
