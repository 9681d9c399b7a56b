import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Bus, connectBus } from "@tamis/bus";
import { buckets, MAIL, type MailDecided, mailDecided, subjects } from "@tamis/contracts";
import { type Logger, loadSettings, startService } from "@tamis/kit";
import {
  type DovecotServer,
  freePorts,
  type NatsServer,
  startDovecot,
  startNats,
  tempDir,
  waitFor,
} from "@tamis/testkit";
import { sorterService } from "../src/sorter-service.ts";

const SCRIPT = 'require "fileinto"; if header :contains "Subject" "conseil" { fileinto "Conseil"; }';
const mail = (subject: string, id: string): string =>
  `From: Prof <prof@ac.test>\r\nSubject: ${subject}\r\nMessage-ID: <${id}@ac.test>\r\n\r\nBonjour\r\n`;

describe("sorter: mailbox and filter in one process", { timeout: 120_000 }, () => {
  const dir = tempDir("tamis-sorter");
  let nats: NatsServer;
  let dovecot: DovecotServer;
  let bus: Bus;
  const onStop: (() => Promise<void>)[] = [];
  before(async () => {
    [nats, dovecot] = await Promise.all([startNats(), startDovecot()]);
    bus = await connectBus({ servers: nats.url, name: "test" });
  });
  after(async () => {
    for (const stop of onStop) await stop();
    await bus.close();
    await Promise.all([nats.stop(), dovecot.stop()]);
    dir.remove();
  });

  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const loud = (_: unknown, event: string): void => void warnings.push(event);
  const log: Logger = {
    ...{ trace: quiet, debug: quiet, info: quiet, warn: loud, error: loud, fatal: loud },
    child: () => log,
    isLevelEnabled: () => true,
  };

  /** A tamis.yaml for these servers. */
  function configure(prometheus: string): string {
    const file = join(dir.path, "tamis.yaml");
    const signIn = `{ method: master, user: "${dovecot.masterUser}", password: "${dovecot.masterPassword}" }`;
    writeFileSync(
      file,
      `nats: { servers: ["${nats.url}"] }
state_dir: ./state
imap: { host: 127.0.0.1, port: ${dovecot.imapPort}, tls: none, sign_in: ${signIn} }
accounts: { mode: act, list: [{ address: anna@ac.test, id: anna }] }
mailbox: { second_look_seconds: 5 }
telemetry: { prometheus: { ports: { ${prometheus} } } }
log: { level: warn }
`,
      { mode: 0o600 },
    );
    return file;
  }

  it("sorts mail, and nothing of it goes through NATS before it is decided on", async () => {
    const [port] = await freePorts(1);
    const file = configure(`mailbox: ${port}`);
    const value = Buffer.from(JSON.stringify({ v: 1, name: "main", version: "1", text: SCRIPT }));
    await (await bus.bucket(buckets.scripts)).put("anna", value);
    const decided: MailDecided["mails"][number][] = [];
    const settings = loadSettings(file, sorterService.sections);
    const sorter = await startService(sorterService, settings, { log });
    onStop.push(() => sorter.stop());
    await bus.tailFacts(`event.*.${mailDecided.name}`, ({ payload }) => {
      decided.push(...mailDecided.schema.parse(JSON.parse(Buffer.from(payload).toString())).mails);
    });
    const asked: string[] = [];
    const tap = await bus.respond(subjects.mailDecide, ({ subject }) => {
      asked.push(subject);
      return { payload: new Uint8Array() };
    });
    const ready = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
    await waitFor(ready, { timeoutMs: 30_000, describe: "/readyz at the port of one of the two" });
    const records = await bus.bucket(buckets.accounts);
    const isServed = async (): Promise<boolean> => (await records.get("anna")) !== null;
    await waitFor(isServed, { timeoutMs: 30_000, describe: "the first contact" });
    await dovecot.createFolder("anna@ac.test", "Conseil");
    await dovecot.deliver("anna@ac.test", mail("conseil de classe", "a"));
    await dovecot.deliver("anna@ac.test", mail("cantine", "b"));
    const places = async () =>
      (await dovecot.listAll("anna@ac.test")).map(({ folder, messageId }) => `${folder} ${messageId}`).sort();
    await waitFor(async () => (await places())[0] === "Conseil <a@ac.test>", {
      timeoutMs: 30_000,
      describe: "the mail in its folder",
    });
    await waitFor(() => decided.length === 2, { timeoutMs: 30_000, describe: "both facts" });
    assert.deepEqual(await places(), ["Conseil <a@ac.test>", "INBOX <b@ac.test>"]);
    assert.deepEqual([asked, (await bus.streamState(MAIL.name)).lastSeq], [[], 0]);
    await tap.stop();
    assert.deepEqual(warnings, []);
  });

  it("examines what each of them needs", async () => {
    const file = configure("sorter: 1");
    const settings = loadSettings(file, sorterService.sections);
    const found = await sorterService.doctor?.({ settings, log, bus, signal: AbortSignal.timeout(30_000) });
    assert.ok(
      found?.some(({ id }) => id.startsWith("imap")),
      JSON.stringify(found),
    );
    assert.deepEqual(
      found?.filter(({ ok }) => !ok),
      [],
    );
  });
});
