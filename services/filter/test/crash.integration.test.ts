import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { APPLY, EVENTS, PARKED } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { World } from "./nats-world.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const SCRIPT = `require ["vacation", "duplicate", "fileinto"];
if duplicate { fileinto "Doubles"; stop; }
if header "subject" "send on" { redirect "carla@example.com"; }
if header "subject" "answer" { vacation "Away."; }
`;

const mail = (subject: string, id: string): string =>
  [
    "Return-Path: <bob@example.net>",
    `Received: from a by b; ${new Date().toUTCString()}`,
    "From: bob@example.net",
    "To: anna@example.org",
    `Message-ID: <${id}@example.net>`,
    `Subject: ${subject}`,
    "",
    "Hello",
  ].join("\n");

describe("filter: kill -9 between what leaves and the plan", { timeout: 120_000 }, () => {
  const world = new World();
  const children: ChildProcess[] = [];

  function spawnFilter(): ChildProcess {
    const child = spawn(process.execPath, [MAIN, "--config", world.config], { stdio: ["ignore", "ignore", "inherit"] });
    children.push(child);
    return child;
  }

  before(async () => {
    await world.open({ filter: ", envelope: { from: return-path }", more: "outbox: {}\n" });
    await world.bus.ensureStreams([APPLY, EVENTS, PARKED]);
    await world.bus.ensureMailStream();
    await world.attend("anna");
    await world.activate("anna", SCRIPT, "v1");
  });

  after(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await world.close();
  });

  for (const [subject, want] of [
    ["send on", "discard"],
    ["answer", "stay"],
  ] as const) {
    it(`${subject}: asked for again under the same key, decided once, and no mail is its own double`, async () => {
      const killed = spawnFilter();
      const ended = once(killed, "exit");
      const asked = world.submissions.length;
      // The answer is lost: outbox has committed, and the asker is gone.
      world.beforeAnswer = () => void killed.kill("SIGKILL");
      const outbox = await world.outbox();
      const [uid] = await world.receive("anna", [{ text: mail(subject, subject.replace(" ", "-")) }]);
      await waitFor(() => world.submissions.length > asked, { describe: "the submission", timeoutMs: 30_000 });
      await ended;
      assert.equal(world.decisionOn(uid), undefined);
      world.beforeAnswer = () => {};
      world.sendingState = () => ({ state: "known" });
      spawnFilter();
      assert.equal(await world.destinationOf(uid, 60_000), want);
      const [first, second] = world.submissions.slice(asked).map(({ sendings }) => sendings.map(({ key }) => key));
      assert.deepEqual(second, first);
      assert.equal((await world.factOf(uid)).sendings?.[0]?.state, "known");
      await outbox.stop();
      for (const child of children.splice(0)) {
        if (child.signalCode !== null) continue;
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    });
  }
});
