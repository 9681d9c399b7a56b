import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { loadSettings } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { examine } from "../src/doctor.ts";
import { receiptsService } from "../src/receipts-service.ts";

const log = { info() {}, warn() {}, error() {} };

describe("what the doctor finds", { timeout: 120_000 }, () => {
  const dir = tempDir("tamis-receipts-doctor");
  after(() => dir.remove());
  const findings = async (sections: string): Promise<readonly [string, boolean][]> => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, `state_dir: ./state\n${sections}`, { mode: 0o600 });
    const settings = loadSettings(file, receiptsService.sections);
    const found = await examine({ settings, signal: new AbortController().signal, log });
    return found.map(({ id, ok }) => [id, ok]);
  };

  it("tables that can be opened, and that something is sent", async () => {
    const outbox = "outbox: { relay: { host: smtp.example.org } }";
    assert.deepEqual(await findings(`receipts: {}\n${outbox}\n`), [["receipts.store", true]]);
  });

  it("that nothing is sent of which reports could come", async () => {
    const [, sends] = await findings("receipts: {}\n");
    assert.deepEqual(sends, ["receipts.outbox", false]);
  });

  it("tables that cannot be opened", async () => {
    writeFileSync(join(dir.path, "no-folder"), "");
    const [store] = await findings("receipts: {}\nstore: { kind: pglite, folder: ./no-folder/below }\n");
    assert.deepEqual(store, ["receipts.store", false]);
  });
});
