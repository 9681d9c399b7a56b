import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { type Supervised, type SupervisorEvent, type SupervisorOptions, supervise } from "../src/supervisor.ts";

const child = (name: string, script: string): Supervised => ({
  name,
  spawn: () => spawn(process.execPath, ["-e", script], { stdio: "ignore", detached: true }),
});
const FOREVER = "setInterval(() => {}, 1000)";

/** A supervisor on its way, and what it reported so far. */
function start(children: readonly Supervised[], more: Partial<SupervisorOptions> = {}) {
  const events: SupervisorEvent[] = [];
  const stop = new AbortController();
  const end = supervise({
    children,
    signal: stop.signal,
    final: new Set([78]),
    report: (event) => events.push(event),
    backoff: { firstMs: 10, maxMs: 40, healthyMs: 60_000 },
    graceMs: 10_000,
    random: () => 0.5,
    ...more,
  });
  const pids = (name: string): readonly number[] =>
    events.flatMap((event) => (event.kind === "started" && event.name === name ? [event.pid] : []));
  return { events, stop, end, pids };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("supervise", { timeout: 60_000 }, () => {
  it("starts a killed child again, and leaves the others alone", async () => {
    const { stop, end, pids, events } = start([child("a", FOREVER), child("b", FOREVER)]);
    await waitFor(() => pids("a").length === 1 && pids("b").length === 1);
    process.kill(pids("a")[0] ?? 0, "SIGKILL");
    await waitFor(() => pids("a").length === 2);
    assert.deepEqual(
      [pids("b").length, events.find((event) => event.kind === "ended")],
      [1, { kind: "ended", name: "a", how: "SIGKILL", afterMs: 10 }],
    );
    stop.abort();
    assert.equal(await end, "stopped");
    assert.deepEqual([...pids("a"), ...pids("b")].filter(isAlive), []);
  });

  it("waits longer and longer for one that keeps ending", async () => {
    const { stop, end, events } = start([child("a", "process.exit(3)")]);
    const ended = () => events.flatMap((event) => (event.kind === "ended" ? [event] : []));
    await waitFor(() => ended().length >= 4, { timeoutMs: 30_000 });
    stop.abort();
    await end;
    assert.deepEqual(
      ended()
        .slice(0, 4)
        .map(({ how, afterMs }) => `${how} ${afterMs}`),
      ["exit 3 10", "exit 3 20", "exit 3 40", "exit 3 40"],
    );
  });

  it("stops everything when one refuses its configuration", async () => {
    const { end, events, pids } = start([child("a", "process.exit(78)"), child("b", FOREVER)]);
    assert.equal(await end, "refused");
    assert.ok(events.some((event) => event.kind === "refused" && event.name === "a"));
    assert.deepEqual(pids("b").filter(isAlive), []);
  });

  it("kills one that does not end in time", async () => {
    let isDeaf = false;
    const deaf: Supervised = {
      name: "a",
      spawn() {
        const script = `process.on("SIGTERM", () => {}); console.log("deaf"); ${FOREVER}`;
        const running = spawn(process.execPath, ["-e", script], {
          stdio: ["ignore", "pipe", "ignore"],
          detached: true,
        });
        running.stdout.once("data", () => {
          isDeaf = true;
        });
        return running;
      },
    };
    const { stop, end, events, pids } = start([deaf], { graceMs: 300 });
    await waitFor(() => isDeaf);
    stop.abort();
    assert.equal(await end, "stopped");
    assert.deepEqual(events.slice(1), [{ kind: "stopping" }, { kind: "killed", name: "a" }]);
    assert.deepEqual(pids("a").filter(isAlive), []);
  });

  it("goes on trying one that cannot be started at all", async () => {
    const absent: Supervised = { name: "a", spawn: () => spawn("/nonexistent/program") };
    const { stop, end, events } = start([absent]);
    await waitFor(() => events.filter((event) => event.kind === "not-started").length >= 2);
    stop.abort();
    assert.equal(await end, "stopped");
  });
});
