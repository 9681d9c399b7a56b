import { setTimeout as delay } from "node:timers/promises";
import type { AttemptDeps } from "../attempt-mail.ts";
import { attempt, type DeliverDeps, untilWritten } from "../deliver.ts";
import { localReply, type SmtpReply } from "../smtp/reply.ts";
import type { Submissions, SubmittedMail, Taken } from "../tables/submissions.ts";
import type { ClaimedSending, Lease, Result, Work } from "../tables/work.ts";
import { relayAway } from "./ask-relay.ts";
import { endOf, replyToRepetition } from "./end-of-submission.ts";
import { Slots } from "./slots.ts";

export interface ImmediateOptions extends Omit<DeliverDeps, "isStopping" | "work"> {
  readonly work: Pick<Work, "begin" | "record" | "renew">;
  readonly submissions: Submissions;
  readonly instance: string;
  readonly leaseMs: number;
  readonly connections: number;
  /** Something is in the ledger that is due, or will be. */
  readonly onStored: () => void;
  readonly onResults: (sending: ClaimedSending, results: readonly Result[], ms: number) => void;
}

export interface Committed {
  readonly reply: SmtpReply;
  readonly result: "sent" | "held" | "known" | "refused" | "later";
}

/** What the relay said is written down before its author hears of it, unless the database is away for so long, ms. */
const WRITE_MS = 30_000;

const tooMany = localReply(451, "4.7.1", "this account has sent too much for now: try again in an hour");

/** Brings submitted mail into the ledger, and what is not held to the relay while its author waits. */
export class ImmediateSender {
  readonly #options: ImmediateOptions;
  readonly #slots: Slots;
  readonly #deps: DeliverDeps;
  readonly #running = new Set<Promise<unknown>>();
  #claims = 0;
  #stopping = false;

  constructor(options: ImmediateOptions) {
    this.#options = options;
    this.#slots = new Slots(options.connections);
    this.#deps = { ...options, isStopping: () => this.#stopping };
  }

  /** Something that is asked of the relay, when there is a connection for it. */
  withRelay<T>(work: (deps: AttemptDeps) => Promise<T>): Promise<T> {
    return this.#slots.run(() => work(this.#options));
  }

  /** Resolves when the mail is committed, to leave at `until`. */
  async hold(mail: SubmittedMail, until: Date): Promise<Committed> {
    const taken = await this.#take(mail);
    if (taken.kind !== "stored") return otherwise(taken);
    this.#options.onStored();
    const text = `held until ${until.toISOString().slice(0, 19)}Z`;
    return { reply: localReply(250, "2.0.0", text), result: "held" };
  }

  /** Resolves with the relay's own answer; begun is committed before DATA, the answer after it. */
  send(mail: SubmittedMail): Promise<Committed> {
    const done = this.#slots.run(() => this.#send(mail)).finally(() => this.#running.delete(done));
    this.#running.add(done);
    return done;
  }

  /** Waits for what is under way, at most `graceMs`: after that connections are cut. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const cut = setTimeout(() => this.#options.pool.abort(), graceMs);
    await Promise.allSettled(this.#running);
    clearTimeout(cut);
    await this.#options.pool.close();
  }

  async #send(mail: SubmittedMail): Promise<Committed> {
    const { relay, now } = this.#options;
    if (now().getTime() < relay.pausedUntil) return { reply: relayAway("down"), result: "later" };
    const lease = `${this.#options.instance}/submission/${++this.#claims}`;
    const taken = await this.#take(mail, lease);
    if (taken.kind !== "claimed") return otherwise(taken);
    const stopRenewing = this.#renew(lease);
    try {
      return await this.#deliver(lease, taken.sending);
    } finally {
      stopRenewing();
    }
  }

  async #deliver(lease: string, sending: ClaimedSending): Promise<Committed> {
    const { submissions, now, onResults, onStored } = this.#options;
    const began = performance.now();
    const end = endOf(await attempt(lease, sending, this.#deps));
    const { results, isTold, reply } = end;
    const written = untilWritten(
      () => submissions.finish(lease, { id: sending.id, results, isTold }, now()),
      this.#deps,
    ).then(onStored);
    await Promise.race([written, delay(WRITE_MS, undefined, { ref: false })]);
    onResults(sending, results, performance.now() - began);
    return { reply, result: reply.code < 300 ? "sent" : reply.code < 500 ? "later" : "refused" };
  }

  #take(mail: SubmittedMail, name = ""): Promise<Taken> {
    const now = this.#options.now();
    const lease: Lease = { name, until: new Date(now.getTime() + this.#options.leaseMs) };
    return this.#options.submissions.take(mail, lease, now);
  }

  #renew(lease: string): () => void {
    const { work, leaseMs, now, log } = this.#options;
    const timer = setInterval(
      () =>
        void work
          .renew([lease], new Date(now().getTime() + leaseMs))
          .catch((err: unknown) => log.warn({ err }, "lease-not-renewed")),
      leaseMs / 3,
    );
    return () => clearInterval(timer);
  }
}

function otherwise(taken: Taken): Committed {
  switch (taken.kind) {
    case "known": {
      const reply = replyToRepetition(taken.recipients);
      return { reply, result: "known" };
    }
    case "rate-limited":
      return { reply: tooMany, result: "later" };
    default:
      throw new Error(`a submission cannot be ${taken.kind} here`);
  }
}
