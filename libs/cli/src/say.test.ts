import assert from "node:assert/strict";
import { describe, it } from "node:test";
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

describe("texts", () => {
  const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

  it("name the same parameters in both languages", () => {
    for (const [key, { en, fr }] of Object.entries(texts)) assert.deepEqual(placeholders(fr), placeholders(en), key);
  });

  it("are never empty", () => {
    for (const [key, { en, fr }] of Object.entries(texts)) assert.ok(en.length > 0 && fr.length > 0, key);
  });
});
