import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  buckets,
  type MailboxAnswer,
  mailboxAsk,
  partitionOf,
  type ScriptsAnswer,
  scriptsAnswer,
  serverKey,
  subjects,
} from "@tamis/contracts";
import type { Logger, LogMethod } from "@tamis/kit";
import { ManageSieveClient, waitFor } from "@tamis/testkit";
import { World } from "./world.ts";

const MAILBOX_ID = 'require ["fileinto", "mailboxid"]; fileinto :mailboxid "F1" "A";';
const NOTIFY = 'require "enotify"; notify "mailto:a@example.org";';

describe("what the service scripts offers to whom", { timeout: 180_000 }, () => {
  const world = new World();
  const clients: ManageSieveClient[] = [];

  before(async () => {
    await world.open();
    await world.start();
  });
  after(async () => {
    for (const client of clients) client.end();
    await world.close();
  });

  const stranger = async (): Promise<ManageSieveClient> => {
    const client = await ManageSieveClient.secure(world.port, world.ca);
    clients.push(client);
    return client;
  };
  const owner = async (name: string): Promise<ManageSieveClient> => {
    const client = await stranger();
    assert.match(await client.signIn(name, "pw"), /^OK/);
    return client;
  };
  /** What the line SIEVE names. */
  const named = async (client: ManageSieveClient): Promise<readonly string[]> =>
    /"SIEVE" "([^"]*)"/.exec(await client.say("CAPABILITY\r\n"))?.[1]?.split(" ") ?? [];
  const seen = async (host: string, ...capabilities: readonly string[]): Promise<void> => {
    const record = { v: 1, capabilities, keywords: true };
    const bucket = await world.bus.bucket(buckets.servers);
    await bucket.put(serverKey(host, world.dovecot.imapsPort), Buffer.from(JSON.stringify(record)));
  };

  it("promises the usual of a server that nobody has seen yet, and nothing that is not set up", async () => {
    const offered = await named(await stranger());
    for (const name of ["fileinto", "envelope", "include", "duplicate", "editheader", "special-use"])
      assert.ok(offered.includes(name), name);
    for (const name of ["vacation", "reject", "enotify", "mailboxid", "mboxmetadata", "spamtest", "snooze", "fcc"])
      assert.ok(!offered.includes(name), name);
    assert.match(await (await stranger()).say("CAPABILITY\r\n"), /"MAXREDIRECTS" "0"/);
  });

  it("names to strangers what its own server can do, to an owner what the account's can", async () => {
    await seen("localhost", "UIDPLUS", "OBJECTID");
    await seen("127.0.0.1", "METADATA");
    const [anna, carl] = [await owner("anna@example.org"), await owner("carl@example.org")];
    await waitFor(async () => (await named(carl)).includes("mboxmetadata"), { describe: "carl's server is known" });
    const offered = { stranger: await named(await stranger()), anna: await named(anna), carl: await named(carl) };
    const of = (names: readonly string[]) =>
      ["mailboxid", "editheader", "mboxmetadata", "special-use"].filter((name) => names.includes(name));
    assert.deepEqual(of(offered.stranger), ["mailboxid", "editheader"]);
    assert.deepEqual(of(offered.anna), ["mailboxid", "editheader"]);
    assert.deepEqual(of(offered.carl), ["mboxmetadata"]);
    assert.match(
      await carl.put("later", 'require "snooze";\r\n'),
      /^NO [\s\S]*“snooze” is not offered here[\s\S]*no MOVE/,
    );
    assert.match(await anna.put("by-id", MAILBOX_ID), /^OK/);
    assert.match(await carl.put("by-id", MAILBOX_ID), /^NO [\s\S]*by-id:1:22: error: “mailboxid” is not offered here/);
    assert.match(await carl.say(`CHECKSCRIPT {${MAILBOX_ID.length}+}\r\n${MAILBOX_ID}\r\n`), /^NO/);
  });

  it("checks for operators as for the owner", async () => {
    const ask = async (accountId: string): Promise<ScriptsAnswer> => {
      const asked = { op: "put", accountId, name: "ops", text: MAILBOX_ID };
      const reply = await world.bus.request(subjects.scriptsAsk, Buffer.from(JSON.stringify(asked)), {
        timeoutMs: 20_000,
      });
      return scriptsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    };
    assert.equal((await ask("anna")).kind, "done");
    assert.equal((await ask("carl")).kind, "refused");
  });

  it("warns of folders that the account does not have, as `mailbox` tells, and of none where nobody tells", async () => {
    const client = await owner("anna@example.org");
    const script = 'require "fileinto"; fileinto "Gone"; fileinto "Here";';
    assert.equal(await client.put("folders", script), "OK\r\n");
    const mailbox = await world.bus.respond(subjects.mailboxAsk(partitionOf("anna")), ({ payload }) => {
      const ask = mailboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      assert.ok(ask.op === "mailbox-exists");
      const found = Object.fromEntries(ask.mailboxes.map((name) => [name, name === "Here"]));
      const answer: MailboxAnswer = { kind: "mailbox-exists", mailboxes: found };
      return { payload: Buffer.from(JSON.stringify(answer)) };
    });
    const answer = await client.put("folders", script);
    assert.match(answer, /^OK \(WARNINGS\)[\s\S]*folders:1:30: warning: there is no folder “Gone”/);
    assert.doesNotMatch(answer, /“Here”/);
    await mailbox.stop();
  });

  it("tells the operator at the start which active scripts require more than is offered now, and leaves them", async () => {
    await world.stop();
    world.configure({ yaml: "outbox: {}" });
    await world.start();
    const before = await owner("bob@example.org");
    assert.ok((await named(before)).includes("enotify"));
    assert.match(await before.put("main", NOTIFY), /^OK/);
    assert.match(await before.say('SETACTIVE "main"\r\n'), /^OK/);
    await world.stop();

    world.configure();
    const told: string[] = [];
    const tell: LogMethod = (fields, event) => void told.push(`${event} ${JSON.stringify(fields)}`);
    const silent: LogMethod = () => {};
    const levels = { trace: silent, debug: silent, info: silent, warn: tell, error: tell, fatal: tell };
    const log: Logger = { ...levels, child: () => log, isLevelEnabled: () => true };
    await world.start(log);
    const wanted = 'script-no-longer-offered {"accountId":"bob","extension":"enotify"}';
    await waitFor(() => told.includes(wanted), { describe: `${wanted} in the log` });
    assert.equal((await world.active("bob"))?.text, NOTIFY);
    const now = await owner("bob@example.org");
    assert.match(await now.say("LISTSCRIPTS\r\n"), /"main" ACTIVE/);
    assert.match(await now.say('SETACTIVE "main"\r\n'), /^NO [\s\S]*“enotify” is not offered here/);
    assert.match(await now.say('SETACTIVE ""\r\n'), /^OK/);
  });
});
