import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BatchHead } from "@tamis/contracts";
import {
  COPY,
  decideOne,
  fakeOutbox,
  fresh,
  loaded,
  NOTIFY,
  OLD,
  REDIRECT,
  REJECT,
  REPORT,
  type TestMail,
  VACATION,
  type WorldOptions,
} from "../test/plain-world.ts";
import type { MailboxAsker } from "./needs.ts";

const junk: Partial<MailboxAsker> = { specialUse: async () => new Map([["\\junk", ["Spam"]]]) };
const noJunk: Partial<MailboxAsker> = { specialUse: async () => new Map() };
const untrusted = fresh("Subject: x").replace("spf=pass", "spf=fail");

interface Case {
  readonly name: string;
  readonly script: string;
  readonly mail?: Partial<TestMail>;
  readonly head?: Partial<BatchHead>;
  readonly answer?: Parameters<typeof fakeOutbox>[0];
  readonly options?: WorldOptions;
  readonly want: string;
  readonly told?: string;
  readonly sent?: number;
  readonly error?: RegExp;
}

const refused = (reason: "loop" | "rate-limited") => () => ({ state: "refused" as const, reason });

const cases: readonly Case[] = [
  {
    name: "a redirect that is stored: the mail goes",
    script: REDIRECT,
    want: "discard",
    told: "redirect stored",
    sent: 1,
  },
  {
    name: "one that is known already",
    script: REDIRECT,
    answer: () => ({ state: "known" }),
    want: "discard",
    told: "redirect known",
    sent: 1,
  },
  {
    name: "a loop",
    script: REDIRECT,
    answer: refused("loop"),
    want: "stay",
    told: "redirect refused loop",
    sent: 1,
    error: /come back/,
  },
  {
    name: "one that another action stores beside",
    script: `require "fileinto"; fileinto "A"; ${REDIRECT}`,
    want: "A",
    told: "redirect stored",
    sent: 1,
  },
  { name: "a copy", script: COPY, want: "stay", told: "redirect stored", sent: 1 },
  {
    name: "a copy that is refused",
    script: COPY,
    answer: refused("rate-limited"),
    want: "stay",
    told: "redirect refused rate-limited",
    sent: 1,
    error: /too much/,
  },
  {
    name: "an old mail waits for its owner",
    script: REDIRECT,
    mail: OLD,
    answer: () => ({ state: "held" }),
    want: "stay",
    told: "redirect held",
    sent: 1,
    error: /release/,
  },
  {
    name: "one that waited and is decided on again",
    script: REDIRECT,
    mail: OLD,
    answer: () => ({ state: "known" }),
    want: "stay",
    told: "redirect known",
    sent: 1,
    error: /release/,
  },

  { name: "a rejection", script: REJECT, want: "discard", told: "reject stored", sent: 1 },
  {
    name: "one of a sender that nobody vouches for",
    script: REJECT,
    mail: { text: untrusted },
    options: { asker: junk },
    want: "Spam",
    told: "reject silent not-authenticated",
  },
  {
    name: "the same, without a Junk folder",
    script: REJECT,
    mail: { text: untrusted },
    options: { asker: noJunk },
    want: "stay",
    told: "reject silent not-authenticated",
  },
  {
    name: "one that is refused",
    script: REJECT,
    answer: refused("rate-limited"),
    options: { asker: junk },
    want: "Spam",
    told: "reject refused rate-limited",
    sent: 1,
  },
  {
    name: "one of the null sender",
    script: REJECT,
    mail: { text: fresh("Subject: x").replace("<bob@example.net>", "<>") },
    options: { asker: junk },
    want: "Spam",
    told: "reject silent sender-null",
  },
  {
    name: "one whose sender nobody knows",
    script: REJECT,
    options: { asker: junk, settings: { envelope: {} } },
    want: "Spam",
    told: "reject silent sender-unknown",
  },
  { name: "an old one", script: REJECT, mail: OLD, options: { asker: junk }, want: "Spam", told: "reject silent old" },

  { name: "a reply", script: VACATION, want: "stay", told: "vacation stored", sent: 1 },
  {
    name: "a reply that is refused",
    script: VACATION,
    answer: refused("rate-limited"),
    want: "stay",
    told: "vacation refused rate-limited",
    sent: 1,
    error: /vacation was refused/,
  },
  {
    name: "no reply to a list",
    script: VACATION,
    mail: { text: fresh("List-Id: <l.example.net>") },
    want: "stay",
    told: "vacation silent list",
  },
  {
    name: "no reply where nobody knows the sender",
    script: VACATION,
    options: { settings: { envelope: {} } },
    want: "stay",
    told: "vacation silent sender-unknown",
  },
  { name: "no reply to old mail", script: VACATION, mail: OLD, want: "stay", told: "vacation silent old" },
  {
    name: "a reply whose copy is filed",
    script: 'require ["vacation", "fcc"]; vacation :fcc "Sent" "Away.";',
    want: "stay",
    told: "vacation stored",
    sent: 1,
  },

  { name: "a notice", script: NOTIFY, want: "stay", told: "notify stored", sent: 1 },
  { name: "no notice of old mail", script: NOTIFY, mail: OLD, want: "stay", told: "notify silent old" },
  { name: "a report", script: REPORT, want: "stay", told: "report stored", sent: 1 },
  { name: "no report of old mail", script: REPORT, mail: OLD, want: "stay", told: "report silent old" },

  {
    name: "nothing in mode observe",
    script: REDIRECT,
    head: { mode: "observe" },
    want: "stay",
    told: "redirect not-carried-out observe",
  },
  {
    name: "nothing of a sort",
    script: REDIRECT,
    head: { purpose: "sort", sortId: "s" },
    want: "stay",
    told: "redirect not-carried-out sort",
  },
  {
    name: "no rejection of a sort",
    script: REJECT,
    head: { purpose: "sort", sortId: "s" },
    want: "stay",
    told: "reject not-carried-out sort",
  },
  {
    name: "no reply of a sort, which still discards",
    script: `${VACATION} discard;`,
    head: { purpose: "sort", sortId: "s" },
    want: "discard",
    told: "vacation not-carried-out sort",
  },
  {
    name: "mail that is published again leaves as live mail does",
    script: REDIRECT,
    head: { purpose: "again" },
    want: "discard",
    told: "redirect stored",
    sent: 1,
  },

  {
    name: "no redirect without outbox",
    script: REDIRECT,
    options: { submit: null },
    want: "stay",
    told: "redirect not-carried-out no-outbox",
    error: /no mail is sent/,
  },
  {
    name: "no rejection without outbox",
    script: REJECT,
    options: { submit: null },
    want: "stay",
    told: "reject not-carried-out no-outbox",
    error: /nobody was told/,
  },
  {
    name: "no reply without outbox",
    script: VACATION,
    options: { submit: null },
    want: "stay",
    told: "vacation not-carried-out no-outbox",
    error: /no reply/,
  },
  {
    name: "silence is no error without outbox",
    script: VACATION,
    mail: { text: fresh("Precedence: bulk") },
    options: { submit: null },
    want: "stay",
    told: "vacation silent automatic",
  },
];

describe("what leaves", () => {
  for (const { name, script, mail, head, answer, options, want, told, sent = 0, error } of cases) {
    it(name, async () => {
      const outbox = fakeOutbox(answer);
      const sending = { submit: outbox.submit, ...options, script: loaded(script) };
      const { destination, decided } = await decideOne(sending, mail, head);
      assert.equal(destination(), want);
      const lines = (decided().sendings ?? []).map(({ kind, state, reason }) => [kind, state, reason].join(" ").trim());
      assert.deepEqual(lines, told === undefined ? [] : [told]);
      assert.equal(outbox.sendings().length, sent);
      if (error === undefined) assert.equal(decided().error, undefined);
      else assert.match(decided().error ?? "", error);
    });
  }

  it("is nothing of a dry run, which publishes no command either", async () => {
    const outbox = fakeOutbox();
    const options = { submit: outbox.submit, script: loaded(REDIRECT) };
    const { published, decided } = await decideOne(options, {}, { dryRun: true, sortId: "s" });
    assert.deepEqual([published.length, outbox.submissions.length], [0, 0]);
    assert.equal(decided().sendings?.[0]?.reason, "dry-run");
  });
});
