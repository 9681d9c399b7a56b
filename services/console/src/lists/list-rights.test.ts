import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { anna, bob } from "../../test/visit.ts";
import { listRight, listRights } from "./list-rights.ts";

const rights = listRights([
  { lists: ["list:École", "school:*"], senders: ["Anna@example.org"] },
  { lists: ["list:tous"], senders: "everybody" },
]);

describe("who may write to which lists", () => {
  for (const [name, annas, bobs] of [
    ["list:tous", true, true],
    ["LIST:Tous", true, true],
    [" list:tous ", true, true],
    ["list:e\u0301cole", true, false],
    ["school:0380001A", true, false],
    ["School:x", true, false],
    ["list:direction", false, false],
    ["schools:x", false, false],
    ["dn:cn=all,dc=example", false, false],
    ["list:school:x", false, false],
    ["school", false, false],
    ["list:tous:x", false, false],
    ["*", false, false],
    ["list:*", false, false],
    ["", false, false],
  ] as const)
    it(JSON.stringify(name), () => {
      assert.deepEqual([rights(anna).covers(name), rights(bob).covers(name)], [annas, bobs]);
    });

  it("knows of which kinds they are", () => {
    assert.deepEqual([rights(anna).kinds, rights(bob).kinds], [["list", "school"], ["list"]]);
    assert.equal(listRights([{ lists: ["*"], senders: "everybody" }])(bob).kinds, null);
    assert.deepEqual(listRights([])(anna).kinds, []);
  });

  it("gives nothing that is not named, whatever the name", () => {
    fc.assert(fc.property(fc.string(), (name) => !listRights([])(anna).covers(name)));
  });

  for (const [lists, isGood] of [
    [["*"], true],
    [["school:*"], true],
    [["list:a b"], true],
    [["tous"], false],
    [["list:"], false],
    [[], false],
  ] as const)
    it(`${isGood ? "takes" : "refuses"} ${JSON.stringify(lists)} in tamis.yaml`, () =>
      assert.equal(listRight.safeParse({ lists, senders: "everybody" }).success, isGood));
});
