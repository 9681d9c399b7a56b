import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir, waitFor } from "@tamis/testkit";
import { type ProgramLimits, runProgram } from "./run-program.ts";

const dir = tempDir("tamis-run-program");
after(() => dir.remove());
chmodSync(dir.path, 0o755);
const limits: ProgramLimits = { timeoutMs: 10_000, outputBytes: 100_000, memoryBytes: 1 << 30, processes: 50_000 };

let count = 0;
function program(text: string): string {
  const path = join(dir.path, `p${count++}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

async function run(
  text: string,
  more: { input?: string; args?: readonly string[]; limits?: Partial<ProgramLimits> } = {},
) {
  const end = await runProgram(program(text), more.args ?? [], Buffer.from(more.input ?? ""), {
    ...limits,
    ...more.limits,
  });
  return end.kind === "failed" ? end.reason : { ok: end.ok, output: Buffer.from(end.output).toString("utf8") };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("running a program", () => {
  it("gives it its input and arguments, and gives back what it wrote", async () => {
    assert.deepEqual(await run('printf "%s|" "$@"; cat', { input: "le mail", args: ["a b", "$(id)", "'"] }), {
      ok: true,
      output: "a b|$(id)|'|le mail",
    });
  });

  it("gives it no environment and / as its folder", async () => {
    assert.deepEqual(await run('printf "%s %s" "$PWD" "$HOME"; [ -z "$NODE_OPTIONS$USER$TAMIS_CONFIG" ]'), {
      ok: true,
      output: "/ ",
    });
  });

  it("says when it ended badly", async () => {
    assert.deepEqual(await run("echo no; exit 3"), { ok: false, output: "no\n" });
    assert.equal(await run("kill -KILL $$"), "signal");
  });

  it("does not mind one that reads nothing of a long input", async () => {
    assert.deepEqual(await run("exit 0", { input: "x".repeat(5_000_000) }), { ok: true, output: "" });
  });

  it("says when it cannot be started", async () => {
    const end = await runProgram(join(dir.path, "absent"), [], Buffer.alloc(0), limits);
    assert.deepEqual(end, { kind: "failed", reason: "not-startable" });
  });

  it("kills one that writes too much", async () => {
    assert.equal(await run("exec yes"), "output-too-large");
  });

  it("kills one that takes too long, with all it started", async () => {
    const file = join(dir.path, "child");
    assert.equal(await run(`sleep 600 & echo $! > ${file}; sleep 600`, { limits: { timeoutMs: 400 } }), "timeout");
    const pid = Number(readFileSync(file, "utf8"));
    await waitFor(() => !isAlive(pid), { describe: "the end of its child" });
  });

  it("ends what a program left behind", async () => {
    const file = join(dir.path, "left");
    await run(`sleep 600 >/dev/null & echo $! > ${file}`);
    assert.ok(existsSync(file));
    const pid = Number(readFileSync(file, "utf8"));
    await waitFor(() => !isAlive(pid), { describe: "the end of what it left" });
  });

  it("runs it as another user", async () => {
    const own = process.getuid?.() ?? 0;
    // Only root can become somebody else.
    const uid = own === 0 ? 65_534 : own;
    const gid = own === 0 ? 65_534 : (process.getgid?.() ?? 0);
    assert.deepEqual(await run('printf "%s %s" "$(id -u)" "$(id -G)"', { limits: { user: { uid, gid } } }), {
      ok: true,
      output: own === 0 ? "65534 65534" : `${uid} ${process.getgroups?.().join(" ")}`,
    });
  });

  it("bounds its memory", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    const greedy = 'x=$(head -c 20000000 /dev/zero | tr "\\\\0" x); printf "%s" "${#x}"';
    const whole = { ok: true, output: "20000000" };
    assert.deepEqual(await run(greedy), whole);
    assert.notDeepEqual(await run(greedy, { limits: { memoryBytes: 1 << 24 } }), whole);
  });
});
