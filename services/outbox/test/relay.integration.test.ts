import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSettings } from "@tamis/kit";
import { waitFor } from "@tamis/testkit";
import { examine } from "../src/doctor.ts";
import { outboxService } from "../src/outbox-service.ts";
import { mail, QUICK, sendingOf, World, type WorldOptions } from "./world.ts";

const ACCOUNT = { user: "tamis", password: "geheim" };
const SIGN_IN = 'user: tamis, password: "geheim"';

const diagnose = (world: World) =>
  examine({
    settings: loadSettings(world.config, outboxService.sections),
    signal: AbortSignal.timeout(20_000),
    log: { info() {}, warn() {}, error() {} } as never,
    bus: null,
  });
const relayFinding = async (world: World) => (await diagnose(world)).find(({ id }) => id === "outbox.relay");

describe("outbox and its relay", { timeout: 170_000 }, () => {
  for (const tls of ["starttls", "implicit"] as const)
    it(`speaks ${tls}, signs in, asks for reports`, async () => {
      const options: WorldOptions = {
        sink: { tls, account: ACCOUNT, hideDSN: false },
        relay: SIGN_IN,
        store: "postgres",
      };
      await using world = await World.open(options);
      const finding = await relayFinding(world);
      assert.match(finding?.text.en ?? "", /answers after signing in \(TLS: (starttls|implicit)\) and offers .*DSN/);
      await world.start();
      await world.submit(1, [sendingOf({ dsn: { notify: ["FAILURE"], ret: "HDRS" } })]);
      const [kept] = await world.received(1);
      assert.deepEqual([kept?.secure, kept?.user], [true, "tamis"]);
      assert.equal(kept?.mailParameters["RET"], "HDRS");
      assert.match(String(kept?.mailParameters["ENVID"]), /^tamis-\d+$/);
      assert.deepEqual({ ...kept?.recipientParameters[0] }, { NOTIFY: "FAILURE", ORCPT: "rfc822;target@example.com" });
    });

  it("says what is wrong with it, and sends nothing until it is right", async () => {
    const options: WorldOptions = { sink: { tls: "starttls", account: ACCOUNT }, store: "postgres" };
    await using world = await World.open({ ...options, relay: 'user: tamis, password: "wrong"' });
    const finding = await relayFinding(world);
    assert.deepEqual([finding?.ok, finding?.mend?.en], [false, "see outbox.relay.user and password"]);
    await world.start();
    await world.submit(1, [sendingOf()]);
    await waitFor(async () => (await world.list())[0]?.reply === "451 4.4.1 the relay cannot be used (auth)");
    await world.stopServices();
    world.configure({ ...options, relay: SIGN_IN });
    await world.start();
    await world.allIn("accepted", 1);
    world.configure({ ...options, relay: SIGN_IN, outbox: QUICK.replace("retry:", "language: fr\n  retry:") });
    await world.sink.down();
    assert.match((await relayFinding(world))?.text.en ?? "", /ECONNREFUSED/);
  });

  it("does not trust a certificate that nobody vouches for", async () => {
    await using world = await World.open({ sink: { tls: "implicit" } });
    const settings = loadSettings(world.config, outboxService.sections);
    const { ca_file: _, ...relay } = settings.outbox.relay;
    const findings = await examine({
      settings: { ...settings, outbox: { ...settings.outbox, relay } },
      signal: AbortSignal.timeout(20_000),
      log: { info() {}, warn() {}, error() {} } as never,
      bus: null,
    });
    const finding = findings.find(({ id }) => id === "outbox.relay");
    assert.deepEqual([finding?.ok, finding?.mend?.en.includes("ca_file")], [false, true]);
    assert.match(
      findings.find(({ id }) => id === "outbox.store")?.text.en ?? "",
      /a power cut can lose its last seconds/,
    );
  });

  it("respects what it cannot take, converts nothing, and says why", async () => {
    await using world = await World.open({ sink: { hide8BITMIME: true, size: 2_000 }, store: "postgres" });
    await world.playMailbox();
    const findings = await diagnose(world);
    assert.equal(findings.find(({ id }) => id === "outbox.relay.8bitmime")?.ok, false);
    await world.start();
    await world.submit(1, [sendingOf({ cancelsKeep: true })], [mail("é")]);
    await world.submit(2, [sendingOf()], [mail("x".repeat(3_000))]);
    const listed = await world.allIn("rejected", 2);
    assert.match(listed[1]?.reply ?? "", /^554 5\.6\.3 .*8BITMIME/);
    assert.match(listed[0]?.reply ?? "", /^552 5\.3\.4 /);
    await waitFor(() => world.putBacks.length === 1);
    assert.equal(world.sink.mails.length, 0);
  });

  it("goes no round twice, and answers nobody too often", async () => {
    const outbox = `${QUICK}  limits: { vacation: { per_target_day: 1 } }\n`;
    await using world = await World.open({ store: "postgres", outbox });
    await world.start();
    await world.submit(1, [sendingOf()]);
    const [kept] = await world.received(1);
    const back = Buffer.concat([Buffer.from("Received: from x by y; z\r\n"), kept?.raw ?? Buffer.of()]);
    const answer = await world.submit(2, [sendingOf(), sendingOf({ key: "2", to: ["else@example.com"] })], [back]);
    assert.deepEqual(answer.kind === "committed" && answer.sendings, [
      { key: "redirect/1", state: "refused", reason: "loop" },
      { key: "2", state: "stored" },
    ]);
    await world.stopServices();
    await world.start();
    const after = await world.submit(3, [sendingOf()], [back]);
    assert.equal(after.kind === "committed" && after.sendings[0]?.reason, "loop", "the key outlives the process");
    const vacation = sendingOf({ kind: "vacation", to: ["p@example.net"] });
    const answers = [await world.submit(4, [vacation]), await world.submit(5, [vacation])];
    assert.deepEqual(
      answers.map((one) => one.kind === "committed" && (one.sendings[0]?.reason ?? one.sendings[0]?.state)),
      ["stored", "rate-limited"],
    );
    const sunk = await world.received(3);
    assert.equal(sunk.find(({ to }) => to[0] === "p@example.net")?.from, "");
  });

  it("uses a connection again, and another where the relay closed it meanwhile", async () => {
    await using world = await World.open({ store: "postgres", relay: "connections: 1, idle_ms: 60000" });
    await world.start();
    for (let n = 1; n <= 3; n++) {
      await world.submit(n, [sendingOf()]);
      await world.received(n);
    }
    assert.equal(world.sink.connections(), 1);
    await world.allIn("accepted", 3);
    await world.sink.down();
    await world.sink.up();
    await world.submit(4, [sendingOf()]);
    const [last] = await world.allIn("accepted", 4);
    assert.deepEqual([last?.attempts, world.sink.connections()], [1, 2]);
  });
});
