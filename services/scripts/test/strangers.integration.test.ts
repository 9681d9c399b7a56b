import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ManageSieveClient, waitFor } from "@tamis/testkit";
import { World } from "./world.ts";

/** How many log-ins the IMAP server was asked for, and refused. */
const refusals = (world: World): number => world.dovecot.logs().match(/auth failed/g)?.length ?? 0;

describe("strangers at ManageSieve", { timeout: 120_000 }, () => {
  const world = new World();

  before(() => world.open());
  after(() => world.close());

  const restart = async (doors: string, scripts = ""): Promise<void> => {
    await world.stop();
    world.configure({ doors, scripts });
    await world.start();
  };
  const secure = () => ManageSieveClient.secure(world.port, world.ca);
  const guess = async (name: string, password: string): Promise<string> => {
    const client = await secure();
    const answer = await client.signIn(name, password);
    client.end();
    return answer;
  };

  it("who try many passwords reach the IMAP server a few times only", async () => {
    await restart("failures_per_address: 6, first_delay_ms: 1");
    const before = refusals(world);
    const names = ["anna@example.org", "bob@example.org", "carl@example.org"];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(names[i % 3] ?? "", `guess ${i}`)));
    assert.ok(answers.every((answer) => answer.startsWith("NO")));
    assert.ok(answers.some((answer) => answer.startsWith("NO (TRYLATER)")));
    const asked = refusals(world) - before;
    assert.ok(asked > 0 && asked <= 6, `${asked} guesses reached the IMAP server`);
    assert.match(await guess("anna@example.org", "pw"), /^NO \(TRYLATER\)/, "the right one, among them");
  });

  it("who repeat one wrong password reach it once, and lock nobody out", async () => {
    await restart("failures_per_address: 6, first_delay_ms: 1");
    const before = refusals(world);
    for (let i = 0; i < 12; i++) assert.match(await guess("anna@example.org", "old"), /^NO "wrong name/);
    await waitFor(() => refusals(world) > before);
    assert.equal(refusals(world) - before, 1);
    assert.match(await guess("anna@example.org", "pw"), /^OK/);
  });

  it("are told to come later while the IMAP server is away, and let in when it is back", async () => {
    await restart("timeout_ms: 1000");
    await world.dovecot.kill();
    assert.match(await guess("anna@example.org", "pw"), /^NO \(TRYLATER\)/);
    await world.dovecot.restart();
    assert.match(await guess("anna@example.org", "pw"), /^OK/);
  });

  it("find only so many connections, and room again when some leave", async () => {
    await restart("", "connections_per_address: 3");
    const inside = await Promise.all([secure(), secure(), secure()]);
    const refused = await ManageSieveClient.connect(world.port);
    assert.match(refused.greeting, /^BYE \(TRYLATER\) "too many connections/);
    await refused.ended();
    inside[0]?.destroy();
    const client = await waitFor(() => secure().catch(() => null));
    assert.match(await client.signIn("anna@example.org", "pw"), /^OK/);
    for (const one of [...inside, client]) one.destroy();
  });

  it("who speak something else, or leave in the middle, harm nobody", async () => {
    await restart("");
    const nonsense = [
      Buffer.from("16030100c8010000c40303", "hex"),
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      'AUTHENTICATE "PLAIN" {2000000000+}\r\n',
      `NOOP "${"x".repeat(100_000)}`,
      "\0".repeat(5_000),
      'PUTSCRIPT "a" {5+}\r\nab',
    ];
    for (const bytes of nonsense) {
      const client = await ManageSieveClient.connect(world.port);
      client.write(bytes);
      client.end();
      await client.ended();
    }
    const half = await ManageSieveClient.connect(world.port);
    await half.say("STARTTLS\r\n");
    half.write("this is no handshake\r\n\r\n");
    await half.ended();
    assert.match(await guess("anna@example.org", "pw"), /^OK/);
  });

  it("cannot fill the memory by not reading their answers", async () => {
    const client = await secure();
    assert.match(await client.signIn("anna@example.org", "pw"), /^OK/);
    assert.match(await client.put("big", `keep; #${"x".repeat(200_000)}`), /^OK/);
    const before = process.memoryUsage().rss;
    client.pause();
    client.write('GETSCRIPT "big"\r\n'.repeat(5_000));
    const other = await secure();
    assert.match(await other.signIn("bob@example.org", "pw"), /^OK/);
    for (let i = 0; i < 50; i++) await other.say("NOOP\r\n");
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
    client.destroy();
    other.destroy();
  });
});
