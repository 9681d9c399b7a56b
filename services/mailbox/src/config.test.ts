import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idleMs, sections } from "./config.ts";

const section = sections.mailbox;

describe("mailbox section", () => {
  it("is complete when nothing is said", () => {
    const config = section.parse(undefined);
    assert.deepEqual(
      [config.first_contact, config.trash, config.idle_minutes, config.auth_failures],
      ["end", "auto", 9, 3],
    );
    assert.deepEqual(config.lease, { ttl_seconds: 10, renew_seconds: 3, poll_seconds: 2, margin_seconds: 3 });
    assert.equal(idleMs(config), 540_000);
  });

  it("takes seconds of IDLE before its minutes", () => assert.equal(idleMs(section.parse({ idle_seconds: 2 })), 2_000));

  for (const first_contact of ["end", "all", "2026-09-01"])
    it(`takes first_contact ${first_contact}`, () =>
      assert.equal(section.parse({ first_contact }).first_contact, first_contact));

  for (const wrong of [
    { first_contact: "yesterday" },
    { first_contact: "2026-13-01" },
    { idle_minutes: 29 },
    { idle_minutes: 0 },
    { inline_bytes: 100 },
    { inline_bytes: 1_000_000 },
    { connects_at_once: 0 },
    { auth_failures: 1.5 },
    { trash: "" },
    { lease: { margin_seconds: 8 } },
    { idel_minutes: 9 },
  ])
    it(`refuses ${JSON.stringify(wrong)}`, () => assert.equal(section.safeParse(wrong).success, false));
});
