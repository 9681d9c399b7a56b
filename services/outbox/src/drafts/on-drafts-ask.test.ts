import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DraftsAsk } from "@tamis/contracts";
import { IdentitiesUnavailable } from "../lists/ldap/directory-identities.ts";
import type { OfferedDraft } from "../tables/draft-intake.ts";
import { type DraftAskDeps, onDraftsAsk } from "./on-drafts-ask.ts";

const AT = new Date("2026-11-30T07:00:00Z");

describe("a draft from an address that is not configured", () => {
  const offer = async (identities: DraftAskDeps["identities"], from = "anna.martin@example.org") => {
    const offered: OfferedDraft[] = [];
    const raw = `X-Send-Later-At: Mon, 30 Nov 2026 09:00:00 +0100\r\nFrom: ${from}\r\nTo: bob@example.com\r\n\r\nx\r\n`;
    const deps: DraftAskDeps = {
      intake: {
        known: async () => null,
        offer: async (draft) => {
          offered.push(draft);
          return "offered";
        },
        confirm: async () => [],
        replied: async () => 0,
      },
      objects: { get: async () => Buffer.from(raw), delete: async () => undefined },
      identities,
      marks: ["[[", "]]"],
      zone: "Europe/Paris",
      graceMs: 0,
      maxBytes: 1_000,
      notices: { name: "mx", languageOf: () => "en" },
      authzidOf: () => null,
      now: () => AT,
      log: { info: () => undefined, warn: () => undefined },
      onChanged: () => undefined,
    };
    const ask: DraftsAsk = {
      ...{ op: "offer", accountId: "a", address: "anna@example.org", identities: ["direction@example.org"] },
      ...{
        user: "anna",
        place: "drafts",
        fingerprint: "f",
        internalDate: 0,
        seenAt: AT.getTime(),
        size: raw.length,
        object: "o",
      },
    } as const;
    const { kind } = await onDraftsAsk(ask, deps);
    return { kind, identities: offered[0]?.identities };
  };
  const known = { find: async () => ["anna.martin@example.org"] };
  const away = {
    find: async (): Promise<readonly string[]> => {
      throw new IdentitiesUnavailable("away");
    },
  };

  it("is taken where the directory knows it, and remembered as its owner's own", async () => {
    const own = ["direction@example.org", "anna.martin@example.org"];
    assert.deepEqual(await offer(known), { kind: "offered", identities: own });
  });

  it("is refused where nobody does, and offered again while the directory is away", async () => {
    assert.equal((await offer(known, "recteur@example.org")).kind, "refused");
    assert.equal((await offer(null)).kind, "refused");
    assert.equal((await offer(away)).kind, "later");
  });

  it("asks the directory about no other", async () => {
    assert.deepEqual(await offer(away, "direction@example.org"), {
      kind: "offered",
      identities: ["direction@example.org"],
    });
  });
});
