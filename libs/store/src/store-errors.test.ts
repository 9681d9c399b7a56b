import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeOf, isConflict, isUnavailable } from "./store-errors.ts";

const coded = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });

describe("store errors", () => {
  const cases = [
    { name: "a refused connection", error: coded("ECONNREFUSED"), unavailable: true, conflict: false },
    { name: "a missing socket", error: coded("ENOENT"), unavailable: true, conflict: false },
    { name: "a server that shuts down", error: coded("57P01"), unavailable: true, conflict: false },
    { name: "a server that starts", error: coded("57P03"), unavailable: true, conflict: false },
    { name: "too many connections", error: coded("53300"), unavailable: true, conflict: false },
    { name: "a standby", error: coded("25006"), unavailable: true, conflict: false },
    {
      name: "a lost connection without a code",
      error: new Error("Connection terminated unexpectedly"),
      unavailable: true,
    },
    { name: "a deadlock", error: coded("40P01"), unavailable: false, conflict: true },
    { name: "a cancelled statement", error: coded("57014"), unavailable: false, conflict: false },
    { name: "a duplicate key", error: coded("23505"), unavailable: false, conflict: false },
    { name: "a wrong password", error: coded("28P01"), unavailable: false, conflict: false },
    { name: "our own bug", error: new TypeError("no"), unavailable: false, conflict: false },
    { name: "no error at all", error: "text", unavailable: false, conflict: false },
  ];
  for (const { name, error, unavailable, conflict = false } of cases)
    it(name, () => assert.deepEqual([isUnavailable(error), isConflict(error)], [unavailable, conflict]));

  it("looks for the code down the chain of causes", () => {
    assert.equal(codeOf(new Error("outer", { cause: new Error("middle", { cause: coded("08006") }) })), "08006");
  });
});
