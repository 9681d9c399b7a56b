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

  it("vouches for nobody and answers nobody unless told so", () => {
    const { envelope, authentication, verdict, organisation } = filterConfig.parse({});
    assert.deepEqual([envelope, authentication, verdict], [{}, undefined, undefined]);
    assert.deepEqual(organisation, { before: [], after: "default" });
  });

  it("knows servers by their names in any case", () => {
    const { authentication } = filterConfig.parse({ authentication: { authserv_ids: ["MX.Example.ORG"] } });
    assert.deepEqual(authentication, { authserv_ids: ["mx.example.org"], fields: 1 });
  });

  const wrong = [
    { name: "a source of the sender that is none", settings: { envelope: { from: "sender" } } },
    { name: "a field of the recipient that any sender writes", settings: { envelope: { to: "to" } } },
    { name: "nobody's word", settings: { authentication: { authserv_ids: [] } } },
    { name: "no field", settings: { authentication: { authserv_ids: ["a"], fields: 0 } } },
    { name: "no time at all", settings: { outgoing_max_age_hours: 0 } },
  ];
  for (const { name, settings } of wrong) {
    it(`refuses ${name}`, () => assert.equal(filterConfig.safeParse(settings).success, false));
  }
});
