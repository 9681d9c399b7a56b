import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type ScriptsAnswer, scriptsAnswer, signInAttempted, subjects } from "@tamis/contracts";
import { loadSettings } from "@tamis/kit";
import { ManageSieveClient, selfSignedCertificate, waitFor } from "@tamis/testkit";
import { scriptsService } from "../src/scripts-service.ts";
import { World } from "./world.ts";

describe("the service scripts", { timeout: 120_000 }, () => {
  const world = new World();
  const audit: string[] = [];
  const clients: ManageSieveClient[] = [];

  before(async () => {
    await world.open({ scripts: "versions_kept: 2" });
    await world.start();
    await world.bus.tailFacts(`event.*.${signInAttempted.name}`, ({ payload }) => {
      const { accountId, reason, door, peer } = signInAttempted.schema.parse(
        JSON.parse(Buffer.from(payload).toString()),
      );
      audit.push(`${door} ${accountId ?? "-"} ${reason} ${peer}`);
    });
  });
  after(() => world.close());

  const secure = async (): Promise<ManageSieveClient> => {
    const client = await ManageSieveClient.secure(world.port, world.ca);
    clients.push(client);
    return client;
  };
  const owner = async (name = "anna@example.org"): Promise<ManageSieveClient> => {
    const client = await secure();
    assert.match(await client.signIn(name, "pw"), /^OK/);
    return client;
  };
  const ask = async (asked: object): Promise<ScriptsAnswer> => {
    const reply = await world.bus.request(subjects.scriptsAsk, Buffer.from(JSON.stringify(asked)), {
      timeoutMs: 20_000,
    });
    return scriptsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
  };

  it("greets in the clear without mechanisms, and tells them inside TLS", async () => {
    const client = await ManageSieveClient.connect(world.port);
    assert.match(await client.say("CAPABILITY\r\n"), /"SASL" ""\r\n[\s\S]*"STARTTLS"\r\n/);
    assert.match(await client.signIn("anna@example.org", "pw"), /^NO \(ENCRYPT-NEEDED\)/);
    assert.match(await client.say("STARTTLS\r\n"), /^OK/);
    const capabilities = await client.startTls(world.ca);
    assert.match(capabilities, /"SASL" "PLAIN"\r\n/);
    assert.doesNotMatch(capabilities, /STARTTLS/);
    client.end();
  });

  it("speaks inside TLS from the start at the other port", async () => {
    const client = await ManageSieveClient.connectTls(world.tlsPort, world.ca);
    assert.match(await client.signIn("anna@example.org", "pw"), /^OK/);
    assert.match(await client.say("LOGOUT\r\n"), /^OK/);
    await client.ended();
  });

  it("ends a connection on which more than STARTTLS came in the clear", async () => {
    const client = await ManageSieveClient.connect(world.port);
    assert.match(await client.say("STARTTLS\r\nNOOP\r\n"), /^BYE/);
    await client.ended();
  });

  it("keeps scripts, and copies the active one for filter before it answers", async () => {
    const client = await owner("ANNA");
    assert.match(await client.put("règles", 'require "fileinto";\r\nfileinto "A";\r\n'), /^OK/);
    assert.equal(await world.active("anna"), null);
    assert.match(await client.say('SETACTIVE "règles"\r\n'), /^OK/);
    assert.equal((await world.active("anna"))?.text, 'require "fileinto";\r\nfileinto "A";\r\n');
    assert.match(await client.put("règles", "keep;"), /^OK/);
    assert.equal((await world.active("anna"))?.text, "keep;");
    assert.match(await client.say('RENAMESCRIPT "règles" "rules"\r\n'), /^OK/);
    assert.equal((await world.active("anna"))?.name, "rules");
    assert.match(await client.put("rules", "kep;"), /^NO/);
    assert.equal((await world.active("anna"))?.text, "keep;");
    assert.match(await client.say("LISTSCRIPTS\r\n"), /^"rules" ACTIVE\r\nOK/);
    assert.match(await client.say('SETACTIVE ""\r\n'), /^OK/);
    assert.equal(await world.active("anna"), null);
  });

  it("shows nobody another's scripts", async () => {
    const client = await owner("bob@example.org");
    assert.equal(await client.say("LISTSCRIPTS\r\n"), "OK\r\n");
    assert.match(await client.say('GETSCRIPT "rules"\r\n'), /^NO \(NONEXISTENT\)/);
  });

  for (const { name, given, reason } of [
    { name: "a wrong password", given: ["anna@example.org", "pW"], reason: "anna wrong-password" },
    { name: "the master user", given: ["anna@example.org*proxy", "masterpw"], reason: "- master-name" },
    { name: "a foreign authzid", given: ["anna@example.org", "pw", "bob@example.org"], reason: "anna foreign-authzid" },
    {
      name: "the master user as authzid's owner",
      given: ["proxy", "masterpw", "anna@example.org"],
      reason: "- unknown-account",
    },
    { name: "who has a mailbox and no account here", given: ["eve@example.org", "pw"], reason: "- unknown-account" },
  ] as const)
    it(`lets in not ${name}`, async () => {
      const client = await secure();
      const [user, password, authzid] = [...given, undefined];
      assert.match(await client.signIn(user, password, authzid), /^NO "wrong name or password"/);
      assert.match(await client.say("LISTSCRIPTS\r\n"), /^NO/);
      await waitFor(() => audit.includes(`managesieve ${reason} 127.0.0.1`), { describe: `${reason} in ${audit}` });
    });

  it("lets in who names himself as authzid", async () => {
    const client = await secure();
    assert.match(await client.signIn("bob@example.org", "pw", "BOB@example.org"), /^OK/);
    await waitFor(() => audit.includes("managesieve bob right-password 127.0.0.1"));
  });

  it("answers operators from the same tables", async () => {
    assert.deepEqual(await ask({ op: "put", accountId: "bob", name: "ops", text: "discard;" }), {
      kind: "done",
      active: false,
    });
    assert.deepEqual(await ask({ op: "activate", accountId: "bob", name: "ops" }), { kind: "done", active: true });
    assert.equal((await world.active("bob"))?.text, "discard;");
    const client = await owner("bob@example.org");
    assert.match(await client.say("LISTSCRIPTS\r\n"), /^"ops" ACTIVE/);
    const answers = [
      await ask({ op: "put", accountId: "bob", name: "ops", text: "kep;" }),
      await ask({ op: "delete", accountId: "bob", name: "ops" }),
      await ask({ op: "activate", accountId: "bob", name: "none" }),
    ];
    assert.deepEqual(
      answers.map((answer) => answer.kind === "refused" && answer.code),
      ["does-not-compile", "active", "missing"],
    );
    const listed = await ask({ op: "list", accountId: "bob" });
    assert.equal(listed.kind === "listed" && listed.scripts[0]?.bytes, 8);
    assert.deepEqual(await ask({ op: "activate", accountId: "bob", name: null }), { kind: "done", active: false });
    assert.equal(await world.active("bob"), null);
  });

  it("says goodbye to who is connected, keeps everything, and finds it again", async () => {
    const client = await owner();
    await client.say('SETACTIVE "rules"\r\n');
    await world.stop();
    assert.match(await client.ended(), /^BYE \(TRYLATER\)/);
    await world.start();
    const again = await owner();
    assert.match(await again.say('GETSCRIPT "rules"\r\n'), /^\{5\}\r\nkeep;\r\nOK/);
  });

  it("takes a new certificate without a restart, and keeps the old one when the new one is none", async () => {
    const { cert, key } = selfSignedCertificate();
    writeFileSync(world.path("key.pem"), "nonsense");
    await owner();
    writeFileSync(world.path("key.pem"), key);
    writeFileSync(world.ca, cert);
    utimesSync(world.ca, new Date(), new Date());
    await owner();
  });

  it("looks at itself", async () => {
    const settings = loadSettings(world.path("tamis.yaml"), scriptsService.sections);
    const log = {
      info() {},
      warn() {},
      error() {},
      trace() {},
      debug() {},
      fatal() {},
      child: () => log,
      isLevelEnabled: () => false,
    };
    const findings = await scriptsService.doctor?.({
      settings,
      log,
      bus: world.bus,
      signal: AbortSignal.timeout(20_000),
    });
    assert.deepEqual(
      findings?.map(({ id, ok }) => [id, ok]),
      [
        ["scripts.certificate", true],
        ["scripts.store", true],
        ["scripts.imap", true],
      ],
    );
  });
});
