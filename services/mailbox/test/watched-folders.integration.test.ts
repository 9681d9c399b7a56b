import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buckets, KEEP, type Plan } from "@tamis/contracts";
import { capabilityWithout, type DovecotOptions } from "@tamis/testkit";
import { bySubject, mail, moveTo, Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";
const WATCHED =
  '{ poll_seconds: 0.3, folders: [{ folder: "\\\\Junk", script: x.sieve, causes: [APPEND, COPY, FLAG] }] }';

/** Everything that a script would be run because of: `cause id`, changed flags after it. */
const events = (pipeline: Pipeline): readonly string[] =>
  pipeline.batches
    .filter(({ head }) => head.purpose === "event")
    .flatMap(({ mails }) =>
      mails.map(({ meta, raw }) => {
        const id = /Message-ID: <([^@]+)/.exec(Buffer.from(raw).toString())?.[1];
        return [meta.event?.cause, id, ...(meta.event?.changedFlags ?? [])].join(" ");
      }),
    );

const flagsOf = async (pipeline: Pipeline, id: string): Promise<readonly string[]> =>
  (await pipeline.dovecot.listAll(ada))
    .filter(({ messageId }) => messageId.startsWith(`<${id}@`))
    .flatMap(({ flags }) => flags.filter((flag) => flag !== "\\Recent"))
    .sort();

const done: Plan = { copies: [], destination: { kind: "stay", addFlags: ["$done"], removeFlags: [] } };

interface Started {
  readonly options?: DovecotOptions;
  readonly onEvent?: (subject: string) => Plan;
  /** Lines of the section `mailbox`. */
  readonly mailbox?: readonly string[];
  readonly mode?: "observe" | "act";
}

/** An account whose Junk holds the mail `old`, watched. */
async function started({ options = {}, onEvent = () => KEEP, mailbox = [], mode = "act" }: Started = {}) {
  const pipeline = await Pipeline.start(options);
  pipeline.decide = (subject, batch, uid) =>
    batch.head.purpose === "event" ? onEvent(subject) : bySubject(subject, batch, uid);
  await pipeline.dovecot.appendFast(ada, [mail("old", "old")], { folder: "Junk" });
  await pipeline.filter();
  const service = await pipeline.mailbox([ada], mailbox, { watched: WATCHED, mode });
  await untilWatched(pipeline);
  return { pipeline, service, [Symbol.asyncDispose]: () => pipeline[Symbol.asyncDispose]() };
}

/** Resolves when the folder is watched: what happens then is an event. */
async function untilWatched(pipeline: Pipeline): Promise<void> {
  const bucket = await pipeline.bus.bucket(buckets.accounts);
  await pipeline.until(
    async () => {
      const [key] = await bucket.keys();
      const entry = key === undefined ? null : await bucket.get(key);
      return entry !== null && /"modSeq":"\d/.test(Buffer.from(entry.value).toString());
    },
    () => "the folder is watched",
  );
}

async function untilEvents(pipeline: Pipeline, wanted: readonly string[]): Promise<void> {
  await pipeline.until(
    () => events(pipeline).length >= wanted.length,
    () => `${JSON.stringify(events(pipeline))}, wanted ${JSON.stringify(wanted)}`,
  );
  assert.deepEqual(events(pipeline), wanted);
}

const settled = (pipeline: Pipeline, count: number) =>
  pipeline.until(
    () => pipeline.applied.filter(({ from }) => from === "Junk").length >= count,
    () => JSON.stringify(pipeline.applied),
  );

for (const { name, options } of [
  { name: "NOTIFY", options: {} },
  { name: "STATUS alone", options: { capability: capabilityWithout("NOTIFY") } },
] satisfies readonly { readonly name: string; readonly options: DovecotOptions }[])
  describe(`watched folders, by ${name}`, () => {
    it("what a person copies, appends or flags there is an event, once; what lay there is none", async () => {
      await using world = await started({
        options,
        onEvent: (subject) => (subject === "away" ? moveTo("Elsewhere") : done),
      });
      const { pipeline } = world;
      await pipeline.dovecot.deliver(ada, mail("x", "moved"));
      await pipeline.untilApplied(1);
      const client = await pipeline.dovecot.imap(ada);
      await client.mailboxOpen("INBOX");
      await client.messageMove("1:*", "Junk", { uid: true });
      await untilEvents(pipeline, ["COPY moved"]);
      await settled(pipeline, 1);
      await pipeline.dovecot.appendFast(ada, [mail("away", "away")], { folder: "Junk" });
      await untilEvents(pipeline, ["COPY moved", "APPEND away"]);
      await settled(pipeline, 2);
      await client.mailboxOpen("Junk");
      await client.messageFlagsAdd({ header: { "message-id": "<old@ac.test>" } }, ["\\Flagged", "$x"]);
      await untilEvents(pipeline, ["COPY moved", "APPEND away", "FLAG old $x \\Flagged"]);
      await settled(pipeline, 3);
      await client.messageFlagsRemove({ header: { "message-id": "<old@ac.test>" } }, ["\\Flagged"]);
      await untilEvents(pipeline, ["COPY moved", "APPEND away", "FLAG old $x \\Flagged", "FLAG old \\Flagged"]);
      await settled(pipeline, 4);
      await client.logout();
      assert.deepEqual(await pipeline.places(ada), ["Elsewhere: away", "Junk: moved", "Junk: old"]);
      assert.deepEqual(await flagsOf(pipeline, "old"), ["$done", "$x"]);
      assert.deepEqual(await flagsOf(pipeline, "moved"), ["$done"]);
    });

    it("what Tamis moves there itself is none", async () => {
      await using world = await started({ options });
      const { pipeline } = world;
      await pipeline.dovecot.deliver(ada, mail("[Junk] a", "rule"));
      await pipeline.untilApplied(1);
      await pipeline.dovecot.appendFast(ada, [mail("x", "after")], { folder: "Junk" });
      await untilEvents(pipeline, ["APPEND after"]);
    });
  });

describe("watched folders, over time", () => {
  it("what happened while nobody looked is an event", async () => {
    await using world = await started();
    const { pipeline, service } = world;
    await service.stop();
    const internalDate = new Date(Date.now() - 3 * 86_400_000);
    await pipeline.dovecot.appendFast(ada, [mail("x", "late")], { folder: "Junk", internalDate });
    const client = await pipeline.dovecot.imap(ada);
    await client.mailboxOpen("Junk");
    await client.messageFlagsAdd({ header: { "message-id": "<old@ac.test>" } }, ["\\Answered"]);
    await client.logout();
    await pipeline.mailbox([ada], [], { watched: WATCHED });
    await untilEvents(pipeline, ["COPY late", "FLAG old \\Answered"]);
    await settled(pipeline, 2);
  });

  it("in mode observe nothing is done, and nothing comes twice", async () => {
    await using world = await started({
      onEvent: () => moveTo("Elsewhere"),
      mailbox: ["republish_seconds: 0.5"],
      mode: "observe",
    });
    const { pipeline } = world;
    await pipeline.dovecot.appendFast(ada, [mail("x", "one")], { folder: "Junk" });
    await settled(pipeline, 1);
    assert.equal(pipeline.applied.at(-1)?.result, "observed");
    await pipeline.dovecot.appendFast(ada, [mail("x", "two")], { folder: "Junk" });
    await untilEvents(pipeline, ["APPEND one", "APPEND two"]);
    assert.deepEqual(await pipeline.places(ada), ["Junk: old", "Junk: one", "Junk: two"]);
  });

  it("a lost decision is asked for again; one that comes twice is carried out once", async () => {
    await using world = await started({
      onEvent: () => ({ ...done, copies: [{ mailbox: "Copies", create: true, addFlags: [], removeFlags: [] }] }),
      mailbox: ["republish_seconds: 0.5"],
    });
    const { pipeline } = world;
    let seen = 0;
    pipeline.onBatch = async (batch) => {
      if (batch.head.purpose !== "event") return true;
      seen += 1;
      if (seen > 1) await pipeline.command(batch, "twin");
      return seen > 1;
    };
    await pipeline.dovecot.appendFast(ada, [mail("x", "one")], { folder: "Junk" });
    await settled(pipeline, 1);
    await pipeline.dovecot.appendFast(ada, [mail("x", "two")], { folder: "Junk" });
    await settled(pipeline, 2);
    assert.deepEqual(events(pipeline), ["APPEND one", "APPEND one", "APPEND two"]);
    assert.deepEqual(await pipeline.places(ada), ["Copies: one", "Copies: two", "Junk: old", "Junk: one", "Junk: two"]);
  });
});
