import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isScriptName } from "./script-name.ts";

describe("isScriptName", () => {
  for (const { name, given, want } of [
    { name: "a letter", given: "a", want: true },
    { name: "anything visible", given: 'régles du "soir" / 1 😀', want: true },
    { name: "128 characters", given: "😀".repeat(128), want: true },
    { name: "129 characters", given: "é".repeat(129), want: false },
    { name: "nothing", given: "", want: false },
    { name: "a line end", given: "a\nb", want: false },
    { name: "a NUL", given: "a\0", want: false },
    { name: "delete", given: "a\u007f", want: false },
    { name: "a C1 control", given: "a\u0085", want: false },
    { name: "a line separator", given: "a\u2028", want: false },
    { name: "half a surrogate pair", given: "a\ud800", want: false },
  ])
    it(name, () => assert.equal(isScriptName(given), want));
});
