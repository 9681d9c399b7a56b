import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buckets, folderIdOf, MAIL, parseMailId } from "@tamis/contracts";
import { silentProxy } from "@tamis/testkit";
import { mail, moveTo, Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";
const quick = ["done_timeout_seconds: 1", "silence_seconds: 2", "republish_seconds: 1", "backoff_max_seconds: 1"];

async function started(mailbox: readonly string[] = quick): Promise<Pipeline> {
  const pipeline = await Pipeline.start();
  await pipeline.filter();
  await pipeline.mailbox([ada], mailbox);
  await pipeline.untilContact(1);
  return pipeline;
}

/** Each mail exactly once, and where. */
async function expectPlaces(pipeline: Pipeline, want: readonly string[]): Promise<void> {
  let places: readonly string[] = [];
  await pipeline.until(
    async () => {
      places = await pipeline.places(ada);
      return JSON.stringify(places) === JSON.stringify(want);
    },
    () => `places ${JSON.stringify(places)}, wanted ${JSON.stringify(want)}`,
    30_000,
  );
}

describe("mailbox: what goes wrong", () => {
  it("goes on after the mail server was killed and came back", async () => {
    await using pipeline = await started();
    await pipeline.dovecot.kill();
    await pipeline.dovecot.restart();
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await expectPlaces(pipeline, ["Ici: a"]);
  });

  it("goes on after nats-server was killed and came back; mail that came meanwhile is sorted", async () => {
    await using pipeline = await started();
    await pipeline.nats.kill();
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.nats.restart();
    await pipeline.dovecot.deliver(ada, mail("[Ici] b", "b"));
    await expectPlaces(pipeline, ["Ici: a", "Ici: b"]);
  });

  it("finds a half-open connection at the next IDLE and catches up", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    const proxy = await silentProxy(pipeline.dovecot.imapPort);
    try {
      const imap = [
        "host: 127.0.0.1",
        `port: ${proxy.port}`,
        "tls: none",
        `sign_in: { method: master, user: proxy, password: masterpw }`,
      ];
      await pipeline.mailbox([ada], [...quick, "idle_seconds: 1"], { imap });
      await pipeline.untilContact(1);
      proxy.set("silent");
      await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
      proxy.set("pass");
      await expectPlaces(pipeline, ["Ici: a"]);
    } finally {
      await proxy.stop();
    }
  });

  it("sorts mail of a renumbered INBOX once: what was settled stays, what was not is new", async () => {
    await using pipeline = await started();
    await pipeline.dovecot.deliver(ada, mail("garder", "kept"));
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.untilApplied(2);
    await pipeline.dovecot.replaceFolder(ada, "INBOX");
    await pipeline.dovecot.deliver(ada, mail("[Ici] b", "b"));
    await expectPlaces(pipeline, ["INBOX: kept", "Ici: a", "Ici: b"]);
    const subjects = pipeline.batches.flatMap(({ mails }) =>
      mails.map(({ raw }) => /Subject: (.*)/.exec(Buffer.from(raw).toString())?.[1]),
    );
    assert.equal(subjects.filter((subject) => subject === "garder").length, 1, "a settled mail is not published again");
  });

  it("publishes again what stays unsettled", async () => {
    await using pipeline = await started();
    let lost = true;
    pipeline.onBatch = () => {
      const swallow = lost;
      lost = false;
      return !swallow;
    };
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await expectPlaces(pipeline, ["Ici: a"]);
    assert.equal(pipeline.batches.at(-1)?.head.purpose, "again");
  });

  it("executes a plan once though the decision comes twice", async () => {
    await using pipeline = await started();
    pipeline.decide = () => moveTo("C", { copies: [{ mailbox: "B", create: true, addFlags: [], removeFlags: [] }] });
    pipeline.onBatch = async (batch) => {
      await pipeline.command(batch, "twice");
      return true;
    };
    await pipeline.dovecot.deliver(ada, mail("a", "a"));
    await pipeline.dovecot.deliver(ada, mail("b", "b"));
    await expectPlaces(pipeline, ["B: a", "B: b", "C: a", "C: b"]);
  });

  it("keeps working when the account records are wiped under it", async () => {
    await using pipeline = await started();
    await pipeline.dovecot.deliver(ada, mail("garder", "kept"));
    await pipeline.untilApplied(1);
    const bucket = await pipeline.bus.bucket(buckets.accounts);
    for (const key of await bucket.keys()) await bucket.delete(key);
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await expectPlaces(pipeline, ["INBOX: kept", "Ici: a"]);
    assert.equal((await bucket.keys()).length, 1, "the record was written anew");
  });

  it("takes an account with a lost record for no first contact: mail that came meanwhile is sorted", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    const first = await pipeline.mailbox([ada], quick);
    await pipeline.untilContact(1);
    await first.stop();
    const bucket = await pipeline.bus.bucket(buckets.accounts);
    for (const key of await bucket.keys()) await bucket.delete(key);
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.mailbox([ada], quick);
    await expectPlaces(pipeline, ["Ici: a"]);
  });

  it("parks an account whose password is refused and tells why", async () => {
    await using pipeline = await Pipeline.start();
    const imap = [
      "host: 127.0.0.1",
      `port: ${pipeline.dovecot.imapPort}`,
      "tls: none",
      `sign_in: { method: master, user: proxy, password: falsch }`,
    ];
    await pipeline.mailbox([ada], ["auth_failures: 1"], { imap });
    let status: Awaited<ReturnType<typeof pipeline.status>> = [];
    await pipeline.until(
      async () => {
        status = await pipeline.status();
        return status[0]?.troubled[0]?.reason === "auth-failed";
      },
      () => JSON.stringify(status),
    );
    assert.equal(status[0]?.accounts.parked, 1);
  });

  it("holds mail back while the stream is gone and publishes when it is there again", async () => {
    await using pipeline = await started();
    await pipeline.deleteStream(MAIL.name);
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.bus.ensureMailStream();
    await pipeline.filter();
    await expectPlaces(pipeline, ["Ici: a"]);
  });
});

describe("mailbox: two instances", () => {
  it("share the accounts, and one takes over when the other stops", async () => {
    const users = Array.from({ length: 12 }, (_, i) => `u${i}@ac.test`);
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    const one = await pipeline.mailbox(users, quick);
    await pipeline.mailbox(users, quick);
    await pipeline.untilContact(users.length);
    await pipeline.until(
      async () => (await pipeline.status()).every(({ partitions }) => partitions > 2),
      () => "both hold partitions",
      20_000,
    );
    for (const user of users) await pipeline.dovecot.deliver(user, mail("[Ici] a", `${user}-1`));
    await pipeline.untilApplied(users.length);
    await one.stop();
    for (const user of users) await pipeline.dovecot.deliver(user, mail("[Ici] b", `${user}-2`));
    await pipeline.untilApplied(users.length * 2);
    assert.ok(pipeline.applied.every(({ result }) => result === "moved"));
    assert.ok(pipeline.applied.every(({ mailId }) => parseMailId(mailId)?.folderId === folderIdOf("INBOX")));
  });
});
