import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Bus, connectBus, submit } from "@tamis/bus";
import {
  type CopyFiled,
  copyFiled,
  EVENTS,
  type ListedSending,
  type MailboxAsk,
  mailboxAsk,
  type OutboxAnswer,
  type OutboxAsk,
  outboxAnswer,
  outgoingObjects,
  type Sending,
  type SendingSettled,
  type SubmissionAnswer,
  sendingSettled,
  subjects,
} from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import {
  type NatsServer,
  type PostgresServer,
  type SinkOptions,
  type SmtpSink,
  type SunkMail,
  startNats,
  startPostgres,
  startSmtpSink,
  tempDir,
  waitFor,
} from "@tamis/testkit";
import { outboxService } from "../src/outbox-service.ts";
import { ServiceProcess } from "./service-process.ts";

/** A mail, lines ended by CRLF. */
export const mail = (subject: string, more = ""): Buffer =>
  Buffer.from(`Message-ID: <m@example.org>\r\nSubject: ${subject}\r\n${more}\r\nBonjour\r\n`);

/** What a script would send; a redirect to one target where nothing else is said. */
export const sendingOf = (more: Partial<Sending> = {}): Sending => ({
  key: "redirect/1",
  kind: "redirect",
  from: "parent@example.net",
  to: ["target@example.com"],
  messageId: "<m@example.org>",
  body: 0,
  cancelsKeep: false,
  hold: false,
  ...more,
});

/** Keys of `outbox:` as YAML lines, indented by two. */
export const QUICK = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
`;

export interface WorldOptions {
  readonly store?: "pglite" | "postgres";
  readonly sink?: SinkOptions;
  /** Keys of `outbox:` beside the relay, {@link QUICK} by default. */
  readonly outbox?: string;
  /** Keys of `outbox.relay` beside host, port and tls, as YAML in braces without the braces. */
  readonly relay?: string;
  /** Other sections, as lines of YAML. */
  readonly sections?: string;
}

type PutBack = Extract<MailboxAsk, { op: "put-back" }>;
type FileCopy = Extract<MailboxAsk, { op: "file-copy" }>;
type Find = Extract<MailboxAsk, { op: "find" }>;
type MailboxKind = "done" | "gone" | "refused";

function foundIn({ accountId, folder = "INBOX" }: Find, count: number): Answer {
  const place = (n: number) => ({ mailId: `${accountId}/0123abcd/1/${n}`, folder, fingerprint: "", internalDate: 0 });
  const answer = { kind: "found", mails: Array.from({ length: count }, (_, n) => place(n)) };
  return { payload: Buffer.from(JSON.stringify(answer)) };
}

/** NATS, an SMTP sink, tables, and the service between them. */
export class World implements AsyncDisposable {
  readonly dir = tempDir("tamis-outbox");
  readonly processes: ServiceProcess[] = [];
  readonly services: StartedService[] = [];
  /** What `mailbox` answers; it is asked for `account` and others, as often as {@link putBacks} says. */
  mailboxAnswers: (count: number) => MailboxKind | Promise<MailboxKind> = () => "done";
  /** In how many places `mailbox` finds a mail. */
  mailboxFinds: (ask: Find) => Promise<number> = async () => 0;
  /** Whose sendings are submitted, listed and told of: {@link begin} makes another. */
  account = "anna";
  readonly #asked: PutBack[] = [];
  readonly #copies: { readonly ask: FileCopy; readonly raw: Buffer }[] = [];
  #accounts = 0;
  #sunkBefore = 0;
  readonly nats: NatsServer;
  readonly sink: SmtpSink;
  readonly bus: Bus;
  readonly postgres: PostgresServer | null;

  private constructor(parts: Pick<World, "nats" | "sink" | "bus" | "postgres">) {
    this.nats = parts.nats;
    this.sink = parts.sink;
    this.bus = parts.bus;
    this.postgres = parts.postgres;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const [nats, sink, postgres] = await Promise.all([
      startNats(),
      startSmtpSink(options.sink),
      options.store === "postgres" ? startPostgres() : null,
    ]);
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await bus.ensureStreams([EVENTS]);
    const world = new World({ nats, sink, bus, postgres });
    world.configure(options);
    return world;
  }

  get config(): string {
    return join(this.dir.path, "tamis.yaml");
  }

  configure({ sink, outbox = QUICK, relay = "", sections = "" }: WorldOptions): void {
    const { postgres } = this;
    const tls = sink?.tls ?? "none";
    writeFileSync(join(this.dir.path, "ca.pem"), this.sink.certificate);
    const store =
      postgres === null
        ? ""
        : `store: { kind: postgres, host: "${postgres.socketDir}", port: ${postgres.port}, database: ${postgres.database}, user: ${postgres.user} }\n`;
    writeFileSync(
      this.config,
      `nats: { servers: ["${this.nats.url}"] }
