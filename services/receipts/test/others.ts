import assert from "node:assert/strict";
import type { SubmittedHead } from "@tamis/bus";
import type { MailboxAnswer, SubmissionAnswer } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type AnswererDeps, answerOne } from "../src/answers/answerer.ts";
import { openRequests, type Requests } from "../src/tables/requests.ts";
import type { Tables } from "../src/tables/schema.ts";

export const START = 1_700_000_000_000;
const HEADER = Buffer.from("Subject: Conseil\r\n\r\n").toString("base64");
export const settled: MailboxAnswer = { kind: "receipt", result: "settled", header: HEADER };

/** How long what is taken is held. */
const HELD_MS = 10_000;

export type AnsweringDeps = AnswererDeps & { readonly requests: Requests };

/** One after the other, until nothing is due. */
export async function answerDue(deps: AnsweringDeps): Promise<void> {
  for (;;) {
    const now = deps.now();
    const until = new Date(now + HELD_MS);
    const [due] = await deps.requests.take(1, new Date(now), until);
    if (due === undefined) return;
    await answerOne(due, async () => until, deps);
  }
}

/** `mailbox` and `outbox`, as far as they are asked. */
export class Others {
  settle: (tries: number) => MailboxAnswer | Error = () => settled;
  submit: (tries: number) => SubmissionAnswer["kind"] | "refused-rate" | Error = () => "committed";
  readonly asked: Parameters<AnswererDeps["settle"]>[0][] = [];
  readonly submitted: { readonly head: SubmittedHead; readonly raw: Buffer }[] = [];
  /** What leaves: as `outbox`, each key of a fingerprint once. */
  readonly left = new Map<string, Buffer>();

  deps(store: Store<Tables>, now: () => number = () => START + 100): AnsweringDeps {
    return {
      requests: openRequests(store, { policy: "ask", inside: [] }, () => undefined),
      settle: async (ask) => {
        this.asked.push(ask);
        const answer = this.settle(this.asked.length);
        if (answer instanceof Error) throw answer;
        return answer;
      },
      submit: async (head, [raw = new Uint8Array()]) => {
        this.submitted.push({ head, raw: Buffer.from(raw) });
        const answer = this.submit(this.submitted.length);
        if (answer instanceof Error) throw answer;
        const [{ key } = assert.fail()] = head.sendings;
        if (answer === "refused") return { kind: "refused", reason: "no" };
        if (answer === "refused-rate")
          return { kind: "committed", sendings: [{ key, state: "refused", reason: "rate-limited" }] };
        const name = `${head.accountId} ${head.fingerprint} ${key}`;
        const state = this.left.has(name) ? "known" : "stored";
        if (state === "stored") this.left.set(name, Buffer.from(raw));
        return { kind: "committed", sendings: [{ key, state }] };
      },
      languageOf: (accountId) => (accountId === "eloi" ? "fr" : "en"),
      now,
      log: { warn() {} },
      onDone() {},
    };
  }
}
