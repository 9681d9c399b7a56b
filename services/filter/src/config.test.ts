import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filterConfig } from "./config.ts";

describe("filterConfig", () => {
  it("has a default for everything", () => {
    const config = filterConfig.parse(undefined);
    assert.equal(config.concurrency, 4);
    assert.equal(config.time_zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
    assert.equal(config.steps_limit, undefined);
  });

  it("refuses a time zone that is none, and unknown keys", () => {
    const result = filterConfig.safeParse({ time_zone: "Mars/Base", concurency: 3 });
    assert.deepEqual(result.error?.issues.map((issue) => issue.code).toSorted(), ["custom", "unrecognized_keys"]);
  });
});