state_dir: ./state
log: { level: info, format: json }
${sections}${store}outbox:
  relay: { host: ${tls === "none" ? "127.0.0.1" : "localhost"}, port: ${this.sink.port}, tls: ${tls}${tls === "none" ? "" : ", ca_file: ca.pem"}${relay === "" ? "" : `, ${relay}`} }
${outbox}`,
      { mode: 0o600 },
    );
  }

  /**
   * A test of its own on what runs: another account, a sink that accepts everything, no process of the test before; one
   * that is sound, with `keepsProcess`, for {@link running}.
   */
  begin({ keepsProcess = false } = {}): void {
    const kept = keepsProcess ? this.processes.findLast(({ isSound }) => isSound) : undefined;
    for (const child of this.processes.splice(0)) if (child !== kept) child.kill("SIGKILL");
    if (kept !== undefined) this.processes.push(kept);
    this.account = `anna-${++this.#accounts}`;
    this.#sunkBefore = this.sink.mails.length;
    this.sink.answer({});
    this.mailboxAnswers = () => "done";
  }

  /** What reached the sink since {@link begin}. */
  get mails(): readonly SunkMail[] {
    return this.sink.mails.slice(this.#sunkBefore);
  }

  async received(count: number): Promise<readonly SunkMail[]> {
    await this.sink.received(this.#sunkBefore + count);
    return this.mails;
  }

  /** What `mailbox` was asked for the account. */
  get putBacks(): readonly PutBack[] {
    return this.#asked.filter(({ accountId }) => accountId === this.account);
  }

  /** Copies that `mailbox` was asked to file for the account, with their octets. */
  get copies() {
    return this.#copies.filter(({ ask }) => ask.accountId === this.account);
  }

  /** The service in this process. */
  async start(): Promise<StartedService> {
    const settings = loadSettings(this.config, outboxService.sections);
    const service = await startService(outboxService, { ...settings, log: { level: "fatal", format: "json" } });
    this.services.push(service);
    return service;
  }

  /** The service in a process of its own, to be killed or stopped dead; resolves when it works. */
  async spawn(): Promise<ServiceProcess> {
    const child = new ServiceProcess(this.config);
    this.processes.push(child);
    await child.started();
    return child;
  }

  /** The process that {@link begin} kept, or a new one. */
  async running(): Promise<ServiceProcess> {
    return this.processes.findLast(({ isSound }) => isSound) ?? this.spawn();
  }

  /** `mailbox`, as far as it puts mails back, files copies and finds them. */
  async playMailbox(): Promise<void> {
    const objects = await this.bus.objects(outgoingObjects);
    await this.bus.respond("mailbox.ask.*", async ({ payload }) => {
      const ask = mailboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      if (ask.op === "find") return foundIn(ask, await this.mailboxFinds(ask));
      assert.ok(ask.op === "put-back" || ask.op === "file-copy");
      if (ask.op === "put-back") this.#asked.push(ask);
      else this.#copies.push({ ask, raw: Buffer.from((await objects.get(ask.object)) ?? []) });
      const kind = await this.mailboxAnswers(ask.op === "put-back" ? this.putBacks.length : this.copies.length);
      const answer = kind === "done" ? { kind, mails: 1 } : kind === "gone" ? { kind } : { kind, reason: "not now" };
      return { payload: Buffer.from(JSON.stringify(answer)) };
    });
  }

  /** Submits for one account: what belongs to mail `n`. */
  async submit(
    n: number,
    sendings: readonly Sending[],
    bodies: readonly Uint8Array[] = [mail("x")],
    timeoutMs = 30_000,
  ): Promise<SubmissionAnswer> {
    const head = {
      v: 1,
      accountId: this.account,
      address: "anna@example.org",
      mailId: `${this.account}/0123abcd/1/${n}`,
      fingerprint: `fingerprint-${n}`,
      internalDate: 1_700_000_000_000,
      sendings,
    } as const;
    return submit(this.bus, head, bodies, { timeoutMs });
  }

  async ask(question: OutboxAsk): Promise<OutboxAnswer> {
    // One of several that is stopped may be asked: whoever asks again reaches another. What changes something may be
    // answered otherwise the second time, and is given its time.
    const timeoutMs = question.op === "list" || question.op === "counts" ? 2_000 : 20_000;
    const request = () => this.bus.request(subjects.outboxAsk, Buffer.from(JSON.stringify(question)), { timeoutMs });
    const reply = await request().catch(request);
    return outboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
  }

  async list(): Promise<readonly ListedSending[]> {
    const answer = await this.ask({ op: "list", accountId: this.account, limit: 1000 });
    assert.equal(answer.kind, "listed");
    return answer.kind === "listed" ? answer.sendings : [];
  }

  async counts(): Promise<Readonly<Record<string, number>>> {
    const answer = await this.ask({ op: "counts" });
    return answer.kind === "counts" ? answer.counts : {};
  }

  /** Waits until so many recipients are in this state, and none is elsewhere. */
  async allIn(state: string, count: number): Promise<readonly ListedSending[]> {
    const describe = `${count} sendings ${state}`;
    return waitFor(
      async () => {
        const listed = await this.list();
        if (listed.length !== count || listed.some((sending) => sending.state !== state))
          throw new Error(listed.map((sending) => `${sending.state} ${sending.reply}`).join(", "));
        return listed;
      },
      { timeoutMs: 30_000, describe, intervalMs: 50 },
    );
  }

  async facts(): Promise<SendingSettled[]> {
    const found: SendingSettled[] = [];
    for await (const { payload } of this.bus.readFacts(`event.*.${sendingSettled.name}`))
      found.push(sendingSettled.schema.parse(JSON.parse(Buffer.from(payload).toString())));
    return found.filter(({ accountId }) => accountId === this.account);
  }

  /** What is told of copies of the account. */
  async copyFacts(): Promise<readonly CopyFiled[]> {
    const found: CopyFiled[] = [];
    for await (const { payload } of this.bus.readFacts(`event.*.${copyFiled.name}`))
      found.push(copyFiled.schema.parse(JSON.parse(Buffer.from(payload).toString())));
    return found.filter(({ accountId }) => accountId === this.account);
  }

  async factsWhen(count: number): Promise<SendingSettled[]> {
    return waitFor(
      async () => {
        const facts = await this.facts();
        return facts.length >= count ? facts : null;
      },
      { timeoutMs: 20_000, intervalMs: 100, describe: `${count} facts` },
    );
  }

  async stopServices(): Promise<void> {
    for (const service of this.services.splice(0)) await service.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.processes) child.kill("SIGKILL");
    await this.stopServices();
    await this.bus.close();
    await Promise.all([this.nats.stop(), this.sink.stop(), this.postgres?.stop()]);
    this.dir.remove();
  }
}
