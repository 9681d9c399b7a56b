import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import { IdentitiesUnavailable } from "../lists/ldap/directory-identities.ts";
import { asWriter } from "./as-writer.ts";
import { readSender } from "./envelope.ts";

const anna: Account = {
  id: "a1",
  address: "anna@example.org",
  identities: ["direction@example.org"],
  user: "anna",
  mode: "act",
};

describe("as whom somebody may write, where a directory knows more of it", () => {
  const asked: string[] = [];
  const find = async (address: string) => {
    asked.push(address);
    return ["Anna.Martin@example.org"];
  };
  const write = (from: string, identities: Parameters<typeof asWriter>[1] = { find }) =>
    asWriter(anna, identities, (account) => readSender(from, {}, { account, maxHoldMs: 1, now: new Date(0) }));

  it("asks it of none that is configured", async () => {
    for (const from of ["anna@example.org", "direction@example.org", ""]) assert.ok("hold" in (await write(from)));
    assert.deepEqual(asked, []);
  });

  it("takes what it knows, and nothing else", async () => {
    assert.ok("hold" in (await write("anna.martin@example.org")));
    const other = await write("recteur@example.org");
    assert.ok("code" in other && other.status === "5.7.1");
    assert.deepEqual(asked, ["anna@example.org", "anna@example.org"]);
  });

  it("has others come again while it is away, and asks nobody about what is wrong otherwise", async () => {
    const away = {
      find: async (): Promise<readonly string[]> => {
        throw new IdentitiesUnavailable("away");
      },
    };
    const later = await write("anna.martin@example.org", away);
    assert.ok("code" in later && later.code === 451);
    assert.ok("hold" in (await write("anna@example.org", away)));
    const wrong = await write("no address", away);
    assert.ok("code" in wrong && wrong.code === 501);
    const foreign = await write("anna.martin@example.org", null);
    assert.ok("code" in foreign && foreign.code === 550);
  });
});
