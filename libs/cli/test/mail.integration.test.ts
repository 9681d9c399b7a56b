import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  type MailboxAnswer,
  type MailboxAsk,
  type MailboxStatus,
  mailboxAsk,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { Installation } from "./harness.ts";
import { mailId, PublishedFacts } from "./published-facts.ts";

const ANNA = ["--account", "anna@example.org"];
const P = partitionOf("anna");
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

describe("tamis on mail", { timeout: 90_000 }, () => {
  const site = new Installation();
  const facts = new PublishedFacts(site);
  const asked: MailboxAsk[] = [];
  let answer: (ask: MailboxAsk) => Promise<MailboxAnswer>;

  before(async () => {
    await site.open();
    await site.setUpStreams();
  });
  after(() => site.close());
  beforeEach(() => {
    asked.length = 0;
    answer = async () => ({ kind: "refused", reason: "the account is parked: auth-failed" });
  });

  describe("before any service runs", () => {
    it("status says that none answers", async () => {
      const run = await site.tamis(["status"]);
      assert.equal(run.code, 1);
      assert.match(run.out, /no `mailbox` instance answers/);
    });

    it("undo, sort and recover say so too", async () => {
      await facts.decided(1);
      await facts.applied(1);
      const undo = await site.tamis(["undo", mailId(1)]);
      assert.deepEqual(
        [undo.code, undo.err],
        [3, "tamis: no `mailbox` service answers for the account anna; see `tamis status`"],
      );
      assert.equal((await site.tamis(["sort", ...ANNA])).code, 3);
      const recover = await site.tamis(["recover", "--since", "1d"]);
      assert.equal(recover.code, 1);
      assert.equal(recover.out, "accounts catching up: 0; `tamis status` shows how far they are");
    });

    it("is answered from then on", async () => {
      const status: MailboxStatus = {
        v: 1,
        instance: "host-1-abc",
        startedAt: Date.now(),
        partitions: 128,
        accounts: { waiting: 0, connecting: 0, "catching-up": 0, idle: 2, working: 0, backoff: 0, held: 0, parked: 1 },
        settled: 10,
        settledLastMinute: 3,
        lagP50Ms: 12.4,
        lagP99Ms: null,
        snooze: { snoozed: 7, woken: 4, accounts: 2, nextAt: Date.parse("2026-11-30T08:00:00Z") },
        troubled: [{ accountId: "bruno", state: "parked", reason: "auth-failed" }],
      };
      await site.bus.respond(subjects.mailboxStatus, () => ({ payload: json(status) }));
      for (const p of new Set([P, partitionOf("bruno")])) {
        await site.bus.respond(subjects.mailboxAsk(p), async (request) => {
          const ask = mailboxAsk.parse(JSON.parse(Buffer.from(request.payload).toString()));
          asked.push(ask);
          return { payload: json(await answer(ask)) };
        });
      }
    });
  });

  it("status shows instances, accounts, streams, and who needs a person", async () => {
    const run = await site.tamis(["status"]);
    assert.equal(run.code, 1);
    for (const shown of [
      /host-1-abc .* 128 +10 +3 +12 ms +–/,
      /idle +2/,
      /bruno +parked +auth-failed/,
      /snoozed mail: 2 accounts have some, the next wakes 2026-\S+ \S+; since the start 7 put off, 4 woken/,
      /EVENTS +\d+ messages/,
      /waiting for filter: 0 not begun/,
    ]) {
      assert.match(run.out, shown);
    }
    const data = JSON.parse((await site.tamis(["status", "--json"])).out);
    assert.deepEqual([data.partitionsHeld, data.accounts.parked, data.instances.length], [128, 1, 1]);
  });

  it("log shows the last decisions of one account", async () => {
    await facts.decided(2, { error: "the script failed" });
    await facts.applied(2, { result: "failed", reason: "over quota" });
    await facts.decided(3);
    await facts.decided(4, { accountId: "other" });
    const run = await site.tamis(["log", ...ANNA, "--limit", "2", "--trace"]);
    const lines = run.out.split("\n");
    assert.match(
      lines[0] ?? "",
      /anna\/8b9f2e1c\/7\/2 {2}Lists \(line 3\) → Lists, \+\\Flagged {2}\[failed: over quota, 20 ms\]/,
    );
    assert.deepEqual(lines.slice(1, 3), ["    ! the script failed", '    line 3: header subject "[info]": [info] x']);
    assert.match(lines[3] ?? "", /7\/3 .*\[not applied yet\]/);
    assert.equal(lines.length, 5);
    const [first] = (await site.tamis(["log", ...ANNA, "--json"])).out.split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([first.mailId, first.applied.result, first.decided.rule], [mailId(1), "moved", "Lists"]);
  });

  it("log --follow goes on until it is interrupted", async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const run = site.tamis(["log", ...ANNA, "--limit", "1", "--follow"], {
      signal: stop.signal,
      onOut: (text) => lines.push(text),
    });
    await waitFor(() => lines.length === 1);
    await waitFor(async () => {
      await facts.decided(5);
      await facts.applied(5);
      return lines.some((line) => line.includes("/7/5 "));
    });
    stop.abort();
    assert.equal((await run).code, 0);
  });

  it("undo asks for the mail where it is now, by either of its names", async () => {
    answer = async () => ({ kind: "done", mails: 1, mailId: mailId(77) });
    for (const id of [mailId(1), "anna/0a0b0c0d/9/1"]) {
      assert.deepEqual(await site.tamis(["undo", id]), { code: 0, out: `moved back to INBOX: ${mailId(77)}`, err: "" });
    }
    assert.deepEqual(asked[0], { op: "undo", accountId: "anna", folder: "Lists", newMailId: "anna/0a0b0c0d/9/1" });
  });

  it("undo refuses what was not moved, is not known, or is no mail", async () => {
    assert.match((await site.tamis(["undo", mailId(2)])).err, /was not moved \(failed\)/);
    assert.match((await site.tamis(["undo", mailId(99)])).err, /nothing is known of the mail/);
    assert.equal((await site.tamis(["undo", "nonsense"])).code, 2);
    assert.match((await site.tamis(["undo", mailId(1)])).err, /refused: the account is parked/);
    assert.deepEqual(asked.length, 1);
  });

  it("sort shows each mail of its own as it is done, and what came of all", async () => {
    answer = async (ask) => {
      assert.equal(ask.op, "sort");
      const { sortId } = ask;
      await facts.decided(10, { sortId });
      await facts.applied(10, { sortId });
      await facts.applied(3);
      setImmediate(async () => {
        await facts.decided(11, { sortId });
        await facts.applied(11, { sortId, result: "kept", folder: "INBOX" });
      });
      return { kind: "done", mails: 2 };
    };
    const run = await site.tamis(["sort", ...ANNA, "--since", "2026-01-01"]);
    assert.equal(run.code, 0);
    assert.deepEqual(
      run.out.split("\n").map((line) => /anna\/\S+/.exec(line)?.[0]),
      [mailId(10), mailId(11)],
    );
    assert.equal(run.err, "mails to sort: 2\nsorted: 2 (1 moved, 1 kept)");
    const [ask] = asked;
    assert.deepEqual(ask?.op === "sort" && [ask.dryRun, ask.since], [false, new Date("2026-01-01T00:00:00").getTime()]);
  });

  it("sort --dry-run counts decisions: nothing is carried out", async () => {
    answer = async (ask) => {
      await facts.decided(13, { sortId: ask.op === "sort" ? ask.sortId : "" });
      return { kind: "done", mails: 1 };
    };
    const run = await site.tamis(["sort", ...ANNA, "--dry-run"]);
    assert.deepEqual([run.code, run.err], [0, "mails to sort: 1\nsorted: 1 (1 → Lists)"]);
    assert.equal(asked[0]?.op === "sort" && asked[0].dryRun, true);
    assert.deepEqual(
      JSON.parse((await site.tamis(["sort", ...ANNA, "--dry-run", "--json"])).out.split("\n")[1] ?? ""),
      {
        sorted: 1,
        results: { Lists: 1 },
      },
    );
  });

  it("sort --json ends with a summary", async () => {
    answer = async (ask) => {
      const sortId = ask.op === "sort" ? ask.sortId : "";
      await facts.decided(12, { sortId });
      await facts.applied(12, { sortId, result: "failed" });
      return { kind: "done", mails: 1 };
    };
    const run = await site.tamis(["sort", ...ANNA, "--json"]);
    const lines = run.out.split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      [run.code, lines.length, lines[0].mailId, lines[1]],
      [1, 2, mailId(12), { sorted: 1, results: { failed: 1 } }],
    );
  });

  it("sort gives up when nothing comes, and says how far it is", async () => {
    answer = async () => ({ kind: "done", mails: 3 });
    const run = await site.tamis(["sort", ...ANNA, "--timeout", "1"]);
    assert.equal(run.code, 1);
    assert.match(run.err, /no news for 1 s: 0 of 3 mails are done/);
  });

  it("sort has nothing to do, or is refused", async () => {
    answer = async () => ({ kind: "done", mails: 0 });
    assert.deepEqual(await site.tamis(["sort", ...ANNA]), { code: 0, out: "", err: "no mail to sort" });
    answer = async () => ({ kind: "refused", reason: "the account is parked" });
    assert.equal((await site.tamis(["sort", ...ANNA])).err, "tamis: refused: the account is parked");
  });

  it("recover asks every account, and names those that refuse", async () => {
    answer = async (ask) =>
      ask.accountId === "bruno" ? { kind: "refused", reason: "unknown here" } : { kind: "done", mails: 4 };
    const run = await site.tamis(["recover", "--since", "2026-11-01T10:00:00Z"]);
    assert.deepEqual(run, {
      code: 1,
      out: "accounts catching up: 1; `tamis status` shows how far they are",
      err: "bruno: unknown here",
    });
    assert.deepEqual(asked.map((ask) => ask.accountId).toSorted(), ["anna", "bruno"]);
    assert.equal(asked[0]?.op === "recover" && asked[0].since, Date.UTC(2026, 10, 1, 10));
    const one = await site.tamis(["recover", "--since", "36h", "--account", "anna", "--json"]);
    assert.deepEqual([one.code, JSON.parse(one.out)], [0, [{ accountId: "anna", mails: 4 }]]);
    assert.equal((await site.tamis(["recover"])).code, 2);
  });
});
