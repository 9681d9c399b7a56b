import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { EVENTS, streams, subjects } from "@tamis/contracts";
import type { OwnedFinding } from "../src/merge-findings.ts";
import { Installation } from "./harness.ts";

/** What the doctor found, by id. The doctors of services look at servers that this test has not: only the command's own findings count here. */
async function findings(site: Installation): Promise<readonly OwnedFinding[]> {
  const run = await site.tamis(["doctor", "--json"]);
  const found: readonly OwnedFinding[] = JSON.parse(run.out);
  assert.equal(run.code, found.every((finding) => finding.ok) ? 0 : 1);
  assert.ok(
    found.every((finding) => finding.ok || finding.mend !== undefined),
    "each fault has its mend",
  );
  return found;
}

const own = (found: readonly OwnedFinding[], id: string): readonly OwnedFinding[] =>
  found.filter((finding) => finding.by === "tamis" && finding.id === id);

describe("tamis doctor", { timeout: 180_000 }, () => {
  const site = new Installation();
  before(() => site.open());
  after(() => site.close());

  it("has nothing to mend on NATS before the first start", async () => {
    const found = await findings(site);
    for (const id of ["nats", "streams", "filter.durable"]) {
      assert.equal(found.find((finding) => finding.id === id)?.ok, true, id);
    }
  });

  it("names streams that are missing beside others", async () => {
    await site.bus.ensureStreams([EVENTS]);
    const found = await findings(site);
    assert.deepEqual(
      streams.map((spec) => own(found, `stream.${spec.name}`)[0]?.ok),
      [false, false, true, false],
    );
  });

  it("finds streams, clock and folders well", async () => {
    await site.setUpStreams();
    const found = await findings(site);
    for (const id of ["nats", "clock", "secrets", "state_dir", ...streams.map((spec) => `stream.${spec.name}`)]) {
      assert.deepEqual(
        own(found, id).map(({ ok }) => ok),
        [true],
        id,
      );
    }
    assert.equal(found.find((finding) => finding.id === "filter.durable")?.ok, true);
  });

  it("leaves nothing behind on NATS", async () => {
    const reply = await site.bus.request("$JS.API.CONSUMER.NAMES.EVENTS", new Uint8Array(), { timeoutMs: 20_000 });
    assert.equal(JSON.parse(Buffer.from(reply.payload).toString()).total, 0);
  });

  it("names an open state_dir, a stream that differs, and parked messages", async () => {
    chmodSync(site.path("state"), 0o777);
    const { config } = JSON.parse(
      Buffer.from(
        (await site.bus.request("$JS.API.STREAM.INFO.EVENTS", new Uint8Array(), { timeoutMs: 20_000 })).payload,
      ).toString(),
    );
    await site.bus.request(
      "$JS.API.STREAM.UPDATE.EVENTS",
      Buffer.from(JSON.stringify({ ...config, max_bytes: 1_000_000 })),
      { timeoutMs: 20_000 },
    );
    await site.bus.publish({ subject: subjects.parked("MAIL", "filter"), payload: new Uint8Array(), id: "p" });
    const found = await findings(site);
    assert.match(own(found, "state_dir")[0]?.mend ?? "", /chmod o-w/);
    assert.match(own(found, "stream.EVENTS")[0]?.text ?? "", /max_bytes 1000000 ≠ /);
    assert.match(own(found, "parked")[0]?.text ?? "", /parked messages: 1/);
  });

  it("shows it to a person with what to mend, in French too", async () => {
    const run = await site.tamis(["doctor"], { locale: "fr" });
    assert.match(run.out, /^ok {2}tamis +nats +NATS \d/m);
    assert.match(run.out, /^!! {2}tamis +parked +messages mis de côté : 1\n +→ réparer : voir `tamis parked list`/m);
    assert.match(
      run.out,
      /^!! {2}mailbox +imap\.anna +aucun serveur IMAP ne répond sur .*\n +→ réparer : vérifier `imap\.host`/m,
    );
    assert.match(run.out, /^ok {2}filter +filter\.durable +le consommateur durable `filter`/m);
    assert.match(run.out, /vérifications : \d+, à réparer : \d+$/);
  });

  it("names a NATS that is down, once", async () => {
    site.configure("nats://127.0.0.1:1");
    const found = await findings(site);
    const nats = found.filter((finding) => finding.id === "nats");
    assert.deepEqual(
      nats.map(({ ok, by }) => [ok, by]),
      [[false, "tamis"]],
    );
    assert.match(nats[0]?.mend ?? "", /start nats-server/);
  });

  it("names every fault of the configuration", async () => {
    site.write("tamis.yaml", "nats: { servers: [] }\nlog: { level: loud }\nfilter: { concurency: 3 }\n");
    const texts = (await findings(site)).filter((finding) => finding.id === "config").map(({ text }) => text);
    for (const fault of [
      /tamis\.yaml:1:\d+: nats\.servers/,
      /tamis\.yaml:2:\d+: log\.level/,
      /tamis\.yaml:3:\d+: .*concurency/,
    ]) {
      assert.equal(texts.filter((text) => fault.test(text)).length, 1, String(fault));
    }
  });
});
