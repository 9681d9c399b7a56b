import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recentMap } from "./recent-map.ts";

describe("recentMap", () => {
  it("forgets what was used longest ago", () => {
    const map = recentMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    assert.equal(map.get("a"), 1);
    map.set("c", 3);
    assert.deepEqual([map.get("a"), map.get("b"), map.get("c"), map.size], [1, undefined, 3, 2]);
  });

  it("replaces without forgetting another", () => {
    const map = recentMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    assert.deepEqual([map.get("a"), map.get("b")], [3, 2]);
    map.delete("a");
    map.clear();
    assert.equal(map.size, 0);
  });
});
