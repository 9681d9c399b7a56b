import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MailboxAnswer, MailboxAsk, SendingState } from "@tamis/contracts";
import type { DraftRow } from "../tables/draft-sending.ts";
import type { DraftStep, DraftWork, DueDraft } from "../tables/draft-work.ts";
import { DraftKeeper } from "./draft-keeper.ts";

const NOW = new Date("2026-11-30T07:00:05Z");

const draft: DraftRow = {
  id: 7,
  account_id: "a1",
  name: "n",
  sha256: "s",
  fingerprint: "f1",
  internal_date: NOW,
  identities: null,
  address: "anna@example.org",
  subject: "Réunion",
  state: "scheduled",
  outcome: null,
  envelope_from: "anna@example.org",
  recipients: "[]",
  body: "b",
  authzid: null,
  wall: "2026-11-30 08:00",
  zone: "Europe/Paris",
  due_at: new Date("2026-11-30T07:00:00Z"),
  recurrence: null,
  ends_on_reply: false,
  replied_at: null,
  occurrence: 1,
  sending_id: 70,
  word: null,
  step_at: NOW,
  attempts: 0,
  changed_at: NOW,
};

interface Scene {
  readonly draft?: Partial<DraftRow>;
  readonly states: readonly SendingState[];
  readonly word?: DueDraft["word"];
  readonly octets?: Uint8Array | null;
  /** The body for a next time is there. */
  readonly canGoOn?: boolean;
  readonly mailbox?: MailboxAnswer;
}

/** What the keeper asks of `mailbox` about one draft that is due, and writes into the ledger. */
async function keep({ draft: more, states, word = "accepted", octets = Buffer.from("x"), ...scene }: Scene) {
  const asked: string[] = [];
  const written: string[] = [];
  const done = Promise.withResolvers<void>();
  let due: DueDraft[] = [
    {
      draft: { ...draft, ...more },
      word,
      settledAt: NOW,
      messageId: "<tamis.draft.n.1@mx.example.org>",
      states: new Set(states),
    },
  ];
  const work: DraftWork = {
    take: async () => due.splice(0),
    keep: async () => {},
    octets: async () => octets,
    lookAt: async (_, _held, at) => void done.resolve(void written.push(`look ${at.toISOString()}`)),
    later: async (_, _held, at) => void done.resolve(void written.push(`later ${at > NOW}`)),
    finish: async (_, { outcome, next }: DraftStep) => {
      written.push(`${outcome} ${next?.wall ?? "ended"}`);
      const isDone = next === null || scene.canGoOn !== false;
      if (isDone) done.resolve();
      return isDone;
    },
    retime: async () => 0,
    drop: async () => 0,
  };
  const request = async (_: string, payload: Uint8Array) => {
    const ask: MailboxAsk = JSON.parse(Buffer.from(payload).toString());
    assert.ok(ask.op === "draft-sent" || ask.op === "draft-back");
    asked.push(
      ask.op === "draft-sent"
        ? `sent${ask.isLast ? ", last" : ""}`
        : `back ${ask.keyword}${ask.notice === undefined ? "" : ", told"}`,
    );
    return {
      payload: Buffer.from(JSON.stringify(scene.mailbox ?? { kind: "done", mails: 1 })),
      header: () => undefined,
    };
  };
  const keeper = new DraftKeeper({
    work,
    bus: { request },
    objects: { put: async () => {}, delete: async () => {} },
    notices: { name: "mx.example.org", languageOf: () => "fr", marks: ["[[", "]]"] },
    keepMs: 1_000,
    now: () => NOW,
    log: { info() {}, warn() {} },
    onScheduled: () => undefined,
  });
  keeper.start();
  await done.promise;
  due = [];
  await keeper.stop();
  return { asked, written };
}

describe("what becomes of a draft in its owner's mailbox", () => {
  const cases: readonly (readonly [string, Scene, readonly string[], readonly string[]])[] = [
    ["is sent", { states: ["accepted"] }, ["sent, last"], ["sent ended"]],
    ["reached some", { states: ["accepted", "rejected"], word: "rejected" }, ["sent, last"], ["sent ended"]],
    ["reached nobody", { states: ["rejected"], word: "rejected" }, ["back $TamisNotSent"], ["back ended"]],
    ["nobody knows of", { states: ["unknown"], word: "unknown" }, ["back $TamisNotSent"], ["back ended"]],
    ["was stopped", { states: ["cancelled"], word: "cancelled" }, ["back $TamisNotScheduled"], ["back ended"]],
    [
      "was answered",
      { draft: { recurrence: "weekly", replied_at: NOW }, states: ["cancelled"], word: "cancelled" },
      ["back $TamisNotScheduled, told"],
      ["back ended"],
    ],
    ["comes again", { draft: { recurrence: "weekly" }, states: ["accepted"] }, ["sent"], ["sent 2026-12-07 08:00"]],
    [
      "comes again, though this time it reached nobody",
      { draft: { recurrence: "weekly" }, states: ["rejected"], word: "rejected" },
      [],
      ["back 2026-12-07 08:00"],
    ],
    [
      "cannot come again, as its octets are gone",
      { draft: { recurrence: "weekly" }, states: ["accepted"], canGoOn: false },
      ["sent", "sent, last"],
      ["sent 2026-12-07 08:00", "sent ended"],
    ],
    [
      "was sent so long ago that no copy is left",
      { states: ["accepted"], octets: null },
      ["back $TamisNotScheduled, told"],
      ["sent ended"],
    ],
    [
      "comes again, after a time of which no copy is left",
      { draft: { recurrence: "weekly" }, states: ["accepted"], octets: null },
      [],
      ["sent 2026-12-07 08:00"],
    ],
    ["is gone", { states: ["accepted"], mailbox: { kind: "gone" } }, ["sent, last"], ["sent ended"]],
    [
      "mailbox cannot do now",
      { states: ["accepted"], mailbox: { kind: "refused", reason: "full" } },
      ["sent, last"],
      ["later true"],
    ],
    ["is under way", { states: ["deferred"], word: null }, [], ["look 2026-11-30T07:00:06.250Z"]],
  ];
  for (const [name, scene, asked, written] of cases)
    it(`that ${name}`, async () => assert.deepEqual(await keep(scene), { asked, written }));
});
