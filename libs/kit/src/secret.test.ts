import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { format, inspect } from "node:util";
import { openLog } from "./log.ts";
import { Secret } from "./secret.ts";

const PASSWORD = "correct horse";

function fromEnvironment(): Secret {
  const made = Secret.fromEnvironment("PASSWORD", { PASSWORD });
  assert.ok(made instanceof Secret);
  return made;
}

describe("a secret is never printed", () => {
  const secret = fromEnvironment();
  const holder = { name: "x", deep: { list: [secret] }, map: new Map([["key", secret]]) };
  const printed: readonly { name: string; text: string }[] = [
    { name: "String()", text: String(secret) },
    { name: "a template", text: `${secret}` },
    { name: "joined", text: [secret].join() },
    { name: "toLocaleString", text: secret.toLocaleString() },
    { name: "JSON", text: JSON.stringify(holder) },
    { name: "inspect", text: inspect(holder, { depth: null, showHidden: true, getters: true }) },
    {
      name: "inspect without custom functions",
      text: inspect(holder, { depth: null, showHidden: true, customInspect: false }),
    },
    { name: "format", text: format("%s %o %O %j %d", secret, secret, secret, secret, secret) },
    { name: "its keys and values", text: JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)]) },
    { name: "a copy", text: JSON.stringify({ ...secret }) + JSON.stringify(structuredClone({ ...secret })) },
    { name: "an error", text: inspect(new Error("failed", { cause: holder })) },
  ];
  for (const { name, text } of printed) it(name, () => assert.ok(!text.includes(PASSWORD), text));

  it("the log, at any depth and in an error", () => {
    let text = "";
    const log = openLog({
      service: "x",
      instance: "y",
      settings: { level: "trace", format: "json" },
      write: (line) => {
        text += line;
      },
    });
    log
      .child({ secret: holder })
      .info({ holder, key: secret, err: Object.assign(new Error("no"), { holder, secret }) }, "event");
    assert.ok(text.includes('"key":"***"'), text);
    assert.ok(!text.includes(PASSWORD), text);
  });
});

describe("a secret", () => {
  it("reads its file again, and keeps the last value while it cannot", () => {
    const folder = mkdtempSync(join(tmpdir(), "kit-secret-"));
    const path = join(folder, "password");
    writeFileSync(path, "first\r\n");
    const secret = Secret.fromFile(path);
    assert.ok(secret instanceof Secret);
    assert.equal(secret.reveal(), "first");
    writeFileSync(path, " second \n");
    assert.equal(secret.reveal(), " second ");
    writeFileSync(path, "");
    assert.equal(secret.reveal(), " second ");
    rmSync(folder, { recursive: true });
    assert.equal(secret.reveal(), " second ");
    assert.match(String(Secret.fromFile(path)), /cannot be read: ENOENT/);
  });

  it("is equal to one of the same source and value", () => {
    assert.ok(Secret.plain("a").equals(Secret.plain("a")));
    assert.ok(!Secret.plain("a").equals(Secret.plain("b")));
    assert.ok(!Secret.plain(PASSWORD).equals(fromEnvironment()));
  });

  it("says which variable is empty or not set", () => {
    assert.equal(Secret.fromEnvironment("A", {}), "the environment variable A is not set");
    assert.equal(Secret.fromEnvironment("A", { A: "" }), "the environment variable A is empty");
  });
});
