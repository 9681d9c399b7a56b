import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { groupStates } from "../src/process-group.ts";

type Started = { readonly dirs: readonly string[]; readonly groups: readonly number[] };

/** A test process that says what it has started and then ends in some way. */
const script = (end: string): string => `
  import { startDovecot, startNats, tempDir } from "@tamis/testkit";
  const [nats, dovecot, dir] = [await startNats(), await startDovecot(), tempDir()];
  await dovecot.deliver("a@lycee.example", "Subject: a\\n\\nb");
  console.log(JSON.stringify({ dirs: [nats.storeDir, dovecot.dir, dir.path], groups: [nats.pid, dovecot.pid] }));
  ${end}
`;

async function startScript(end: string): Promise<{ readonly child: ChildProcess; readonly started: Started }> {
  const args = ["--input-type=module-typescript", "--eval", script(end)];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, started: JSON.parse(line) };
}

async function left({ dirs, groups }: Started): Promise<string[]> {
  const states = await Promise.all(groups.map(groupStates));
  return [...dirs.filter(existsSync), ...states.flat()];
}

describe("nothing outlives a test process", () => {
  const stay = 'await dovecot.imap("a@lycee.example"); setInterval(() => {}, 1_000);';
  const ends = [
    { name: "that is killed -9", end: stay, signal: "SIGKILL" },
    { name: "that is terminated", end: stay, signal: "SIGTERM" },
    { name: "that returns without stopping anything", end: "" },
    { name: "that exits", end: "process.exit(3);" },
    { name: "that throws", end: 'process.stderr.write = () => true; throw new Error("on purpose");' },
  ] as const;
  for (const one of ends) {
    it(one.name, async () => {
      const { child, started } = await startScript(one.end);
      const ended = once(child, "exit");
      if ("signal" in one) {
        for (const group of started.groups) assert.notDeepEqual(await groupStates(group), []);
        child.kill(one.signal);
      }
      await ended;
      await waitFor(async () => (await left(started)).length === 0, {
        describe: `the end of ${JSON.stringify(started)}`,
      });
    });
  }
});
