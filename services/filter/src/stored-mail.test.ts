import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BatchHead, KEEP, type MailDecided, type Plan } from "@tamis/contracts";
import {
  delivery,
  fakeOutbox,
  fresh,
  loaded,
  memoryBucket,
  type TestMail,
  type WorldOptions,
  world,
} from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";
import { plainPlan } from "./stored-mail.ts";

const ACTIVE = `require ["fileinto"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto "Lists"; }`;

const LISTS = { id: "0a0b0c0d", name: "Lists", uidValidity: 9 };
const RUN: Partial<BatchHead> = { sortId: "r1", draft: "d1", folder: LISTS };
const PREVIEW: Partial<BatchHead> = { ...RUN, purpose: "preview", dryRun: true, mode: "observe" };
const APPLY: Partial<BatchHead> = { ...RUN, purpose: "apply" };

type Decided = MailDecided["mails"][number];

/** Runs a draft over one stored mail; nothing of it may be sent or remembered. */
async function run(draft: string, head: Partial<BatchHead>, mail: string | Partial<TestMail>, more: WorldOptions = {}) {
  const outbox = fakeOutbox();
  const memory = memoryBucket();
  const result = world({
    script: loaded(ACTIVE),
    drafts: { d1: loaded(draft) },
    submit: outbox.submit,
    memory,
    ...more,
  });
  const given = typeof mail === "string" ? { text: mail } : mail;
  await onMailReceived(delivery([{ uid: 4, text: "Subject: x\n\n", ...given }], head), result.deps);
  assert.deepEqual([outbox.submissions.length, await memory.get("a1")], [0, null]);
  return result;
}

const placeOf = ({ destination }: Plan): string =>
  destination.kind === "folder" ? destination.mailbox : destination.kind;

describe("a preview", () => {
  for (const { name, draft, text, want } of [
    {
      name: "another folder",
      draft: 'require "fileinto"; if header :contains "subject" "[info]" { fileinto "Infos"; }',
      text: "Subject: [info] x\n\n",
      want: { here: "Infos", draft: "Infos", active: "Lists", rule: "Lists" },
    },
    {
      name: "the folder that it is in already",
      draft: 'require "fileinto"; fileinto "Lists";',
      text: "Subject: [info] x\n\n",
      want: { here: "stay", draft: "Lists", active: "Lists", rule: "Lists" },
    },
    {
      name: "a rule taken away: it stays where it is, and would stay in INBOX",
      draft: "keep;",
      text: "Subject: [info] x\n\n",
      want: { here: "stay", draft: "stay", active: "Lists", rule: "Lists" },
    },
    {
      name: "INBOX by its name: moved there from another folder, kept on arrival",
      draft: 'require "fileinto"; fileinto "INBOX";',
      text: "Subject: y\n\n",
      want: { here: "INBOX", draft: "stay", active: "stay", rule: undefined },
    },
  ])
    it(name, async () => {
      const { decided, published } = await run(draft, PREVIEW, text);
      const { plan, compared, folder, fingerprint } = decided();
      const shown = {
        here: placeOf(plan),
        draft: placeOf(compared?.draft ?? KEEP),
        active: placeOf(compared?.active ?? KEEP),
        rule: compared?.rule,
      };
      assert.deepEqual(shown, want);
      assert.deepEqual([folder, fingerprint, published.length], ["Lists", "0000000000000004", 0]);
    });

  it("fetches the rest of a cut mail once for all three runs", async () => {
    let fetched = 0;
    const body = 'require ["fileinto", "body"]; if body :raw :contains "needle" { fileinto "Found"; }';
    const whole = Buffer.from("Subject: x\r\n\r\nhay needle");
    const { decided } = await run(
      body,
      PREVIEW,
      { text: "Subject: x\n\nhay", meta: { size: whole.length } },
      {
        script: loaded(body),
        asker: {
          wholeMail: async () => {
            fetched++;
            return { kind: "whole", raw: whole };
          },
        },
      },
    );
    assert.deepEqual(
      [fetched, placeOf(decided().plan), placeOf(decided().compared?.active ?? KEEP)],
      [1, "Found", "Found"],
    );
  });

  it("keeps the organisation's scripts around the draft", async () => {
    const { decided } = await run("keep;", PREVIEW, "Subject: [info] x\n\n", {
      before: ['require "fileinto"; if header :contains "subject" "x" { fileinto "Ours"; }'],
    });
    const { plan, layer, compared } = decided();
    assert.deepEqual([placeOf(plan), layer, compared?.layer], ["Ours", "before", "before"]);
  });

  it("tells why the account's own script could not decide", async () => {
    const { decided } = await run("keep;", PREVIEW, "Subject: x\n\n", {
      script: { name: "main", version: "v", program: null },
    });
    assert.match(decided().compared?.error ?? "", /has errors/);
    assert.equal(decided().error, undefined);
  });

  it("says so when the draft is no longer there, or another account's", async () => {
    const { decided } = await run("keep;", { ...PREVIEW, draft: "d2" }, "Subject: x\n\n");
    assert.match(decided().error ?? "", /kept for an hour only/);
    assert.deepEqual(decided().plan, KEEP);
  });
});

