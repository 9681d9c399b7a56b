import { type Bus, type Lease, type Published, type Reply, type RequestOptions, RetryLater } from "@tamis/bus";
import {
  type AppliedMail,
  type ApplyCommand,
  type DraftsAnswer,
  type DraftsAsk,
  decideAnswers,
  decodeMailBatch,
  draftsAsk,
  KEEP,
  MAIL,
  type MailApplied,
  type MailBatch,
  type MailboxAnswer,
  type MailboxAsk,
  type MailboxStatus,
  type MailRead,
  mailApplied,
  mailboxAnswer,
  mailRead,
  type Plan,
  subjects,
} from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { tempDir, waitFor } from "@tamis/testkit";
import { type AccountRecord, decodeRecord, encodeRecord } from "../src/account-record.ts";
import { AccountWorker } from "../src/account-worker.ts";
import { readCommand } from "../src/apply-command.ts";
import { MailboxStats } from "../src/mailbox-stats.ts";
import { onMailboxAsk } from "../src/on-mailbox-ask.ts";
import { Roster } from "../src/roster.ts";
import { ServerBook } from "../src/server-book.ts";
import { commandOf, field } from "./decided-command.ts";
import { FakeImap, GOOD_CAPABILITIES } from "./fake-imap.ts";
import { memoryBucket } from "./memory-bucket.ts";
import { memoryObjects } from "./memory-objects.ts";
import { rigDeps } from "./rig-deps.ts";
import type { RigOptions } from "./rig-options.ts";

/** One account's worker, whole and real, before a fake IMAP server; the bus is a few functions, `filter` is `decide`. */
export class AccountRig implements AsyncDisposable {
  readonly imap: FakeImap;
  readonly worker: AccountWorker;
  readonly batches: MailBatch[] = [];
  readonly applied: AppliedMail[] = [];
  /** What was told of mails on which receipts are asked. */
  readonly reads: MailRead["mails"][number][] = [];
  /** Epoch ms, of the worker's clock. */
  now: () => number = Date.now;
  /** Of the account, from the next {@link update} on. */
  mode: Account["mode"] = "act";
  /** Names of the other facts, in order. */
  readonly facts: string[] = [];
  /** Commands whose execution was acknowledged. */
  acknowledged = 0;
  decide: (subject: string) => Plan = () => KEEP;
  /** The scripts remember something of each mail. */
  marked = false;
  /** Commands wait here, while it is an array, for the test to deliver them. */
  withheld: ApplyCommand[] | null = null;
  /** Before a batch or a fact is stored: what it throws is the bus's answer. */
  onPublish: (batch: MailBatch, id: string) => void | Promise<void> = () => undefined;
  /** `filter`, when it is asked, gives its commands with the answer; else they come from the stream. */
  gives = true;
  /** What was given with an answer, in place of a command. */
  given: Uint8Array | null = null;
  /** Commands in APPLY. */
  inApply = 0;
  /** `filter` is asked: it decides, and answers when this resolves. */
  onAsk: (decide: () => void) => void | Promise<void> = (decide) => decide();
  /** Before a command is stored in APPLY. */
  onCommand: () => void | Promise<void> = () => undefined;
  onFact: (name: string) => void | Promise<void> = () => undefined;
  /** What JetStream says that consumers have in work. */
  underWay = 0;
  /** False: the lease ran out. */
  isHolder = true;
  /** What is in the object buckets, by name. */
  readonly objects = new Map<string, Uint8Array>();
  /** `outbox`, as far as it knows of drafts. */
  outbox: (ask: DraftsAsk) => DraftsAnswer = () => {
    throw new RetryLater("nobody answers", { code: "unreachable", afterMs: 50 });
  };
  readonly servers = memoryBucket("servers");
  readonly scriptMemory = memoryBucket("memory");
  /** True: KV `memory` cannot be read now. */
  onScriptMemory: () => boolean = () => false;
  readonly #stats = new MailboxStats("test");
  readonly #dir = tempDir("tamis-account-rig");
  readonly #accounts = memoryBucket("accounts");
  readonly #roster = new Roster(memoryBucket("roster"), this.#dir.path);
  readonly #account: Account;
  #isStopped = false;

