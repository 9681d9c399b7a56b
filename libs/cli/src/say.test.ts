import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { localeOf, sayIn } from "./say.ts";
import { texts } from "./texts.ts";

describe("localeOf", () => {
  const cases = [
    { env: {}, want: "en" },
    { env: { LANG: "fr_FR.UTF-8" }, want: "fr" },
    { env: { LANG: "fr", LC_ALL: "C" }, want: "en" },
    { env: { LANG: "en_GB", LC_MESSAGES: "fr_CA" }, want: "fr" },
    { env: { LANG: "de_DE", LC_ALL: "" }, want: "en" },
  ];
  for (const { env, want } of cases) it(`${JSON.stringify(env)} → ${want}`, () => assert.equal(localeOf(env), want));
});

describe("sayIn", () => {
  it("fills in what is given, once", () => {
    assert.equal(sayIn("en")("up.started", { name: "{pid}", pid: 7 }), "{pid} started (process 7)");
  });
});

/** Commands and words of JetStream, not sentences. */
const SAME = ["doctor.state-open-mend", "status.stream", "why.applied"];

it("all texts are there in both languages", () => assert.deepEqual(textFaults(texts, SAME), []));
