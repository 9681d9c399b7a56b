import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listOf, withWayOut } from "./way-out.ts";

const from = { address: "Direction@Academie.example" };
const unsubscribe = { url: "https://elsewhere.example/{token}" };

describe("the list of a circular", () => {
  for (const { name, head, want } of [
    { name: "is its List-Id", head: { listId: "Agents.Academie.example" }, want: "agents.academie.example" },
    {
      name: "whatever words stand before it",
      head: { listId: "Les agents <agents.academie.example> " },
      want: "agents.academie.example",
    },
    { name: "is its sender where it can be left", head: { unsubscribe }, want: "direction@academie.example" },
    { name: "is none where it cannot", head: {}, want: null },
  ])
    it(name, () => assert.equal(listOf({ from, ...head }), want));
});

describe("the way to leave a list", () => {
  const base = "https://console.academie.example";
  it("is this installation's where the draft names a list", () => {
    const head: Parameters<typeof listOf>[0] = { from, listId: "agents.academie.example" };
    const url = "https://console.academie.example/u/{token}";
    assert.deepEqual(withWayOut(head, base), { ...head, unsubscribe: { url } });
  });
  it("stays the draft's own", () => {
    assert.deepEqual(withWayOut({ from, listId: "a.example", unsubscribe }, base).unsubscribe, unsubscribe);
  });
  it("is none without a list, or where the installation has none", () => {
    assert.equal("unsubscribe" in withWayOut({ from }, base), false);
    assert.equal("unsubscribe" in withWayOut({ from, listId: "a.example" }, null), false);
  });
});
