import assert from "node:assert/strict";
import { it } from "node:test";
import { table } from "./report.ts";

it("aligns numbers to the right and text to the left", () => {
  const got = table(
    ["who", "mails/s"],
    [
      ["ours", 4100],
      ["imapfilter", 900],
    ],
  );
  assert.equal(got, ["  who         mails/s", "  ours           4100", "  imapfilter      900"].join("\n"));
});
