import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { subjects } from "@tamis/contracts";
import { guardProcess, waitFor } from "@tamis/testkit";
import { Installation } from "./harness.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** The command as a process of its own. */
function launch(args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, LC_ALL: "C" },
  });
  const release = guardProcess(child.pid ?? 0);
  let text = "";
  child.stdout?.on("data", (data) => {
    text += String(data);
  });
  child.stderr?.on("data", (data) => {
    text += String(data);
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve)).finally(release);
  return { child, ended, text: () => text };
}

const started = (text: string): readonly number[] =>
  [...text.matchAll(/filter started \(process (\d+)\)/g)].map((match) => Number(match[1]));

describe("tamis up and run", { timeout: 120_000 }, () => {
  const site = new Installation();
  before(() => site.open());
  after(() => site.close());

  const works = async (): Promise<boolean> => site.bus.hasConsumer("MAIL", "filter");

  it("supervises the services, and ends them with itself", async () => {
    const up = launch(["up", "mailbox", "filter", "--config", site.config]);
    await waitFor(works, { timeoutMs: 40_000 });
    process.kill(started(up.text())[0] ?? 0, "SIGKILL");
    await waitFor(() => started(up.text()).length === 2, { timeoutMs: 40_000, describe: "the second start" });
    assert.match(up.text(), /filter ended \(SIGKILL\), again in \d/);
    up.child.kill("SIGTERM");
    assert.equal(await up.ended, 0, up.text());
    assert.match(up.text(), /stopping\n[\s\S]*all stopped/);
    for (const pid of started(up.text())) assert.throws(() => process.kill(pid, 0));
  });

  it("leaves no service behind when it is killed itself", async () => {
    const up = launch(["up", "filter", "--config", site.config]);
    const [pid] = await waitFor(() => (started(up.text()).length > 0 ? started(up.text()) : null), {
      timeoutMs: 40_000,
    });
    up.child.kill("SIGKILL");
    await waitFor(
      () => {
        try {
          return !process.kill(pid ?? 0, 0);
        } catch {
          return true;
        }
      },
      { timeoutMs: 40_000, describe: `the end of process ${pid}` },
    );
    await up.ended;
  });

  it("starts nothing where a service refuses its configuration, and says why", async () => {
    const config = site.write("wrong.yaml", "filter: { concurency: 3 }\n");
    const up = launch(["up", "filter", "--config", config]);
    assert.equal(await up.ended, 1);
    assert.match(up.text(), /filter refuses its configuration\n.*wrong\.yaml:1:\d+: .*concurency/);
    assert.deepEqual(started(up.text()), []);
  });

  it("knows its services", async () => {
    for (const args of [
      ["up", "filtre"],
      ["run", "filtre"],
    ]) {
      const run = await site.tamis(args);
      assert.equal(run.code, 2);
      assert.match(run.err, /no service "filtre"; there are: .*filter/);
    }
  });

  it("run is the service itself, until it is told to stop", async () => {
    const run = launch(["run", "filter", "--config", site.config]);
    // Only a running filter parks what is no mail.
    await site.bus.publish({ subject: subjects.mailReceived(1), payload: Buffer.from("no batch"), id: "test/run" });
    await waitFor(async () => (await site.bus.parked.list()).length === 1, { timeoutMs: 40_000 });
    run.child.kill("SIGTERM");
    assert.equal(await run.ended, 0, run.text());
    const wrong = launch(["run", "filter", "--config", site.write("wrong.yaml", "filter: 3\n")]);
    assert.equal(await wrong.ended, 78);
  });
});
