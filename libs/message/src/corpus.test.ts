/** Real mail, where it lies beside the repository: everything parses, and as mailparser does but for the written reasons. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { differencesOf, REASONS } from "../test/differences.ts";
import { mailparserView, ourView } from "../test/views.ts";
import { type Entity, messageText, readMessage, readReport, walk } from "./index.ts";

const ARCHIVE = fileURLToPath(new URL("../../../../shared/corpora/dev.tar.xz", import.meta.url));
/** Every mail with TAMIS_CORPUS=all, else one in twenty. */
const STEP = process.env["TAMIS_CORPUS"] === "all" ? 1 : 20;

describe("the corpora", () => {
  let folder: string | null = null;
  let mails: readonly string[] = [];

  before(() => {
    if (!existsSync(ARCHIVE)) return;
    folder = mkdtempSync(join(tmpdir(), "tamis-corpus-"));
    mails = unpack(folder);
  });
  after(() => {
    if (folder !== null) rmSync(folder, { recursive: true });
  });

  it("reads each mail as mailparser does, but for the written reasons", async (t) => {
    if (mails.length === 0) t.diagnostic("no corpora (or no tar and xz) beside the repository: nothing compared");
    const counts = new Map<string, number>();
    for (const file of mails) {
      for (const reason of await reasonsOf(file)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    if (mails.length > 0) t.diagnostic(`${mails.length} mails compared`);
    for (const [reason, count] of counts) t.diagnostic(`${count} × ${reason}`);
  });

  it("answers every question about each mail and about its beginning alone", () => {
    for (const file of mails) {
      const raw = readFileSync(file);
      askEverything(raw);
      askEverything(raw.subarray(0, raw.length >> 1));
    }
  });
});

/** Unpacks the mails that are asked for; none where tar or xz is missing. */
function unpack(folder: string): readonly string[] {
  const listed = spawnSync("tar", ["tJf", ARCHIVE], { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (listed.status !== 0) return [];
  const all = listed.stdout.split("\n").filter((name) => name.endsWith(".eml"));
  const chosen = all.sort().filter((_, index) => index % STEP === 0);
  const input = chosen.join("\n");
  const unpacked = spawnSync("tar", ["xJf", ARCHIVE, "-C", folder, "--files-from=-"], { input });
  return unpacked.status === 0 ? chosen.map((name) => join(folder, name)) : [];
}

/** The names of the reasons that explain how the views of the mail differ; fails where none does. */
async function reasonsOf(file: string): Promise<string[]> {
  const raw = readFileSync(file);
  const theirs = await mailparserView(raw);
  assert.ok(theirs !== null, `mailparser fails on ${file}`);
  return differencesOf(ourView(raw), theirs, raw.toString()).map((difference) => {
    const reason = REASONS.find(({ explains }) => explains(difference));
    assert.ok(reason !== undefined, `${file}: ${difference.aspect} differs without a written reason`);
    return reason.name;
  });
}

function askEverything(raw: Buffer): void {
  const message = readMessage(raw);
  for (const field of message.headerFields()) {
    assert.ok(field.start < field.end && field.end <= raw.length);
    field.text();
    field.addresses();
  }
  for (const entity of walk(message.root)) askEntity(entity);
  messageText(message);
  readReport(message);
}

function askEntity(entity: Entity): void {
  assert.ok(entity.headerStart <= entity.bodyStart && entity.bodyStart <= entity.end);
  entity.bytes();
  entity.text();
}
