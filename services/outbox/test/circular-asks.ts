import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import type { Bus } from "@tamis/bus";
import {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  type CircularDraftHead,
  type CircularRecipient,
  circularAnswer,
  encodeCircularDraft,
  outgoingObjects,
  RECIPIENTS_PER_PAGE,
  type ReportedRecipient,
  subjects,
} from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";

/** What changes nothing: it is soon asked again, since of several that are asked one may be stopped. */
const LOOKS: ReadonlySet<CircularAsk["op"]> = new Set(["status", "report", "list"]);
const LOOK_MS = 1_500;

type Answer<Kind extends CircularAnswer["kind"]> = Extract<CircularAnswer, { readonly kind: Kind }>;

/** So many recipients, of addresses that no domain has twice. */
export const recipientsOf = (count: number, domain = "academie.example"): CircularRecipient[] =>
  Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    address: `agent-${index}@${domain}`,
    name: `Agent ${index}`,
    fields: { prenom: `Prénom ${index}` },
  }));

/** Asks for circulars as one account does. */
export class CircularAsks {
  readonly account: string;
  readonly address: string;
  /** After which what changes something is asked again: the second time it may be answered otherwise, so it is given its time. */
  timeoutMs = 20_000;
  readonly #bus: Bus;

  constructor(bus: Bus, account: string, address = `${account}@academie.example`) {
    this.#bus = bus;
    this.account = account;
    this.address = address;
  }

  async ask(question: CircularAsk): Promise<CircularAnswer> {
    // One of several that is stopped may be asked, or all while one starts: whoever asks again reaches another.
    const timeoutMs = LOOKS.has(question.op) ? LOOK_MS : this.timeoutMs;
    const request = () =>
      this.#bus.request(subjects.outboxCirculars, Buffer.from(JSON.stringify(question)), { timeoutMs });
    const reply = await waitFor(request, { timeoutMs: 10 * this.timeoutMs, describe: "an answer about circulars" });
    return circularAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
  }

  async expect<Kind extends CircularAnswer["kind"]>(kind: Kind, question: CircularAsk): Promise<Answer<Kind>> {
    const answer = await this.ask(question);
    assert.equal(answer.kind, kind, JSON.stringify(answer));
    // Proof: the line before.
    return answer as Answer<Kind>;
  }

  /** A draft of the account, tracked where nothing else is said. */
  async create(
    more: Partial<CircularDraftHead> = {},
    key: string = randomUUID(),
    attachments: readonly Uint8Array[] = [],
  ): Promise<CircularAnswer> {
    const head: CircularDraftHead = {
      v: 1,
      from: { address: this.address, name: "Le rectorat" },
      subject: "Rentrée",
      text: "Bonjour {{prenom}},\n\nla rentrée est lundi.\n",
      attachments: [],
      tracked: true,
      ...more,
    };
    const octets = encodeCircularDraft({ head, attachments });
    const object = randomUUID();
    await (await this.#bus.objects(outgoingObjects)).put(object, octets);
    const sha256 = createHash("sha256").update(octets).digest("hex");
    const draft = { object, size: octets.length, sha256 };
    return this.ask({ op: "create", accountId: this.account, address: this.address, key, draft });
  }

  /** A draft with its recipients; its id. */
  async drafted(recipients: readonly CircularRecipient[], more: Partial<CircularDraftHead> = {}): Promise<string> {
    const answer = await this.create(more);
    assert.equal(answer.kind, "created", JSON.stringify(answer));
    const id = answer.kind === "created" ? answer.id : "";
    for (let from = 0; from < recipients.length; from += RECIPIENTS_PER_PAGE)
      await this.expect("added", {
        op: "add",
        accountId: this.account,
        id,
        recipients: recipients.slice(from, from + RECIPIENTS_PER_PAGE),
      });
    return id;
  }

  /** A draft that leaves as soon as it may. */
  async sent(recipients: readonly CircularRecipient[], more: Partial<CircularDraftHead> = {}): Promise<string> {
    const id = await this.drafted(recipients, more);
    await this.expect("scheduled", { op: "schedule", accountId: this.account, id, when: { kind: "now" } });
    return id;
  }

  async change(op: "pause" | "resume" | "cancel" | "status", id: string): Promise<Answer<"circular">> {
    return this.expect("circular", { op, accountId: this.account, id });
  }

  async status(id: string): Promise<Circular> {
    return (await this.change("status", id)).circular;
  }

  /** Waits until the circular is so. */
  async until(id: string, what: string, isSo: (circular: Circular) => boolean, timeoutMs = 60_000): Promise<Circular> {
    let last: Circular | null = null;
    return waitFor(
      async () => {
        last = await this.status(id);
        if (isSo(last)) return last;
        throw new Error(`${last.state} ${JSON.stringify(last.counts)}`);
      },
      { timeoutMs, intervalMs: 50, describe: what },
    );
  }

  done(id: string): Promise<Circular> {
    return this.until(id, "the circular's end", ({ state, finishedAt }) => state === "done" && finishedAt !== null);
  }

  async report(id: string): Promise<readonly ReportedRecipient[]> {
    const all: ReportedRecipient[] = [];
    let after: string | null = "";
    while (after !== null) {
      const page: Answer<"reported"> = await this.expect("reported", {
        op: "report",
        accountId: this.account,
        id,
        limit: 100,
        ...(after === "" ? {} : { after }),
      });
      all.push(...page.recipients);
      after = page.next;
    }
    return all;
  }
}
