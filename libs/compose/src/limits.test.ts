import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processorMs } from "@tamis/testkit";
import { faultsOf } from "../test/mail-of.ts";
import { MAX_BODY, MAX_MARKDOWN } from "./index.ts";

describe("a hostile draft", () => {
  const pathological = [
    "{{",
    "<a ",
    '<a "',
    '<a href="',
    "<!--",
    "<title>",
    "&#",
    "<pre>",
    "[",
    "*",
    "`",
    "![](",
    "- ",
    "> ",
    "|",
    "<",
    "\\{{",
    "{{x}}",
    "_a",
    "https://a.b/",
  ];
  for (const piece of pathological) {
    it(`ends soon on many times ${piece}`, () => {
      const tookMs = processorMs(() => {
        faultsOf({ html: piece.repeat(Math.floor(MAX_BODY / 4 / piece.length)) });
        faultsOf({ markdown: piece.repeat(Math.floor(MAX_MARKDOWN / 2 / piece.length)), markdownHtml: "allow" });
      });
      // Many times what it takes; what grows with the square takes minutes.
      assert.ok(tookMs < 20_000, `${tookMs} ms`);
    });
  }
});
