import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Bus, connectBus, type Incoming, type StoredFact } from "@tamis/bus";
import {
  APPLY,
  type ApplyCommand,
  applyCommand,
  applyDurable,
  type BatchHead,
  buckets,
  decodeSubmission,
  encodeMailBatch,
  fetchRequest,
  folderIdOf,
  headerNames,
  type MailDecided,
  type MailMeta,
  mailboxAsk,
  mailDecided,
  parseMailId,
  partitionOf,
  type Sending,
  type SubmissionAnswer,
  subjects,
} from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import { type NatsServer, startNats, tempDir, waitFor } from "@tamis/testkit";
import { filterService } from "../src/filter-service.ts";

export const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

interface Submitted {
  readonly mailId: string;
  readonly sendings: readonly Sending[];
  /** Whether the plan of the mail was published already. */
  readonly planBefore: boolean;
}

type States = Extract<SubmissionAnswer, { kind: "committed" }>["sendings"];

/** Everything around the filter: NATS, a fake mailbox, a fake outbox, and what the filter published. */
export class World {
  readonly dir = tempDir("tamis-filter");
  readonly commands: ApplyCommand[] = [];
  readonly facts: MailDecided[] = [];
  readonly asked: Incoming[] = [];
  readonly submissions: Submitted[] = [];
  /** What `outbox` answers of each sending. */
  sendingState: (sending: Sending) => Omit<States[number], "key"> = () => ({ state: "stored" });
  /** Between the commit of a submission and its answer. */
  beforeAnswer = (): void => {};
  wholeMail: Uint8Array = new Uint8Array();
  mailboxAnswers = true;
  #nats: NatsServer | undefined;
  #bus: Bus | undefined;
  #uid = 0;

  get nats(): NatsServer {
    return this.#nats ?? assert.fail("not opened");
  }

  get config(): string {
    return join(this.dir.path, "tamis.yaml");
  }

  get bus(): Bus {
    return this.#bus ?? assert.fail("not opened");
  }

  /** `more`: sections of tamis.yaml; `filter`: keys of its section, one line. */
  async open({ more = "", filter = "", files = {} as Readonly<Record<string, string>> } = {}): Promise<void> {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.dir.path, name), text);
    this.#nats = await startNats();
    this.#bus = await connectBus({ servers: this.nats.url, name: "test" });
    writeFileSync(
      this.config,
      `nats: { servers: ["${this.nats.url}"] }\nstate_dir: ./state\nlog: { level: fatal }\nfilter: { time_zone: Europe/Paris, ask_timeout_ms: 1000, recheck_seconds: 3600${filter} }\n${more}`,
    );
  }

  async start(): Promise<StartedService> {
    return startService(filterService, loadSettings(this.config, filterService.sections));
  }

  /** Answers and consumes as `mailbox` does, for one account. */
  async attend(accountId: string): Promise<void> {
    const p = partitionOf(accountId);
    await this.bus.ensureConsumer(APPLY.name, applyDurable(p), {
      filter: subjects.mailboxApply(p),
      ackWaitMs: 10_000,
      maxAckPending: 256,
    });
    await this.bus.consume({
      stream: APPLY.name,
      durable: applyDurable(p),
      concurrency: 1,
      handle: async (delivery) => void this.commands.push(applyCommand.parse(decode(delivery.payload))),
    });
    await this.bus.tailFacts(subjects.event(p, mailDecided.name), (fact: StoredFact) =>
      this.facts.push(mailDecided.schema.parse(decode(fact.payload))),
    );
    await this.bus.respond(subjects.mailboxAsk(p), (request) => this.#answerAsk(request));
    await this.bus.respond(subjects.mailboxFetch(p), (request) => this.#answerFetch(request));
  }

  /** Answers as `outbox` does; its end takes it away. */
  async outbox() {
    return await this.bus.respond(
      subjects.outboxSubmit,
      ({ payload }) => {
        const { mailId, sendings } = decodeSubmission(payload).head;
        const planBefore = this.decisionOn(parseMailId(mailId)?.uid) !== undefined;
        this.submissions.push({ mailId, sendings, planBefore });
        this.beforeAnswer();
        const states = sendings.map((one) => ({ key: one.key, ...this.sendingState(one) }));
        return { payload: encode({ kind: "committed", sendings: states } satisfies SubmissionAnswer) };
      },
      { queue: "outbox" },
    );
  }

  #answerAsk(request: Incoming): Answer {
    this.asked.push(request);
    if (!this.mailboxAnswers) return { payload: encode({ kind: "refused", reason: "the account is parked" }) };
    const ask = mailboxAsk.parse(decode(request.payload));
    if (ask.op === "special-use")
      return { payload: encode({ kind: "special-use", mailboxes: { "\\junk": ["Spam"] } }) };
    assert.equal(ask.op, "mailbox-exists");
    return { payload: encode({ kind: "mailbox-exists", mailboxes: { Old: true } }) };
  }

  #answerFetch(request: Incoming): Answer {
    this.asked.push(request);
    const { offset } = fetchRequest.parse(decode(request.payload));
    const headers = { [headerNames.status]: "ok", [headerNames.total]: String(this.wholeMail.length) };
    return { payload: this.wholeMail.subarray(offset, offset + 1000), headers };
  }

  async activate(accountId: string, text: string, version: string): Promise<void> {
    const scripts = await this.bus.bucket(buckets.scripts);
    await scripts.put(accountId, encode({ v: 1, name: "main", version, text }));
  }

  /** Publishes a batch as `mailbox` does; answers the uids. */
  async receive(
    accountId: string,
    mails: readonly { readonly text: string; readonly size?: number; readonly meta?: Partial<MailMeta> }[],
    head: Partial<BatchHead> = {},
  ): Promise<readonly number[]> {
    const p = partitionOf(accountId);
    const uids = mails.map(() => ++this.#uid);
    const folder = { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: 1 };
    const payload = encodeMailBatch({
      head: { v: 1, accountId, address: `${accountId}@example.org`, mode: "act", purpose: "live", folder, ...head },
      mails: mails.map(({ text, size, meta }, i) => {
        const raw = Buffer.from(text.replaceAll("\n", "\r\n"));
        const now = Date.now();
        return {
          meta: {
            uid: uids[i] ?? 0,
            size: size ?? raw.length,
            internalDate: now,
            flags: [],
            fingerprint: String(uids[i]).padStart(16, "0"),
            seenAt: now,
            fetchedAt: now,
            ...meta,
          },
          raw,
        };
      }),
    });
    await this.bus.publish({ subject: subjects.mailReceived(p), payload, id: `test/${uids[0]}` });
    return uids;
  }

  /** What was decided about the mail so far. */
  decisionOn(uid: number | undefined): ApplyCommand["decisions"][number] | undefined {
    return this.commands.flatMap((command) => command.decisions).find((one) => one.uid === uid);
  }

  /** Where the mail is to go, once the filter said so. */
  async destinationOf(uid: number | undefined, timeoutMs = 20_000): Promise<string> {
    const decision = await waitFor(() => this.decisionOn(uid), { describe: `the decision on ${uid}`, timeoutMs });
    const { destination } = decision.plan;
    return destination.kind === "folder" ? destination.mailbox : destination.kind;
  }

  async factOf(uid: number | undefined) {
    return waitFor(() => this.facts.flatMap((fact) => fact.mails).find((mail) => mail.mailId.endsWith(`/${uid}`)), {
      describe: `the fact about ${uid}`,
    });
  }

  async close(): Promise<void> {
    await this.#bus?.close();
    await this.#nats?.stop();
    this.dir.remove();
  }
}
