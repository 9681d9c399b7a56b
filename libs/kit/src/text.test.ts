import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingOf } from "./finding.ts";
import { fill, tellIn } from "./text.ts";

const greeting = { en: "{name}, {count} mails: {why}", fr: "{name}, {count} courriels : {why}" };

describe("texts", () => {
  it("are filled in, once, each in its language", () => {
    const why = { en: "late", fr: "en retard" };
    assert.deepEqual(fill(greeting, { name: "{count}", count: 2, why }), {
      en: "{count}, 2 mails: late",
      fr: "{count}, 2 courriels : en retard",
    });
  });

  it("keep what has no parameter, also of a name that every object has", () => {
    assert.equal(tellIn("fr", { en: "", fr: "{toString} {name}" }), "{toString} {name}");
  });
});

describe("findingOf", () => {
  it("is well where there is nothing to mend", () => {
    assert.deepEqual(findingOf("x", { en: "at {place}", fr: "à {place}" }, { place: "A" }), {
      id: "x",
      ok: true,
      text: { en: "at A", fr: "à A" },
    });
  });

  it("says how to mend what is not, with the same parameters", () => {
    const remark = { en: "no {what}", fr: "pas de {what}", mend: { en: "get {what}", fr: "trouver {what}" } };
    assert.deepEqual(findingOf("x", remark, { what: "TLS" }), {
      id: "x",
      ok: false,
      text: { en: "no TLS", fr: "pas de TLS" },
      mend: { en: "get TLS", fr: "trouver TLS" },
    });
  });
});
