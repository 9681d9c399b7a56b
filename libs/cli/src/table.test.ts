import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatBytes, formatTable, formatTime } from "./table.ts";

describe("table", () => {
  it("aligns all columns but the last", () =>
    assert.equal(
      formatTable([
        ["a", "bb", "c"],
        ["aaa", "b", "cc"],
      ]),
      "a    bb  c\naaa  b   cc",
    ));
  it("tells sizes", () =>
    assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 3].map(formatBytes), ["0 B", "1023 B", "1.5 KiB", "5.0 GiB"]));
  it("tells local times", () =>
    assert.equal(formatTime(new Date(2026, 1, 3, 4, 5, 6).getTime()), "2026-02-03 04:05:06"));
});
