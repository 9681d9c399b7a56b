import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { z } from "zod";
import { formatFault } from "./fault.ts";
import { loadSettings } from "./load-settings.ts";
import { accountSections } from "./sections.ts";

const folder = mkdtempSync(join(tmpdir(), "kit-settings-"));
after(() => rmSync(folder, { recursive: true }));

const sections = {
  ...accountSections,
  filter: z.strictObject({
    limit: z.int().min(1).max(100).default(30).describe("how many at once"),
    store: z
      .union([z.literal("memory"), z.strictObject({ path: z.string().describe("where it lies") })])
      .default("memory")
      .describe("where it is kept"),
  }),
};

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const IMAP = "imap: { host: mail.example.org, sign_in: { method: password } }";
const ACCOUNTS = "accounts: { list: [] }";
describe("settings", () => {
  it("fills in what is not said", () => {
    const path = write("tamis.yaml", `${IMAP}\n${ACCOUNTS}`);
    const settings = loadSettings(path, sections);
    assert.equal(settings.file, path);
    assert.equal(settings.state_dir, join(folder, ".tamis/state"));
    assert.deepEqual(settings.nats, { servers: ["nats://127.0.0.1:4222"], replicas: 1 });
    assert.deepEqual(settings.imap, {
      host: "mail.example.org",
      port: 993,
      tls: "implicit",
      verify_certificate: true,
      sign_in: { method: "password" },
    });
    assert.deepEqual(settings.accounts, { mode: "observe", answers_receipts: "program", list: [] });
    assert.deepEqual(settings.filter, { limit: 30, store: "memory" });
    assert.deepEqual(settings.log, { level: "info", format: "auto" });
    assert.deepEqual(settings.telemetry, { sampling: 1 });
  });

  it("takes port 143 where TLS is not implicit", () => {
    const path = write("tamis.yaml", `imap: { host: a, tls: starttls, sign_in: { method: password } }\n${ACCOUNTS}`);
    assert.equal(loadSettings(path, sections).imap.port, 143);
  });

  it("leaves the sections of other services alone, their secrets too", () => {
    const path = write(
      "tamis.yaml",
      "imap: { host: 3, sign_in: { password: { env: TAMIS_NO_SUCH_VARIABLE } } }\nmailbox: { anything: at all }\n",
    );
    assert.deepEqual(Object.keys(loadSettings(path, {})).toSorted(), [
      "file",
      "folder",
      "log",
      "nats",
      "state_dir",
      "telemetry",
      "warnings",
    ]);
  });

  it("starts relative paths at the folder of the file", () => {
    write("token", "geheim\n");
    const path = write("tamis.yaml", "state_dir: var\nnats: { token: { file: token } }");
    const settings = loadSettings(path, {});
    assert.equal(settings.state_dir, join(folder, "var"));
    assert.equal(settings.nats.token?.reveal(), "geheim");
  });

  it("warns of secrets that every user can read", () => {
    write("token", "geheim\n", 0o644);
    const path = write("tamis.yaml", 'nats:\n  user: a\n  password: "geheim"\n  token: { file: token }', 0o644);
    const warnings = loadSettings(path, {}).warnings.map((warning) =>
      formatFault(warning).replaceAll(`${folder}/`, ""),
    );
    assert.deepEqual(warnings, [
      "tamis.yaml:3:13: nats.password: every user of this machine can read this secret (chmod 600 tamis.yaml)",
      "tamis.yaml:4:10: nats.token: every user of this machine can read this secret (chmod 600 token)",
    ]);
    chmodSync(path, 0o640);
    chmodSync(join(folder, "token"), 0o600);
    assert.deepEqual(loadSettings(path, {}).warnings, []);
  });
});
