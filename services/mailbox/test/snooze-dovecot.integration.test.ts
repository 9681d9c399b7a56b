import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buckets, type Plan, SNOOZED, type Wake, wakeKeyword } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import type { DovecotOptions } from "@tamis/testkit";
import { discard, mail, Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";
const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const FAR = Date.parse("2100-01-01T00:00:00Z");
/** The first minute of 1970: long over. */
const OVER = wakeKeyword(1);

const snooze = (more: Partial<Wake> = {}): Plan => ({
  copies: [],
  destination: {
    kind: "folder",
    ...SNOOZED,
    create: true,
    addFlags: [],
    removeFlags: [],
    wake: { until: FAR, mailbox: "INBOX", create: false, addFlags: [], removeFlags: [], ...more },
  },
});

async function ready(options: DovecotOptions = {}): Promise<Pipeline> {
  const pipeline = await Pipeline.start(options);
  await pipeline.filter();
  return pipeline;
}

async function untilPlaces(pipeline: Pipeline, want: readonly string[], user = ada): Promise<void> {
  let seen: readonly string[] = [];
  await pipeline.until(
    async () => {
      seen = await pipeline.places(user);
      return JSON.stringify(seen) === JSON.stringify(want);
    },
    () => `${JSON.stringify(want)}, but ${JSON.stringify(seen)}`,
    60_000,
  );
}

/** None of our keywords is left on mail outside of Snoozed. */
async function untilClean(pipeline: Pipeline, user = ada): Promise<void> {
  await pipeline.until(
    async () =>
      (await pipeline.dovecot.listAll(user)).every(
        ({ folder, flags }) => folder === "Snoozed" || !flags.some((flag) => flag.startsWith("$Tamis")),
      ),
    () => "the keywords are gone",
  );
}

/** All are back in INBOX once, with the flag that they were to gain. */
async function untilAwake(pipeline: Pipeline, ids: readonly string[]): Promise<void> {
  const want = ids.map((id) => `INBOX <${id}@ac.test> \\Flagged`).sort();
  let seen: readonly string[] = [];
  await pipeline.until(
    async () => {
      const mails = await pipeline.dovecot.listAll(ada);
      seen = mails.map(({ folder, messageId, flags }) => [folder, messageId, ...flags].join(" ")).sort();
      return JSON.stringify(seen) === JSON.stringify(want);
    },
    () => `awake, but ${JSON.stringify(seen)}`,
    60_000,
  );
}

describe("snoozed mail, at Dovecot", () => {
  for (const format of ["maildir", "mdbox"] as const)
    it(`${format}: sleeps, wakes when late, as the script said, and is not sorted again`, async () => {
      await using pipeline = await ready({ format });
      const until = Date.now() - 3_600_000;
      pipeline.decide = (subject) =>
        subject === "far"
          ? snooze()
          : subject === "class"
            ? snooze({ until, mailbox: "Élèves", create: true, addFlags: ["\\Flagged", "$Woken"] })
            : snooze({ until });
      await pipeline.mailbox([ada]);
      await pipeline.untilContact(1);
      await pipeline.dovecot.deliver(ada, mail("far", "a"));
      await pipeline.dovecot.deliver(ada, mail("x", "b"));
      await pipeline.dovecot.deliver(ada, mail("class", "c"));
      await untilPlaces(pipeline, ["INBOX: b", "Snoozed: a", "Élèves: c"]);
      await untilClean(pipeline);
      pipeline.decide = () => discard;
      await pipeline.dovecot.deliver(ada, mail("x", "d"));
      await untilPlaces(pipeline, ["INBOX: b", "Snoozed: a", "Trash: d", "Élèves: c"]);
      const flags = (await pipeline.dovecot.listAll(ada)).map((one) => [one.folder, ...[...one.flags].sort()]);
      assert.deepEqual(flags.sort(), [
        ["INBOX"],
        ["Snoozed", wakeKeyword(FAR / 60_000)],
        ["Trash"],
        ["Élèves", "$Woken", "\\Flagged"],
      ]);
      const [status] = await pipeline.status();
      assert.deepEqual(status?.snooze, { snoozed: 3, woken: 2, accounts: 1, nextAt: FAR });
    });

  it("Dovecot is killed again and again while mails sleep and wake: each is back once", async () => {
    await using pipeline = await ready();
    pipeline.decide = () => snooze({ until: Date.now() - 60_000, addFlags: ["\\Flagged"] });
    await pipeline.mailbox([ada], ["backoff_max_seconds: 0.5", "wake_again_seconds: 0.1"]);
    await pipeline.untilContact(1);
    const ids = Array.from({ length: 12 }, (_, i) => `m${i}`);
    await pipeline.dovecot.appendFast(
      ada,
      ids.map((id) => mail("x", id)),
    );
    for (let kills = 0; kills < 3; kills++) {
      const before = (await pipeline.places(ada)).join();
      await pipeline.until(
        async () => pipeline.applied.length >= 2 * ids.length || (await pipeline.places(ada)).join() !== before,
        () => "something happens",
      );
      await pipeline.dovecot.kill();
      await pipeline.dovecot.restart();
    }
    await untilAwake(pipeline, ids);
  });
});

describe("snoozed mail, kill -9 of mailbox", () => {
  const lease = "lease: { ttl_seconds: 2, renew_seconds: 0.5, poll_seconds: 0.3, margin_seconds: 0.5 }";
  const spawnMailbox = (config: string): ChildProcess =>
    spawn(process.execPath, [MAIN, "--config", config], { stdio: ["ignore", "ignore", "inherit"] });
  const end = async (child: ChildProcess | undefined): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };

  /** What happened to an account while nobody served it. */
  const cases: readonly {
    readonly user: string;
    readonly name: string;
    readonly happen: (pipeline: Pipeline, user: string) => Promise<unknown>;
  }[] = [
    { user: "ada@ac.test", name: "nothing else", happen: async () => undefined },
    {
      user: "bea@ac.test",
      name: "its record is wiped",
      happen: async ({ bus }, user) => await (await bus.bucket(buckets.accounts)).delete(accountIdOf(user)),
    },
    {
      user: "cyd@ac.test",
      name: "Snoozed has another UIDVALIDITY",
      happen: async ({ dovecot }, user) => await dovecot.setUidValidity(user, "Snoozed"),
    },
    {
      user: "dan@ac.test",
      name: "Snoozed is restored from a backup, with other UIDs",
      happen: async ({ dovecot }, user) => await dovecot.replaceFolder(user, "Snoozed"),
    },
  ];

  describe("what is due wakes once, what its owner took the keyword from sleeps on", () => {
    let pipeline: Pipeline;
    let served: ChildProcess;
    before(async () => {
      pipeline = await ready();
      pipeline.decide = () => snooze();
      const config = pipeline.writeConfig(
        cases.map(({ user }) => user),
        [lease],
      );
      served = spawnMailbox(config);
      await pipeline.untilContact(cases.length);
      for (const { user } of cases)
        for (const id of ["a", "b", "c"]) await pipeline.dovecot.deliver(user, mail("x", id));
      for (const { user } of cases) await untilPlaces(pipeline, ["Snoozed: a", "Snoozed: b", "Snoozed: c"], user);
      await kill(served);
      for (const { user, happen } of cases) {
        const owner = await pipeline.dovecot.imap(user);
        await owner.mailboxOpen("Snoozed");
        await owner.messageFlagsAdd("1:2", [OVER], { uid: true });
        await owner.messageFlagsSet("3", [], { uid: true });
        await owner.logout();
        await happen(pipeline, user);
      }
      served = spawnMailbox(config);
    });
    after(async () => {
      await end(served);
      await pipeline[Symbol.asyncDispose]();
    });

    for (const { user, name } of cases)
      it(name, async () => {
        await untilPlaces(pipeline, ["INBOX: a", "INBOX: b", "Snoozed: c"], user);
        await untilClean(pipeline, user);
        const woken = () =>
          pipeline.applied.filter(
            ({ mailId, wokenFor, result }) =>
              mailId.startsWith(`${accountIdOf(user)}/`) && wokenFor !== undefined && result === "moved",
          ).length;
        await pipeline.until(
          () => woken() >= 2,
          () => `${woken()} told of as woken`,
        );
        assert.equal(woken(), 2);
      });
  });

  it("killed while it wakes, again and again: each mail is back once, with its flags", async () => {
    await using pipeline = await ready();
    pipeline.decide = () => snooze({ addFlags: ["\\Flagged"] });
    const config = pipeline.writeConfig([ada], [lease]);
    const start = (): ChildProcess => spawnMailbox(config);
    const ids = Array.from({ length: 15 }, (_, i) => `m${i}`).sort();
    let child = start();
    try {
      await pipeline.untilContact(1);
      await pipeline.dovecot.appendFast(
        ada,
        ids.map((id) => mail("x", id)),
      );
      await untilPlaces(
        pipeline,
        ids.map((id) => `Snoozed: ${id}`),
      );
      // In rounds, so that each start finds something to wake.
      for (let round = 0; round < 3; round++) {
        const owner = await pipeline.dovecot.imap(ada);
        await owner.mailboxOpen("Snoozed");
        await owner.messageFlagsAdd(`${round * 5 + 1}:${round * 5 + 5}`, [OVER], { uid: true });
        await owner.logout();
        await kill(child);
        const before = (await pipeline.places(ada)).filter((place) => place.startsWith("INBOX")).length;
        child = start();
        await pipeline.until(
          async () => (await pipeline.places(ada)).filter((place) => place.startsWith("INBOX")).length > before,
          () => "some wake",
          60_000,
        );
      }
      await kill(child);
      child = start();
      await untilAwake(pipeline, ids);
    } finally {
      await end(child);
    }
  });
});
