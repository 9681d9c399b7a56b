import assert from "node:assert/strict";
import type { Store } from "@tamis/store";
import fc from "fast-check";
import type { ClaimedRecipient } from "../src/tables/circular-work.ts";
import type { Tables } from "../src/tables/schema.ts";
import { recipientsOf } from "./circular-asks.ts";
import { type Bench, counted } from "./circular-bench.ts";
import { at, HOUR, lease } from "./ledger-bench.ts";

const LEASE_MS = 60_000;
const RECIPIENTS = recipientsOf(12);
const WORDS = ["accepted", "deferred", "rejected", "unknown", "returned", "held"] as const;
/** To whom something may still leave. */
const OPEN = ["scheduled", "claimed", "begun", "deferred"];

const few = fc.integer({ min: 1, max: 5 });
const words = fc.constantFrom(...WORDS);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("claim" as const, "begin" as const), count: few }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("say" as const), count: few, word: words }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("attempt" as const), count: few, word: words }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("sweep" as const), ms: fc.constantFrom(1, LEASE_MS + 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("kill" as const, "pause" as const, "resume" as const, "release" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("suppress" as const),
      number: fc.nat({ max: RECIPIENTS.length - 1 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What may be done to a circular, the steps of one list side by side; some are cancelled in the end. */
export const walks = fc.record({
  steps: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 10, maxLength: 25 }),
  isCancelled: fc.boolean(),
});
type Walk = typeof walks extends fc.Arbitrary<infer T> ? T : never;

/** A circular on which anything is done at any moment, by a process that dies now and then. */
export class CircularWalk {
  readonly #bench: Bench;
  readonly #store: Store<Tables>;
  #id = "";
  #ms = HOUR;
  #leases = 0;
  /** What the process that is alive has claimed, and begun. */
  #claimed: ClaimedRecipient[] = [];
  #begun: ClaimedRecipient[] = [];
  /** Recipients who have it, as far as the ledger knew after the last steps. */
  #accepted: readonly string[] = [];

  constructor(store: Store<Tables>, bench: Bench) {
    this.#store = store;
    this.#bench = bench;
  }

  /** Does all of it: at each moment the counts are those of the rows, and nobody who has it gets it again. */
  async run({ steps, isCancelled }: Walk): Promise<void> {
    const { circulars, accountId, upkeep, claim, begin } = this.#bench;
    this.#id = await this.#bench.started(RECIPIENTS.length);
    for (const together of steps) {
      await Promise.all(together.map((one) => this.#do(one)));
      await this.#isExact();
    }
    if (!isCancelled) return;
    const mine = await claim(this.#id, 1, "last", this.#now);
    await circulars.cancel(accountId, this.#id, this.#now);
    for (const { id } of mine) assert.deepEqual(await begin(this.#id, "last", [id], this.#now), [false]);
    this.#ms += 2 * HOUR;
    await upkeep.sweep(this.#now);
    const counts = await this.#isExact();
    assert.deepEqual(
      OPEN.filter((state) => state in counts),
      [],
    );
  }

  get #now(): Date {
    return at(this.#ms);
  }

  async #isExact(): Promise<Readonly<Record<string, number>>> {
    const rows = await counted(this.#store, this.#id);
    assert.deepEqual(await this.#bench.counts(this.#id), rows);
    const accepted = await this.#idsIn(["accepted"]);
    assert.deepEqual(
      this.#accepted.filter((id) => !accepted.includes(id)),
      [],
    );
    this.#accepted = accepted;
    return rows;
  }

  async #do(one: Step): Promise<void> {
    const { accountId, circulars, upkeep, recipients } = this.#bench;
    switch (one.kind) {
      case "claim":
        return await this.#claim(one.count);
      case "begin":
        return await this.#begin(one.count);
      case "say":
        return await this.#say(one.count, one.word);
      case "attempt":
        await this.#claim(one.count);
        await this.#begin(one.count);
        return await this.#say(one.count, one.word);
      case "sweep":
        this.#ms += one.ms;
        return void (await upkeep.sweep(this.#now));
      case "kill":
        this.#claimed = [];
        this.#begun = [];
        return;
      case "pause":
      case "resume":
        return void (await circulars[one.kind](accountId, this.#id, this.#now));
      case "release":
        return await this.#release();
      case "suppress":
        return void (await recipients.suppress([RECIPIENTS[one.number]?.address ?? ""], this.#now));
      default:
        return one satisfies never;
    }
  }

  async #claim(count: number): Promise<void> {
    const until = at(this.#ms + LEASE_MS);
    const share = { circularId: Number(this.#id), count, perMail: 1 };
    const { recipients: claimed } = await this.#bench.work.claim(
      [share],
      lease(`w${++this.#leases}`, until),
      this.#now,
    );
    this.#claimed.push(...claimed);
  }

  async #begin(count: number): Promise<void> {
    const some = this.#claimed.splice(0, count);
    const begins = some.map(({ id, lease: name, circularId }) => ({ lease: name, circularId, ids: [id] }));
    const holds = await this.#bench.work.commit({ begins, results: [] }, this.#now);
    const begun = some.filter((_, index) => holds[index]);
    for (const { id } of begun) assert.ok(!this.#accepted.includes(String(id)), `${id} has it already`);
    this.#begun.push(...begun);
  }

  async #say(count: number, word: (typeof WORDS)[number]): Promise<void> {
    const { work, said } = this.#bench;
    const results = this.#begun.splice(0, count).map((one) => said(one, word, this.#now));
    await work.commit({ begins: [], results }, this.#now);
  }

  /** One of whom nobody knows gets it again at his owner's word. */
  async #release(): Promise<void> {
    const { recipients, accountId } = this.#bench;
    const [recipient] = await this.#idsIn(["unknown", "held"]);
    if (recipient !== undefined) await recipients.release(accountId, this.#id, { recipient, now: this.#now });
  }

  async #idsIn(states: readonly ("accepted" | "unknown" | "held")[]): Promise<readonly string[]> {
    const { recipients } = this.#bench;
    const page = await recipients.report(Number(this.#id), { after: undefined, states, limit: RECIPIENTS.length });
    return page.recipients.map(({ id }) => id);
  }
}

/** What a walk left behind that others would meet. */
export const unsuppressAll = ({ recipients }: Bench): Promise<number> =>
  recipients.unsuppress(RECIPIENTS.map(({ address }) => address));
