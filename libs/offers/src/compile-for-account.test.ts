import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ability } from "@tamis/sieve";
import { compileForAccount } from "./compile-for-account.ts";

/** An account with these folders, `null` where nobody can tell. */
function account(folders: readonly string[] | null) {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    offer: { abilities: new Set<Ability>(["send", "other-scripts", "lists"]), lists: ["tag:a,2026:b"] },
    globals: { names: () => ["school"], read: (name: string) => (name === "school" ? "keep;" : null) },
    locale: "en",
    name: "main",
    read: async (name: string) => (name === "other" ? 'require "fileinto"; fileinto "Gone";' : null),
    async existing(names: readonly string[]) {
      asked.push(names);
      return folders?.filter((folder) => names.includes(folder)) ?? null;
    },
  } as const;
}

describe("compileForAccount", () => {
  const script = 'require ["fileinto", "mailbox"]; fileinto "Here"; fileinto "Gone"; fileinto :create "New";';

  it("warns of a folder that is not there and is not made", async () => {
    const compiled = await compileForAccount(script, account(["Here"]));
    assert.ok(compiled.ok);
    assert.deepEqual(
      compiled.warnings.map(({ code, parameters }) => `${code} ${parameters["name"]}`),
      ["mailbox-missing Gone"],
    );
  });

  it("warns of nothing where nobody can tell", async () => {
    const compiled = await compileForAccount(script, account(null));
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.warnings, []);
  });

  it("asks once, for what the script names", async () => {
    const { asked, ...rest } = account([]);
    await compileForAccount(script, rest);
    assert.deepEqual(asked, [["Here", "Gone", "New"]]);
  });

  it("knows the account's other scripts, and that the script itself is none of them", async () => {
    const include = (name: string) => compileForAccount(`require "include"; include "${name}";`, account([]));
    const [good, missing, itself] = [await include("other"), await include("none"), await include("main")];
    assert.ok(good.ok && !missing.ok && !itself.ok);
    assert.deepEqual(
      [missing, itself].map(({ diagnostics }) => diagnostics[0]?.code),
      ["include-missing-personal", "include-recursive"],
    );
  });

  for (const { name, script: text } of [
    { name: "files nothing", script: "keep;" },
    { name: "makes up the names of folders", script: `require ["fileinto", "variables"]; fileinto "\${a}";` },
    { name: "does not compile", script: 'require "fileinto"; fileinto "A"; kep;' },
    { name: "requires what is refused", script: 'require ["fileinto", "vacation"]; fileinto "A";' },
  ])
    it(`asks nobody for a script that ${name}`, async () => {
      const { asked, ...rest } = account([]);
      await compileForAccount(text, rest);
      assert.deepEqual(asked, []);
    });

  it("includes global scripts, and names those there are where one is missing", async () => {
    const good = await compileForAccount('require "include"; include :global "school";', account(null));
    assert.ok(good.ok);
    const bad = await compileForAccount('require "include"; include :global "none";', account(null));
    assert.ok(!bad.ok);
    assert.deepEqual(
      bad.diagnostics.map(({ message }) => message),
      ["there is no global script called “none” (there are: school)"],
    );
  });

  it("warns of an external list that is not there", async () => {
    const script =
      'require "extlists"; if header :list "x" ["tag:a,2026:b", "tag:c,2026:d"] { redirect :list "tag:e,2026:f"; }';
    const compiled = await compileForAccount(script, account(null));
    assert.ok(compiled.ok);
    assert.deepEqual(
      compiled.warnings.map(({ message }) => message),
      ["tag:c,2026:d", "tag:e,2026:f"].map((name) => `there is no list “${name}” (there are: tag:a,2026:b)`),
    );
  });
});