  private constructor(imap: FakeImap, options: RigOptions) {
    this.imap = imap;
    const ada = { id: "ada", address: "ada@ac.test", user: "ada", mode: "act" } as const;
    const { receipts } = options;
    this.#account = receipts === undefined ? ada : { ...ada, receipts };
    const scriptMemory = {
      ...this.scriptMemory,
      get: async (key: string) => {
        if (this.onScriptMemory()) throw new RetryLater("NATS is away", { code: "unreachable", afterMs: 50 });
        return await this.scriptMemory.get(key);
      },
    };
    const deps = {
      bus: this.#bus(),
      clock: () => this.now(),
      stats: this.#stats,
      accounts: this.#accounts,
      roster: this.#roster,
      servers: new ServerBook(this.servers),
      scriptMemory,
    };
    this.worker = new AccountWorker(rigDeps(imap.port, options, deps), this.#account, this.lease(1));
  }

  /** The partition, held until {@link isHolder} is false. */
  lease(token: number): Lease {
    const isValid = (): boolean => this.isHolder;
    return { p: 0, token, validUntil: () => (isValid() ? Number.POSITIVE_INFINITY : 0), isValid };
  }

  /** Serves the account; resolves at once. */
  static async open(options: RigOptions = {}): Promise<AccountRig> {
    const imap = await FakeImap.start(options.capabilities ?? GOOD_CAPABILITIES);
    options.prepare?.(imap);
    const rig = new AccountRig(imap, options);
    rig.worker.start();
    return rig;
  }

  /** As {@link open}; resolves when the account is served and rests. */
  static async atRest(options: RigOptions = {}): Promise<AccountRig> {
    const rig = await AccountRig.open(options);
    await rig.untilAtRest();
    return rig;
  }

  get status(): MailboxStatus {
    return this.#stats.report(1, 1);
  }

  get state(): string {
    return Object.keys(this.status.accounts)[0] ?? "";
  }

  /** `result folder reason` of each mail told of. */
  get results(): readonly string[] {
    return this.applied.map(({ result, folder, reason }) => [result, folder, reason].filter(Boolean).join(" "));
  }

  /** Message ids in the order they were published, as often as they were. */
  get published(): readonly string[] {
    return this.batches.flatMap(({ mails }) =>
      mails.map(({ raw }) => field(raw, "Message-ID").replace(/^<|@.*$/g, "")),
    );
  }

  /** The account's record as written. */
  async record(): Promise<AccountRecord> {
    const entry = await this.#accounts.get(this.#account.id);
    if (entry === null) throw new Error("no record was written");
    return decodeRecord(entry.value).record;
  }

  /** Another holder changes the account's record. */
  async writeRecord(token: number, change: (record: AccountRecord) => void): Promise<void> {
    const record = await this.record();
    change(record);
    await this.#accounts.put(this.#account.id, encodeRecord(record, token));
  }

  /** NATS lost it. */
  async wipeRecord(): Promise<void> {
    await this.#accounts.delete(this.#account.id);
  }

  /** New settings of the account, as after a change of the configuration. */
  update(): void {
    this.worker.update({ ...this.#account, mode: this.mode });
  }

  /** As `filter`, `outbox` and the command line ask. */
  async ask(question: MailboxAsk): Promise<MailboxAnswer> {
    const request = { subject: "", payload: Buffer.from(JSON.stringify(question)), header: () => undefined };
    const { payload } = await onMailboxAsk(request, (accountId) =>
      accountId === this.#account.id ? this.worker : undefined,
    );
    return mailboxAnswer.parse(JSON.parse(Buffer.from(payload).toString("utf8")));
  }

  async until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = 30_000): Promise<void> {
    await waitFor(condition, { describe: `${what} (${this.#picture()})`, timeoutMs }).catch((cause: unknown) => {
      throw new Error(`not within ${timeoutMs} ms: ${what} (${this.#picture()})`, { cause });
    });
  }

  /** Until the account is served and the server waits for nothing but news. */
  async untilAtRest(): Promise<void> {
    const { imap } = this;
    const canIdle = imap.capabilities.includes("IDLE");
    const isIdle = (): boolean => !canIdle || [...imap.sessions].some((session) => session.isIdle);
    await this.until(() => this.state === "idle" && isIdle(), "rest");
  }

  async untilApplied(count: number): Promise<void> {
    await this.until(() => this.applied.length >= count, `${count} mails applied`);
  }

  #picture(): string {
    const { imap, results, state } = this;
    const last = imap.commands.slice(-12).map(({ verb, args }) => `${verb} ${args}`.slice(0, 60));
    return JSON.stringify({ state, troubled: this.status.troubled, results, places: imap.places(), last });
  }

  #bus(): Bus {
    const bus: Pick<Bus, "publish" | "publishFact" | "backlog" | "streamState" | "objects" | "request"> = {
      request: async (subject, payload, { onPart }) => {
        if (subject === subjects.mailDecide) return await this.#decideAtOnce(payload, onPart);
        const ask = draftsAsk.parse(JSON.parse(Buffer.from(payload).toString()));
        return { payload: Buffer.from(JSON.stringify(this.outbox(ask))), header: () => undefined };
      },
      objects: async ({ name }) => memoryObjects(name, this.objects),
      publish: async ({ subject, payload, id }) => {
        if (subject.startsWith("mailbox.apply.")) return await this.#store(readCommand(payload));
        const batch = decodeMailBatch(payload);
        await this.onPublish(batch, id);
        this.#decide(batch);
        return { seq: this.batches.length, duplicate: false };
      },
      publishFact: async (fact, _p, value) => {
        await this.onFact(fact.name);
        // Proof: the name tells the schema.
        if (fact.name === mailApplied.name) this.applied.push(...(value as MailApplied).mails);
        else if (fact.name === mailRead.name) this.reads.push(...(value as MailRead).mails);
        else this.facts.push(fact.name);
      },
      backlog: async () => ({ pending: 0, ackPending: this.underWay, redelivered: 0 }),
      streamState: async (stream) => {
        const lastSeq = (stream === MAIL.name ? this.batches : this.facts).length;
        return { messages: 0, bytes: 0, firstSeq: 0, lastSeq };
      },
    };
    // Proof: a worker calls these alone.
    return bus as Bus;
  }

