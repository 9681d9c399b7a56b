import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Answer, type Bus, connectBus, type Incoming, type StoredFact } from "@tamis/bus";
import {
  APPLY,
  type ApplyCommand,
  applyCommand,
  applyDurable,
  type BatchHead,
  buckets,
  encodeMailBatch,
  fetchRequest,
  folderIdOf,
  headerNames,
  MAIL,
  type MailDecided,
  mailboxAsk,
  mailDecided,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import { type NatsServer, startNats, tempDir, waitFor } from "@tamis/testkit";
import { filterService } from "../src/filter-service.ts";

const SCRIPT = `require ["fileinto", "mailbox", "body"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; stop; }
# rule:[Old project]
if allof (header :contains "subject" "project", mailboxexists "Old") { fileinto "Old"; stop; }
# rule:[Needle]
if body :raw :contains "needle" { fileinto "Found"; }`;

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

/** Everything around the filter: NATS, a fake mailbox, and what the filter published. */
class World {
  readonly dir = tempDir("tamis-filter");
  readonly commands: ApplyCommand[] = [];
  readonly facts: MailDecided[] = [];
  readonly asked: Incoming[] = [];
  wholeMail: Uint8Array = new Uint8Array();
  mailboxAnswers = true;
  #nats: NatsServer | undefined;
  #bus: Bus | undefined;
  #uid = 0;

  get nats(): NatsServer {
    return this.#nats ?? assert.fail("not opened");
  }

  get bus(): Bus {
    return this.#bus ?? assert.fail("not opened");
  }

  async open(): Promise<void> {
    this.#nats = await startNats();
    this.#bus = await connectBus({ servers: this.nats.url, name: "test" });
    writeFileSync(
      join(this.dir.path, "tamis.yaml"),
      `nats: { servers: ["${this.nats.url}"] }\nstate_dir: ./state\nlog: { level: fatal }\nfilter: { time_zone: Europe/Paris, ask_timeout_ms: 1000, recheck_seconds: 3600 }\n`,
    );
  }

  async start(): Promise<StartedService> {
    return startService(filterService, loadSettings(join(this.dir.path, "tamis.yaml"), filterService.sections));
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

  #answerAsk(request: Incoming): Answer {
    this.asked.push(request);
    if (!this.mailboxAnswers) return { payload: encode({ kind: "refused", reason: "the account is parked" }) };
    const ask = mailboxAsk.parse(decode(request.payload));
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
    mails: readonly { readonly text: string; readonly size?: number }[],
    head: Partial<BatchHead> = {},
  ): Promise<readonly number[]> {
    const p = partitionOf(accountId);
    const uids = mails.map(() => ++this.#uid);
    const folder = { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: 1 };
    const payload = encodeMailBatch({
      head: { v: 1, accountId, address: `${accountId}@example.org`, mode: "act", purpose: "live", folder, ...head },
      mails: mails.map(({ text, size }, i) => {
        const raw = Buffer.from(text.replaceAll("\n", "\r\n"));
        const now = Date.now();
        return {
          meta: {
            uid: uids[i] ?? 0,
            size: size ?? raw.length,
            internalDate: now,
            flags: [],
            fingerprint: `${uids[i]}`,
            seenAt: now,
            fetchedAt: now,
          },
          raw,
        };
      }),
    });
    await this.bus.publish({ subject: subjects.mailReceived(p), payload, id: `test/${uids[0]}` });
    return uids;
  }

  /** Where the mail is to go, once the filter said so. */
  async destinationOf(uid: number | undefined): Promise<string> {
    const decision = await waitFor(
      () => this.commands.flatMap((command) => command.decisions).find((one) => one.uid === uid),
      { describe: `the decision on ${uid}` },
    );
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

describe("filter", { timeout: 120_000 }, () => {
  const world = new World();
  let filter: StartedService | undefined;

  before(async () => {
    await world.open();
    filter = await world.start();
    await world.attend("anna");
    await world.activate("anna", SCRIPT, "v1");
  });

  after(async () => {
    await filter?.stop();
    await world.close();
  });

  it("decides a batch, and tells which rule did it", async () => {
    const [list, other] = await world.receive("anna", [
      { text: "Subject: [info] strike\n\nx" },
      { text: "Subject: lunch\n\nx" },
    ]);
    assert.equal(await world.destinationOf(list), "Lists");
    assert.equal(await world.destinationOf(other), "stay");
    const fact = await world.factOf(list);
    assert.deepEqual([fact.rule, fact.line, fact.trace.map((step) => step.line)], ["Lists", 3, [3, 3, 3]]);
    await waitFor(async () => (await world.bus.backlog(MAIL.name, "filter")).ackPending === 0, {
      describe: "the batch acknowledged",
    });
    assert.equal((await world.bus.streamState(MAIL.name)).messages, 0);
  });

  it("asks the mailbox service for folders", async () => {
    const [uid] = await world.receive("anna", [{ text: "Subject: project x\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "Old");
  });

  it("fetches the rest of a cut mail", async () => {
    const text = `Subject: long\r\n\r\n${"hay ".repeat(1000)}needle`;
    world.wholeMail = Buffer.from(text);
    const [uid] = await world.receive("anna", [{ text: "Subject: long\n\nhay ", size: text.length }]);
    assert.equal(await world.destinationOf(uid), "Found");
  });

  it("keeps the mail of an account without a script, and says nothing of a script", async () => {
    await world.attend("bruno");
    const [uid] = await world.receive("bruno", [{ text: "Subject: [info] x\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "stay");
    await world.factOf(uid);
    assert.equal(world.facts.find((fact) => fact.accountId === "bruno")?.script, undefined);
  });

  it("takes up a changed script with the next mail", async () => {
    await world.activate("anna", 'require "fileinto"; fileinto "Everything";', "v2");
    await waitFor(async () => {
      const [uid] = await world.receive("anna", [{ text: "Subject: x\n\nx" }]);
      return (await world.destinationOf(uid)) === "Everything";
    });
    await world.activate("anna", SCRIPT, "v1");
  });

  it("keeps mail whose script does not compile, and tells the owner", async () => {
    await world.activate("carla", "fileinto;", "broken");
    await world.attend("carla");
    const [uid] = await world.receive("carla", [{ text: "Subject: x\n\nx" }], { mode: "observe" });
    assert.equal(await world.destinationOf(uid), "stay");
    assert.match((await world.factOf(uid)).error ?? "", /has errors/);
    assert.equal(world.commands.find((command) => command.accountId === "carla")?.mode, "observe");
  });

  it("decides after a kill of NATS what was published before it", async () => {
    world.mailboxAnswers = false;
    const before = world.asked.length;
    const [uid] = await world.receive("anna", [{ text: "Subject: project y\n\nx" }], { purpose: "sort", sortId: "s1" });
    await waitFor(() => world.asked.length > before, { describe: "the refused question" });
    await world.nats.kill();
    world.mailboxAnswers = true;
    await world.nats.restart();
    const decision = waitFor(() => world.commands.find((command) => command.decisions.some((one) => one.uid === uid)), {
      timeoutMs: 60_000,
    });
    assert.equal((await decision).sortId, "s1");
    assert.equal(await world.destinationOf(uid), "Old");
  });

  it("parks what is no batch, and goes on", async () => {
    const p = partitionOf("anna");
    await world.bus.publish({ subject: subjects.mailReceived(p), payload: Buffer.from("no batch"), id: "test/bad" });
    const [entry] = await waitFor(async () => {
      const list = await world.bus.parked.list();
      return list.length > 0 ? list : null;
    });
    assert.deepEqual([entry?.stream, entry?.durable, entry?.subject], ["MAIL", "filter", subjects.mailReceived(p)]);
    const [uid] = await world.receive("anna", [{ text: "Subject: [info] z\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "Lists");
  });

  it("stops, and another one goes on where it was", async () => {
    await filter?.stop();
    const [uid] = await world.receive("anna", [{ text: "Subject: [info] late\n\nx" }]);
    filter = await world.start();
    assert.equal(await world.destinationOf(uid), "Lists");
  });
});
