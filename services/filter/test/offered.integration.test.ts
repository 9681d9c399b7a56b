import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Bus, connectBus } from "@tamis/bus";
import {
  buckets,
  encodeMailBatch,
  folderIdOf,
  type MailDecided,
  mailDecided,
  partitionOf,
  storedScriptKey,
  subjects,
} from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import { type NatsServer, startNats, tempDir, waitFor } from "@tamis/testkit";
import { filterService } from "../src/filter-service.ts";

const BY_USE = 'require ["fileinto", "special-use"]; fileinto "Lists";';
const NOTIFY = 'require ["fileinto", "enotify"]; fileinto "Lists";';

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** NATS, and one account whose mail is decided on; its server is `old`. */
class World {
  readonly dir = tempDir("tamis-filter-offered");
  readonly facts: MailDecided["mails"][number][] = [];
  #nats: NatsServer | undefined;
  #bus: Bus | undefined;
  #service: StartedService | undefined;
  #uid = 0;

  get bus(): Bus {
    return this.#bus ?? assert.fail("not opened");
  }

  async open(): Promise<void> {
    this.#nats = await startNats();
    this.#bus = await connectBus({ servers: this.#nats.url, name: "test" });
    await this.start("");
    await this.bus.tailFacts(subjects.event(partitionOf("anna"), mailDecided.name), ({ payload }) => {
      this.facts.push(...mailDecided.schema.parse(JSON.parse(Buffer.from(payload).toString())).mails);
    });
  }

  async start(yaml: string): Promise<void> {
    await this.#service?.stop();
    const file = join(this.dir.path, "tamis.yaml");
    const nats = `nats: { servers: ["${this.#nats?.url}"] }`;
    // Scripts in memory are not compared with stored ones within a test: only news make them be compiled again.
    writeFileSync(
      file,
      `${nats}\nstate_dir: ./state\nlog: { level: fatal }\nfilter: { recheck_seconds: 3600 }\n${yaml}`,
    );
    this.#service = await startService(filterService, loadSettings(file, filterService.sections));
  }

  async activate(text: string): Promise<void> {
    await (await this.bus.bucket(buckets.scripts)).put("anna", encode({ v: 1, name: "main", version: text, text }));
  }

  async store(name: string, text: string): Promise<void> {
    const bucket = await this.bus.bucket(buckets.scripts);
    await bucket.put(storedScriptKey("anna", name), encode({ v: 1, name, text, at: 0 }));
  }

  async seen(server: string, ...capabilities: readonly string[]): Promise<void> {
    await (await this.bus.bucket(buckets.servers)).put(server, encode({ v: 1, capabilities, keywords: true }));
  }

  /** Sends a mail through; where it goes, and what its owner is told. */
  async decided(server: string): Promise<string> {
    const uid = ++this.#uid;
    const folder = { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: 1 };
    const now = Date.now();
    const raw = Buffer.from("Subject: x\r\n\r\nx");
    const times = { internalDate: now, seenAt: now, fetchedAt: now };
    const meta = { uid, size: raw.length, flags: [], fingerprint: `${uid}`, ...times };
    const address = "anna@example.org";
    const payload = encodeMailBatch({
      head: { v: 1, accountId: "anna", address, mode: "act", purpose: "live", folder, server },
      mails: [{ meta, raw }],
    });
    await this.bus.publish({ subject: subjects.mailReceived(partitionOf("anna")), payload, id: `test/${uid}` });
    const fact = await waitFor(() => this.facts.find(({ mailId }) => mailId.endsWith(`/${uid}`)));
    return `${fact.plan.destination.kind} ${fact.error ?? ""}`;
  }

  /** Mail after mail, until one is decided on like this. */
  async untilDecided(server: string, want: RegExp): Promise<void> {
    await waitFor(async () => want.test(await this.decided(server)), { describe: String(want) });
  }

  async close(): Promise<void> {
    await this.#service?.stop();
    await this.#bus?.close();
    await this.#nats?.stop();
    this.dir.remove();
  }
}

describe("scripts and what is offered to them", { timeout: 120_000 }, () => {
  const world = new World();
  before(() => world.open());
  after(() => world.close());

  it("that require more keep their mail, and say what is missing, as long as the server lacks it; others go on", async () => {
    await world.activate(BY_USE);
    assert.equal(
      await world.decided("old"),
      "folder ",
      "of a server that nobody has seen nothing is held against the script",
    );
    await world.seen("old", "UIDPLUS");
    await world.untilDecided(
      "old",
      /^stay the active script has errors .*“special-use” is not offered here: .*SPECIAL-USE/,
    );
    assert.equal(await world.decided("other"), "folder ");
    await world.seen("old", "UIDPLUS", "SPECIAL-USE");
    await world.untilDecided("old", /^folder $/);
  });

  it("may include the owner's other scripts, and do as they are now", async () => {
    await world.store("filing", 'require "fileinto"; fileinto "Lists";');
    await world.activate('require "include"; include "filing";');
    await world.untilDecided("other", /^folder $/);
    await world.store("filing", "discard;");
    await world.untilDecided("other", /^discard $/);
  });

  it("that require more keep their mail as long as tamis.yaml does not set it up", async () => {
    await world.activate(NOTIFY);
    await world.untilDecided("old", /^stay .*“enotify” is not offered here: this installation sends no mail/);
    await world.start("outbox: {}\n");
    assert.equal(await world.decided("old"), "folder ");
    await world.start("");
    assert.match(await world.decided("old"), /^stay .*“enotify” is not offered/);
  });
});
