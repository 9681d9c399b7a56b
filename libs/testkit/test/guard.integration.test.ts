import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";

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

/** Living processes of a group; a zombie that nobody has reaped yet is dead. */
function members(group: number): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return state !== "Z" && Number(pgrp) === group;
      } catch {
        return false;
      }
    });
}

const left = ({ dirs, groups }: Started): string[] => [...dirs.filter(existsSync), ...groups.flatMap(members)];

describe("nothing outlives a test process", { skip: existsSync("/proc/self/stat") ? false : "reads /proc" }, () => {
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
        assert.ok(started.groups.every((group) => members(group).length > 0));
        child.kill(one.signal);
      }
      await ended;
      await waitFor(() => left(started).length === 0, { describe: `the end of ${JSON.stringify(started)}` });
    });
  }
});