  /** `filter`, as it decides on what it finds in the stream. */
  #decide(batch: MailBatch): void {
    this.batches.push(batch);
    const command = commandOf(batch, this);
    if (batch.head.dryRun !== true) void this.#store(command);
  }

  /** APPLY. */
  async #store(command: ApplyCommand): Promise<Published> {
    await this.onCommand();
    this.inApply += 1;
    if (this.withheld === null) setImmediate(() => void this.deliver(command));
    else this.withheld.push(command);
    return { seq: this.inApply, duplicate: false };
  }

  /** `filter`, as it decides on what it is asked. */
  async #decideAtOnce(payload: Uint8Array, onPart: RequestOptions["onPart"]): Promise<Reply> {
    await this.onAsk(() => {
      const batch = decodeMailBatch(payload);
      if (!this.gives) return this.#decide(batch);
      this.batches.push(batch);
      try {
        onPart?.(this.given ?? Buffer.from(JSON.stringify(commandOf(batch, this))));
      } catch {
        throw new RetryLater("who answers there failed", { code: "failed" });
      }
    });
    return { payload: new Uint8Array(), header: () => decideAnswers.decided };
  }

  /** As the bus does: again after a RetryLater. */
  async deliver(command: ApplyCommand, redelivered = false): Promise<void> {
    try {
      await this.worker.apply(command, redelivered);
      this.acknowledged += 1;
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      if (!this.#isStopped) setTimeout(() => void this.deliver(command, true), 20).unref();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.worker.stop();
    await this.imap.stop();
    this.#roster.save();
    this.#dir.remove();
  }
}
