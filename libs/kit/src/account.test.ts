import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, accountIdOf, compareAccounts } from "./account.ts";
import { Secret } from "./secret.ts";

describe("compareAccounts", () => {
  const account = (id: string, more: Partial<Account> = {}): Account => ({
    id,
    address: `${id}@example.org`,
    user: id,
    mode: "act",
    ...more,
  });

  it("tells added, changed and removed apart", () => {
    const before = [
      account("a"),
      account("b", { secret: Secret.plain("1") }),
      account("c"),
      account("d", { secret: Secret.plain("1") }),
      account("f", { language: "en" }),
    ];
    const after = [
      account("a", { mode: "observe" }),
      account("b", { secret: Secret.plain("2") }),
      account("d", { secret: Secret.plain("1") }),
      account("e"),
      account("f", { language: "fr" }),
    ];
    const change = compareAccounts(before, after);
    assert.deepEqual(change.added, [after[3]]);
    assert.deepEqual(change.changed, [after[0], after[1], after[4]]);
    assert.deepEqual(change.removed, [before[2]]);
    assert.equal(change.accounts, after);
  });
});

it("accountIdOf: the first 16 hex digits of SHA-256 of the address in lower case", () => {
  assert.equal(accountIdOf("Anna@Example.ORG"), accountIdOf("anna@example.org"));
  assert.match(accountIdOf("anna@example.org"), /^[0-9a-f]{16}$/);
});