describe("rules applied to stored mail", () => {
  it("sends a command for the folder, marked as stored, with the draft's plan", async () => {
    const { command, decided } = await run('require "fileinto"; fileinto "Infos";', APPLY, "Subject: x\n\n");
    const { stored, folder, sortId, mode, decisions } = command();
    assert.deepEqual([stored, folder, sortId, mode], [true, LISTS, "r1", "act"]);
    assert.equal(placeOf(decisions[0]?.plan ?? KEEP), "Infos");
    assert.equal(decided().compared, undefined);
  });

  it("uses the account's own script where no draft is named", async () => {
    const { draft: _, ...active } = { ...APPLY, folder: { ...LISTS, name: "Old" } };
    const { command } = await run("discard;", active, "Subject: [info] x\n\n");
    assert.equal(placeOf(command().decisions[0]?.plan ?? KEEP), "Lists");
  });

  for (const { name, draft, want, leftOut } of [
    { name: "discard", draft: "discard;", want: "discard", leftOut: undefined },
    { name: "redirect alone", draft: 'redirect "x@example.net";', want: "stay", leftOut: ["redirect"] },
    {
      name: "redirect beside a fileinto",
      draft: 'require ["fileinto", "copy"]; redirect :copy "x@example.net"; fileinto "A";',
      want: "A",
      leftOut: ["redirect"],
    },
    {
      name: "reject of a sender who may be told",
      draft: 'require "reject"; reject "no";',
      want: "stay",
      leftOut: ["reject"],
    },
    { name: "vacation", draft: 'require "vacation"; vacation "away";', want: "stay", leftOut: ["vacation"] },
    {
      name: "duplicate",
      draft: 'require "duplicate"; if duplicate { discard; }',
      want: "stay",
      leftOut: ["duplicate"],
    },
    {
      name: "several folders: all or nothing",
      draft: 'require "fileinto"; fileinto "A"; fileinto "B";',
      want: "stay",
      leftOut: ["copies"],
    },
    {
      name: "changes to the mail",
      draft: 'require ["fileinto", "editheader"]; addheader "X-A" "b"; fileinto "A";',
      want: "A",
      leftOut: ["edits"],
    },
    { name: "snooze", draft: 'require "snooze"; snooze "08:00";', want: "stay", leftOut: ["snooze"] },
    {
      name: "a program",
      draft: 'require ["vnd.dovecot.pipe", "fileinto", "copy"]; pipe :copy "x"; fileinto "A";',
      want: "A",
      leftOut: ["pipe"],
    },
  ] satisfies { name: string; draft: string; want: string; leftOut: Decided["notCarriedOut"] }[])
    it(`${name}: ${want}${leftOut === undefined ? "" : `, without ${leftOut}`}`, async () => {
      const { command, decided } = await run(draft, APPLY, fresh("Subject: x", "Message-ID: <x@example.net>"));
      const plan = command().decisions[0]?.plan ?? assert.fail();
      assert.deepEqual([placeOf(plan), decided().notCarriedOut], [want, leftOut]);
      assert.deepEqual([plan.copies, JSON.stringify(plan).includes("edits")], [[], false]);
      for (const sending of decided().sendings ?? []) assert.equal(sending.state, "not-carried-out");
    });
});

describe("plainPlan", () => {
  it("leaves a plan without copies and edits as it is", () => {
    const plan: Plan = { copies: [], destination: { kind: "stay", addFlags: ["\\Seen"], removeFlags: [] } };
    assert.equal(plainPlan(plan), plan);
  });
});
