import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { mail, Pipeline } from "./pipeline.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const ACCOUNTS = 200;

/** A mailbox instance as its own process, so that it can be killed. */
function spawnMailbox(config: string): ChildProcess {
  return spawn(process.execPath, [MAIN, "--config", config], { stdio: ["ignore", "ignore", "inherit"] });
}

describe("mailbox: kill -9", () => {
  it(`moves the accounts of a killed instance to the other one (${ACCOUNTS} accounts) within 15 s`, async () => {
    const users = Array.from({ length: ACCOUNTS }, (_, i) => `u${i}@ac.test`);
    await using pipeline = await Pipeline.start({ connections: 1_000 });
    await pipeline.filter();
    const config = pipeline.writeConfig(users, ["connects_at_once: 32", "idle_seconds: 3"]);
    const [killed, other] = [spawnMailbox(config), spawnMailbox(config)];
    try {
      const served = async (): Promise<readonly number[]> =>
        (await pipeline.status()).map(({ accounts }) => accounts.idle ?? 0);
      await pipeline.untilContact(ACCOUNTS, 60_000);
      await pipeline.until(
        async () => {
          const idle = await served();
          return (
            idle.length === 2 &&
            idle.every((count) => count > ACCOUNTS / 4) &&
            (idle[0] ?? 0) + (idle[1] ?? 0) === ACCOUNTS
          );
        },
        () => "both serve about half",
        30_000,
      );
      killed.kill("SIGKILL");
      const killedAt = performance.now();
      for (const user of users.slice(0, 20)) await pipeline.dovecot.deliver(user, mail("[Ici] a", user));
      await pipeline.until(
        async () => (await served()).some((count) => count === ACCOUNTS),
        () => "the other one serves all",
        30_000,
      );
      const tookMs = performance.now() - killedAt;
      await pipeline.untilApplied(20);
      assert.ok(tookMs < 15_000, `took ${Math.round(tookMs)} ms`);
    } finally {
      for (const child of [killed, other]) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    }
  });
});
