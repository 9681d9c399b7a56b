import { createHash, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  circularAnswer,
  EVENTS,
  encodeCircularDraft,
  outgoingObjects,
  RECIPIENTS_PER_PAGE,
  type ReportedRecipient,
  subjects,
} from "@tamis/contracts";
import { type NatsServer, type PostgresServer, startNats, startPostgres, tempDir, waitFor } from "@tamis/testkit";
import { type ServiceProcess, serviceProcess } from "../service-process.ts";
import { DKIM, dkimKey, HTML, type LetterRecipient, SENDER, SUBJECT, TEXT } from "./letter.ts";

export interface SiteOptions {
  readonly sinkPort: number;
  readonly connections: number;
  readonly instances: number;
  /** fsync as where it matters. */
  readonly durable: boolean;
  /** Further keys of `outbox:`, YAML lines indented by two. */
  readonly outbox?: string;
  /** Folder for CPU profiles. */
  readonly profileDir?: string | undefined;
}

const ACCOUNT = "personnel";

/** NATS, PostgreSQL and instances of outbox, and somebody who writes circulars. */
export class CircularSite implements AsyncDisposable {
  readonly dir = tempDir("tamis-circular");
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly bus: Bus;
  readonly outboxes: readonly ServiceProcess[];
  readonly keyFile: string;

  private constructor(parts: Pick<CircularSite, "nats" | "postgres" | "bus">, options: SiteOptions) {
    this.nats = parts.nats;
    this.postgres = parts.postgres;
    this.bus = parts.bus;
    this.keyFile = join(this.dir.path, "dkim.pem");
    writeFileSync(this.keyFile, dkimKey(), { mode: 0o600 });
    this.outboxes = Array.from({ length: options.instances }, (_, index) => this.#outbox(index, options));
  }

  static async open(options: SiteOptions): Promise<CircularSite> {
    const [nats, postgres] = await Promise.all([startNats(), startPostgres({ durable: options.durable })]);
    const bus = await connectBus({ servers: nats.url, name: "load" });
    await bus.ensureStreams([EVENTS]);
    const site = new CircularSite({ nats, postgres, bus }, options);
    for (const outbox of site.outboxes) await outbox.start();
    return site;
  }

  #outbox(index: number, { sinkPort, connections, outbox = "", profileDir }: SiteOptions): ServiceProcess {
    const name = `outbox-${index}`;
    const configFile = join(this.dir.path, `${name}.yaml`);
    const logFile = join(this.dir.path, `${name}.log`);
    const { postgres, nats } = this;
    writeFileSync(
      configFile,
      `nats: { servers: ["${nats.url}"] }
state_dir: ./${name}
log: { level: warn, format: json }
store: { kind: postgres, host: "${postgres.socketDir}", port: ${postgres.port}, database: ${postgres.database}, user: ${postgres.user} }
outbox:
  relay: { host: 127.0.0.1, port: ${sinkPort}, tls: none }
  circulars:
    undo_ms: 0
    connections: ${connections}
    dkim: [{ domain: ${DKIM.domain}, selector: ${DKIM.selector}, key: { file: ./dkim.pem } }]
${outbox}`,
      { mode: 0o600 },
    );
    return serviceProcess({
      name,
      service: "outbox",
      configFile,
      logFile,
      profileDir,
      ready: () =>
        this.ask({ op: "list", accountId: ACCOUNT, limit: 1 }, 500).then(
          () => true,
          () => false,
        ),
    });
  }

  /**
   * What only looks is soon asked again, where an instance that was stopped had the question. What changes something may be
   * answered otherwise the second time, and is given its time.
   */
  async ask(
    question: CircularAsk,
    timeoutMs = question.op === "status" || question.op === "report" ? 2_000 : 20_000,
  ): Promise<CircularAnswer> {
    const payload = Buffer.from(JSON.stringify(question));
    const reply = await this.bus.request(subjects.outboxCirculars, payload, { timeoutMs });
    return circularAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
  }

  async #expect<K extends CircularAnswer["kind"]>(
    kind: K,
    question: CircularAsk,
  ): Promise<Extract<CircularAnswer, { readonly kind: K }>> {
    const answer = await waitFor(() => this.ask(question), { timeoutMs: 60_000, intervalMs: 100, describe: kind });
    if (answer.kind !== kind) throw new Error(JSON.stringify(answer));
    // Proof: the line before.
    return answer as Extract<CircularAnswer, { readonly kind: K }>;
  }

  /** A draft of the letter with its recipients; its id. */
  async draft(recipients: readonly LetterRecipient[]): Promise<string> {
    const head = {
      v: 1 as const,
      from: SENDER,
      subject: SUBJECT,
      text: TEXT,
      html: HTML,
      attachments: [],
      tracked: true,
    };
    const octets = encodeCircularDraft({ head, attachments: [] });
    const object = randomUUID();
    await (await this.bus.objects(outgoingObjects)).put(object, octets);
    const sha256 = createHash("sha256").update(octets).digest("hex");
    const draft = { object, size: octets.length, sha256 };
    const owner = { accountId: ACCOUNT, address: SENDER.address };
    const { id } = await this.#expect("created", { op: "create", ...owner, key: object, draft });
    for (let from = 0; from < recipients.length; from += RECIPIENTS_PER_PAGE)
      await this.#expect("added", {
        op: "add",
        accountId: ACCOUNT,
        id,
        recipients: recipients
          .slice(from, from + RECIPIENTS_PER_PAGE)
          .map((recipient, index) => ({ ...recipient, line: from + index })),
      });
    return id;
  }

  async begin(id: string): Promise<void> {
    await this.#expect("scheduled", { op: "schedule", accountId: ACCOUNT, id, when: { kind: "now" } });
  }

  async status(id: string): Promise<Circular> {
    return (await this.#expect("circular", { op: "status", accountId: ACCOUNT, id })).circular;
  }

  /** Waits until it is so. */
  until(id: string, what: string, isSo: (circular: Circular) => boolean, timeoutMs = 600_000): Promise<Circular> {
    return waitFor(
      async () => {
        const circular = await this.status(id);
        if (isSo(circular)) return circular;
        throw new Error(`${circular.state} ${JSON.stringify(circular.counts)}`);
      },
      { timeoutMs, intervalMs: 100, describe: what },
    );
  }

  async report(id: string): Promise<readonly ReportedRecipient[]> {
    const all: ReportedRecipient[] = [];
    for (let after: string | null = "0"; after !== null; ) {
      const page: Extract<CircularAnswer, { kind: "reported" }> = await this.#expect("reported", {
        op: "report",
        accountId: ACCOUNT,
        id,
        limit: 1000,
        ...(after === "0" ? {} : { after }),
      });
      all.push(...page.recipients);
      after = page.next;
    }
    return all;
  }

  /** The most that an instance ever had resident, MiB. */
  peakMemory(index: number): number {
    const pid = this.outboxes[index]?.pid();
    const found = pid === undefined ? null : /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Math.round(Number(found?.[1] ?? 0) / 1024);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const outbox of this.outboxes) await outbox.stop();
    await this.bus.close();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
    this.dir.remove();
  }
}
