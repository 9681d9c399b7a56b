import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { type Bus, connectBus } from "@tamis/bus";
import {
  APPLY,
  type AppliedMail,
  buckets,
  decodeMailBatch,
  EVENTS,
  type FetchRequest,
  FILTER_DURABLE,
  KEEP,
  MAIL,
  type MailApplied,
  type MailBatch,
  type MailboxAnswer,
  type MailboxAsk,
  type MailboxStatus,
  mailApplied,
  mailboxAnswer,
  mailboxStatus,
  type Plan,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import {
  type DovecotOptions,
  type DovecotServer,
  type NatsServer,
  startDovecot,
  startNats,
  tempDir,
} from "@tamis/testkit";
import { sections } from "../src/config.ts";
import { startMailbox } from "../src/start-mailbox.ts";
import { commandOf, type Decide } from "./decided-command.ts";

export const moveTo = (mailbox: string, more: Partial<Plan> = {}): Plan => ({
  copies: [],
  destination: { kind: "folder", mailbox, create: true, addFlags: [], removeFlags: [] },
  ...more,
});

export const discard: Plan = { copies: [], destination: { kind: "discard" } };

/** `[Folder] …` moves there. */
export const bySubject: Decide = (subject) => {
  const folder = /^\[([^\]]+)\]/.exec(subject)?.[1];
  return folder === undefined ? KEEP : moveTo(folder);
};

export const mail = (subject: string, id: string, body = "Bonjour,\r\n\r\nà lundi.\r\n"): string =>
  `From: Prof <prof@ac.test>\r\nTo: equipe@ac.test\r\nSubject: ${subject}\r\nMessage-ID: <${id}@ac.test>\r\nDate: Mon, 2 Nov 2026 08:00:00 +0100\r\n\r\n${body}`;

/** `imap`: the lines of that section instead of the usual ones. */
interface ConfigOptions {
  readonly imap?: readonly string[];
  readonly mode?: "observe" | "act";
  /** Who answers receipts that others ask for. */
  readonly receipts?: "tamis";
  /** The section `imapsieve`, on one line. */
  readonly watched?: string;
}

/** Servers, a decision-maker in place of `filter`, and any number of mailbox instances. */
export class Pipeline implements AsyncDisposable {
  readonly nats: NatsServer;
  readonly dovecot: DovecotServer;
  readonly bus: Bus;
  readonly applied: AppliedMail[] = [];
  readonly batches: MailBatch[] = [];
  decide: Decide = bySubject;
  /** Sees each batch first; false: no decision is sent. */
  onBatch: (batch: MailBatch) => boolean | Promise<boolean> = () => true;
  readonly #services: StartedService[] = [];
  readonly #dir = tempDir("tamis-mailbox-test");
  #configs = 0;
  #listeners: (() => void)[] = [];

  private constructor(nats: NatsServer, dovecot: DovecotServer, bus: Bus) {
    this.nats = nats;
    this.dovecot = dovecot;
    this.bus = bus;
  }

  static async start(options: DovecotOptions = {}): Promise<Pipeline> {
    const [nats, dovecot] = await Promise.all([startNats(), startDovecot(options)]);
    const bus = await connectBus({ servers: nats.url, name: "test" });
    const pipeline = new Pipeline(nats, dovecot, bus);
    await bus.ensureMailStream();
    await bus.ensureStreams([APPLY, EVENTS]);
    return pipeline;
  }

  /** Begins to answer every batch with one command, as `filter` does. */
  async filter(): Promise<void> {
    await this.bus.consume({
      stream: MAIL.name,
      durable: FILTER_DURABLE,
      concurrency: 8,
      handle: async ({ payload }) => {
        const batch = decodeMailBatch(payload);
        this.batches.push(batch);
        if ((await this.onBatch(batch)) && batch.head.dryRun !== true) await this.command(batch);
        this.#tell();
      },
    });
    await this.bus.tailFacts(`event.*.${mailApplied.name}`, ({ payload }) => {
      // Proof: published through the same schema.
      const fact = JSON.parse(Buffer.from(payload).toString("utf8")) as MailApplied;
      this.applied.push(...fact.mails);
      this.#tell();
    });
  }

  async command(batch: MailBatch, suffix = ""): Promise<void> {
    const { head, mails } = batch;
    const command = commandOf(batch, { decide: this.decide });
    const id = `${head.accountId}/${mails[0]?.meta.uid}-${mails.length}/${head.purpose}/${Date.now()}${suffix}/apply`;
    await this.bus.publish({
      subject: subjects.mailboxApply(partitionOf(head.accountId)),
      payload: Buffer.from(JSON.stringify(command)),
      id,
    });
  }

