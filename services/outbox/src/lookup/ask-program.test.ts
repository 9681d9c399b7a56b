import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { askProgram, canBeAsked, commandFor } from "./ask-program.ts";

const dir = tempDir("tamis-lookup");
after(() => dir.remove());
let count = 0;
function program(text: string): string {
  const path = join(dir.path, `p${count++}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}
const ask = (command: readonly string[], messageId = "<a@b.example>", timeout = 20_000) =>
  askProgram({ command, timeoutMs: timeout }, messageId);

describe("asking a program whether a mail arrived", () => {
  for (const [name, text, want] of [
    ["0 is yes", "exit 0", "arrived"],
    ["1 is no", "exit 1", "absent"],
    ["2 is no answer", "exit 2", "unclear"],
    ["killed is no answer", "kill -9 $$", "unclear"],
  ] as const)
    it(name, async () => assert.equal(await ask([program(text)]), want));

  it("says nothing where the program cannot be run", async () =>
    assert.equal(await ask([join(dir.path, "absent")]), "unclear"));

  it("ends one that takes too long", async () =>
    assert.equal(await ask([program("exec sleep 600")], "<a@b.example>", 100), "unclear"));

  it("ends with the service", async () => {
    const stop = new AbortController();
    const asked = askProgram({ command: [program("exec sleep 600")], timeoutMs: 60_000 }, "<a@b.example>", stop.signal);
    stop.abort();
    assert.equal(await asked, "unclear");
  });

  it("hands over the Message-ID as one argument, whatever is in it", async () => {
    const file = join(dir.path, "arguments");
    const messageId = "<$(id)'\"`;*&@b.example>";
    assert.equal(await ask([program(`printf '%s\\n' "$#" "$@" > ${file}`), "-F", "--"], messageId), "arrived");
    assert.deepEqual(readFileSync(file, "utf8").split("\n").slice(0, -1), ["3", "-F", "--", messageId]);
  });

  it("puts it where its mark is", () =>
    assert.deepEqual(commandFor(["/bin/grep", "-qF", "message-id={message-id}", "/var/log/mail.log"], "<a$&@b>"), [
      "/bin/grep",
      "-qF",
      "message-id=<a$&@b>",
      "/var/log/mail.log",
    ]));

  for (const [messageId, want] of [
    ["<a@b.example>", true],
    ["a@b.example", false],
    ["<a b@c>", false],
    ["<a@b>\n<c@d>", false],
    ["<é@b>", false],
    ["<a><b>", false],
    [`<${"a".repeat(1000)}@b>`, false],
  ] as const)
    it(`${want ? "asks" : "does not ask"} for ${messageId.slice(0, 20)}`, () =>
      assert.equal(canBeAsked(messageId), want));
});
