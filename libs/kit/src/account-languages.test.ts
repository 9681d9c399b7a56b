import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { accountIdOf } from "./account.ts";
import { type AccountLanguages, watchLanguages } from "./account-languages.ts";
import { openLog } from "./log.ts";

const folder = mkdtempSync(join(tmpdir(), "kit-languages-"));
after(() => rmSync(folder, { recursive: true }));

const IMAP = 'imap: { host: a, sign_in: { method: master, user: m, password: "x" } }\n';
const ANNA = accountIdOf("anna@example.org");

/** The languages of an installation, and the events that were logged. */
function languagesIn(yaml: string): { readonly languages: AccountLanguages; readonly events: string[] } {
  const events: string[] = [];
  const log = openLog({
    service: "x",
    instance: "y",
    settings: { level: "warn", format: "json" },
    write: (line) => events.push(JSON.parse(line).event),
  });
  const file = join(folder, "tamis.yaml");
  writeFileSync(`${file}.new`, yaml);
  renameSync(`${file}.new`, file);
  return { languages: watchLanguages(file, { otherwise: "en", log }), events };
}

describe("the languages of accounts", () => {
  for (const [name, yaml, want] of [
    ["as they are written", `${IMAP}accounts: { list: [{ address: anna@example.org, language: fr }] }`, "fr"],
    ["the section's", `${IMAP}accounts: { language: fr, list: [{ address: anna@example.org }] }`, "fr"],
    ["the service's own where nothing is said", `${IMAP}accounts: { list: [{ address: anna@example.org }] }`, "en"],
    ["the service's own where no accounts are named", "state_dir: x", "en"],
  ] as const)
    it(name, () => {
      const { languages, events } = languagesIn(yaml);
      languages.stop();
      assert.deepEqual([languages.of(ANNA), languages.of("nobody"), events], [want, "en", []]);
    });

  it("are a column of a CSV, and those not in it have the section's", () => {
    writeFileSync(join(folder, "accounts.csv"), "address,language\nanna@example.org,fr\nbob@example.org,\n");
    const { languages } = languagesIn(`${IMAP}accounts: { language: en, file: accounts.csv }`);
    languages.stop();
    assert.deepEqual([languages.of(ANNA), languages.of(accountIdOf("bob@example.org"))], ["fr", "en"]);
  });

  it("keep nobody from writing where accounts cannot be found, and this is logged", () => {
    const { languages, events } = languagesIn("accounts: { list: [{ address: anna@example.org, language: fr }] }");
    languages.stop();
    assert.deepEqual([languages.of(ANNA), events], ["en", ["languages-unknown"]]);
  });

  it("keep nobody from writing where accounts are faulty", () => {
    writeFileSync(join(folder, "accounts.csv"), "address,language\nanna@example.org,klingon\n");
    const { languages } = languagesIn(`${IMAP}accounts: { file: accounts.csv }`);
    languages.stop();
    assert.equal(languages.of(ANNA), "en");
  });
});