  /** Starts one instance of the service in this process. `mailbox`: lines of its section. */
  async mailbox(
    accounts: readonly string[],
    mailbox: readonly string[] = [],
    more: ConfigOptions = {},
  ): Promise<StartedService> {
    const settings = loadSettings(this.writeConfig(accounts, mailbox, more), sections);
    const service = await startService({ name: "mailbox", sections, start: startMailbox }, settings);
    this.#services.push(service);
    return service;
  }

  /** Writes a tamis.yaml for these servers; its path. */
  writeConfig(accounts: readonly string[], mailbox: readonly string[] = [], more: ConfigOptions = {}): string {
    this.#configs += 1;
    const file = join(this.#dir.path, `tamis-${this.#configs}.yaml`);
    const signIn = more.imap ?? [
      "host: 127.0.0.1",
      `port: ${this.dovecot.imapPort}`,
      "tls: none",
      `sign_in: { method: master, user: "${this.dovecot.masterUser}", password: "${this.dovecot.masterPassword}" }`,
    ];
    const yaml = [
      `state_dir: ${join(this.#dir.path, "state")}`,
      `nats: { servers: ["${this.nats.url}"] }`,
      "imap:",
      ...signIn.map((line) => `  ${line}`),
      "accounts:",
      `  mode: ${more.mode ?? "act"}`,
      `  answers_receipts: ${more.receipts ?? "program"}`,
      `  list: [${accounts.map((address) => `{ address: "${address}" }`).join(", ")}]`,
      "mailbox:",
      // Beside other tests Dovecot may have no inotify left, and then tells of new mail every 30 s only.
      ...["connects_per_second: 1000", "second_look_seconds: 5", ...mailbox].map((line) => `  ${line}`),
      ...(more.watched === undefined ? [] : [`imapsieve: ${more.watched}`]),
      "log: { level: error }",
    ];
    writeFileSync(file, `${yaml.join("\n")}\n`, { mode: 0o600 });
    return file;
  }

  /** Asks the instance that holds the account. */
  asker(accountId: string): (question: MailboxAsk) => Promise<MailboxAnswer> {
    const subject = subjects.mailboxAsk(partitionOf(accountId));
    return async (question) => {
      const payload = Buffer.from(JSON.stringify(question));
      const reply = await this.bus.request(subject, payload, { timeoutMs: 10_000 });
      return mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString("utf8")));
    };
  }

  /** Resolves when the condition holds; asked again at each fact and batch, and every 50 ms. */
  async until(condition: () => boolean | Promise<boolean>, what: () => string, timeoutMs = 30_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#listeners.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async untilApplied(count: number): Promise<void> {
    await this.until(
      () => this.applied.length >= count,
      () => `${this.applied.length} of ${count} applied: ${JSON.stringify(this.applied)}`,
    );
  }

  /** Resolves when so many accounts have a record: their first contact is over. */
  async untilContact(accounts: number, timeoutMs = 30_000): Promise<void> {
    const bucket = await this.bus.bucket(buckets.accounts);
    await this.until(
      async () => (await bucket.keys()).length >= accounts,
      () => `first contact of ${accounts} accounts`,
      timeoutMs,
    );
  }

  /** `Folder: subject-id` of every mail of a user, sorted. */
  async places(user: string): Promise<readonly string[]> {
    const mails = await this.dovecot.listAll(user);
    return mails.map(({ folder, messageId }) => `${folder}: ${messageId.replace(/^<|@.*$/g, "")}`).sort();
  }

  /** What the holder of the account answers. */
  async ask(question: MailboxAsk): Promise<MailboxAnswer> {
    const subject = subjects.mailboxAsk(partitionOf(question.accountId));
    const reply = await this.bus.request(subject, Buffer.from(JSON.stringify(question)), { timeoutMs: 30_000 });
    return mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString("utf8")));
  }

  /** Octets of a mail from `offset` on; none where it is gone. */
  async fetch(mailId: string, folder: string, offset: number): Promise<Buffer> {
    const subject = subjects.mailboxFetch(partitionOf(mailId.split("/")[0] ?? ""));
    const question: FetchRequest = { v: 1, mailId, folder, offset };
    const reply = await this.bus.request(subject, Buffer.from(JSON.stringify(question)), { timeoutMs: 30_000 });
    return Buffer.from(reply.payload);
  }

  /** What each running instance says of itself. */
  async status(): Promise<readonly MailboxStatus[]> {
    const replies = await this.bus.requestAll(subjects.mailboxStatus, new Uint8Array(), { windowMs: 300 });
    return replies.map(({ payload }) => mailboxStatus.parse(JSON.parse(Buffer.from(payload).toString("utf8"))));
  }

  /** Behind everyone's back. */
  async deleteStream(name: string): Promise<void> {
    const connection = await connect({ servers: this.nats.url });
    await (await jetstreamManager(connection)).streams.delete(name);
    await connection.close();
  }

  #tell(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
    await this.bus.close();
    await Promise.all([this.nats.stop(), this.dovecot.stop()]);
    this.#dir.remove();
  }
}
