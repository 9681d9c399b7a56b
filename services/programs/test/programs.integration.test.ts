import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Bus, connectBus, RetryLater } from "@tamis/bus";
import { decodeProgramOutcome, encodeProgramCall, type ProgramHead, subjects } from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import { type NatsServer, startNats, tempDir } from "@tamis/testkit";
import { programsConfig } from "../src/config.ts";
import { examine } from "../src/doctor.ts";
import { programsService } from "../src/programs-service.ts";

const sections = { programs: programsConfig };
const self = process.getuid?.() ?? 0;
/** Programs must belong to root; who is not root can show only that nothing of theirs is run. */
const isRoot = self === 0;

describe("the programs service", () => {
  const dir = tempDir("tamis-programs-service");
  const folder = join(dir.path, "programs");
  const count = join(dir.path, "count");
  let nats: NatsServer;
  let bus: Bus;
  const services: StartedService[] = [];

  const config = (): string => {
    const path = join(dir.path, "tamis.yaml");
    const lines = [`folder: ${folder}`, "accounts: [anna@ac.test]", `uid: ${isRoot ? 65_534 : self}`];
    writeFileSync(
      path,
      `state_dir: ${dir.path}\nnats: { servers: ["${nats.url}"] }\nprograms: { ${lines.join(", ")} }\nlog: { level: fatal }\n`,
      { mode: 0o600 },
    );
    return path;
  };
  const start = async (): Promise<StartedService> => {
    const service = await startService(programsService, loadSettings(config(), sections));
    services.push(service);
    return service;
  };
  const ask = async (more: Partial<ProgramHead> = {}) => {
    const head: ProgramHead = {
      v: 1,
      accountId: "a1",
      address: "anna@ac.test",
      mailId: "a1/00000001/1/1",
      fingerprint: "0123456789abcdef",
      key: "k",
      command: "execute",
      program: "count",
      arguments: ["bonjour"],
      ...more,
    };
    const frame = encodeProgramCall({ head, inline: null });
    const reply = await bus.request(subjects.programsRun, frame, { timeoutMs: 20_000 });
    const { head: outcome, inline } = decodeProgramOutcome(reply.payload);
    return { outcome, text: inline === null ? "" : Buffer.from(inline).toString() };
  };

  before(async () => {
    chmodSync(dir.path, 0o755);
    mkdirSync(folder);
    writeFileSync(count, "");
    chmodSync(count, 0o666);
    writeFileSync(join(folder, "count"), `#!/bin/sh\necho x >> ${count}\necho "$1"\n`, { mode: 0o755 });
    writeFileSync(join(folder, "loose"), "#!/bin/sh\n");
    chmodSync(join(folder, "loose"), 0o757);
    nats = await startNats();
    bus = await connectBus({ servers: nats.url, name: "test" });
  });
  after(async () => {
    for (const service of services) await service.stop();
    await bus.close();
    await nats.stop();
    dir.remove();
  });

  it("nobody answers where it does not run", async () => {
    await assert.rejects(ask(), RetryLater);
  });

  it("runs a call once over two instances and a restart", async () => {
    const [one] = await Promise.all([start(), start()]);
    const first = await ask();
    assert.deepEqual([first.outcome.kind, first.text], isRoot ? ["ended", "bonjour\n"] : ["missing", ""]);
    const others = await Promise.all(Array.from({ length: 8 }, () => ask()));
    assert.ok(others.every(({ text }) => text === first.text));
    await one.stop();
    await start();
    assert.equal((await ask()).text, first.text);
    assert.equal(readFileSync(count, "utf8"), isRoot ? "x\n" : "");
  });

  it("runs none for other accounts, and none that others could change", async () => {
    const { outcome } = await ask({ address: "ben@ac.test", key: "other" });
    assert.deepEqual(outcome, { kind: "failed", reason: "not-allowed" });
    assert.deepEqual((await ask({ program: "loose" })).outcome, { kind: "missing" });
  });

  it("its doctor names programs that are never run", async () => {
    const findings = await examine({ settings: loadSettings(config(), sections) });
    const faults = findings.filter(({ ok }) => !ok).map(({ id }) => id);
    assert.deepEqual(faults, isRoot ? ["programs.loose"] : ["programs.count", "programs.loose"]);
  });
});
