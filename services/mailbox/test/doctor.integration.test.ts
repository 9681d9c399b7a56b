import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Finding, loadSettings } from "@tamis/kit";
import { capabilityWithout, type DovecotOptions, type DovecotServer, startDovecot, tempDir } from "@tamis/testkit";
import { sections } from "../src/config.ts";
import { examineMailbox } from "../src/doctor.ts";
import { silentLog } from "./silent-log.ts";

const dir = tempDir("tamis-doctor-test");
after(() => dir.remove());

/** What the doctor finds wrong at this server; `imap`: lines of that section that replace the right ones. */
async function faultsAt(
  dovecot: DovecotServer,
  imap: Readonly<Record<string, string>> = {},
  more = "",
): Promise<readonly Finding[]> {
  const lines = {
    host: "127.0.0.1",
    port: String(dovecot.imapsPort),
    tls: "implicit",
    ca_file: dovecot.ca,
    sign_in: "{ method: master, user: proxy, password: masterpw }",
    ...imap,
  };
  const section = Object.entries(lines).map(([key, value]) => (value === "" ? "" : `  ${key}: ${value}\n`));
  const path = join(dir.path, "tamis.yaml");
  writeFileSync(
    path,
    `state_dir: .\nimap:\n${section.join("")}accounts: { list: [{ address: anna@ac.test }] }\n${more}`,
    {
      mode: 0o600,
    },
  );
  const settings = loadSettings(path, sections);
  const findings = await examineMailbox({
    settings,
    log: silentLog,
    bus: null,
    signal: AbortSignal.timeout(30_000),
  });
  return findings.filter(({ ok }) => !ok);
}

describe("the doctor of mailbox names what is wrong with its mend", () => {
  const servers: DovecotServer[] = [];
  const start = async (options?: DovecotOptions): Promise<DovecotServer> => {
    const server = await startDovecot(options);
    servers.push(server);
    return server;
  };
  let dovecot: DovecotServer;
  before(async () => {
    dovecot = await start();
  });
  after(async () => {
    for (const server of servers) await server.stop();
  });

  it("watched folders that are not there, and what a server without CONDSTORE cannot tell", async () => {
    const folders = (named: string): string =>
      `imapsieve: { folders: [${named}{ folder: "\\\\Junk", script: x, causes: [FLAG] }] }\n`;
    assert.deepEqual(await faultsAt(dovecot, {}, folders("")), []);
    const missing = await faultsAt(dovecot, {}, folders("{ folder: Nulle part, script: x }, "));
    assert.deepEqual(
      missing.map(({ id }) => id.replace(/^.*\./, "")),
      ["watched"],
    );
    assert.match(missing[0]?.text.en ?? "", /"Nulle part"/);
    const old = await start({
      capability: `${capabilityWithout("CONDSTORE", "QRESYNC", "NOTIFY")} IMAPSIEVE=sieve://ac.test`,
    });
    const faults = await faultsAt(old, { port: String(old.imapsPort), ca_file: old.ca }, folders(""));
    assert.deepEqual(
      faults.map(({ id }) => id.replace(/^.*\./, "")),
      ["condstore", "imapsieve"],
    );
  });

  it("nothing, where nothing is", async () => {
    assert.deepEqual(await faultsAt(dovecot), []);
  });

  const cases: readonly { name: string; imap: Readonly<Record<string, string>>; text: RegExp; mend: RegExp }[] = [
    {
      name: "a wrong password",
      imap: { sign_in: "{ method: master, user: proxy, password: wrong }" },
      text: /refuses the sign-in of account \w+: Authentication failed/,
      mend: /check `imap\.sign_in`/,
    },
    {
      name: "a self-signed certificate",
      imap: { ca_file: "" },
      text: /certificate of 127\.0\.0\.1:\d+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate\)/,
      mend: /`imap\.ca_file`/,
    },
    {
      name: "a port where nobody answers",
      imap: { port: "1" },
      text: /no IMAP server answers at 127\.0\.0\.1:1 /,
      mend: /check `imap\.host`, `imap\.port` and `imap\.tls`/,
    },
  ];
  for (const { name, imap, text, mend } of cases) {
    it(name, async () => {
      const [fault, ...others] = await faultsAt(dovecot, imap);
      assert.deepEqual(others, []);
      assert.match(fault?.text.en ?? "", text);
      assert.match(fault?.mend?.en ?? "", mend);
    });
  }

  it("a server with neither MOVE nor UIDPLUS", async () => {
    const server = await start({ capability: capabilityWithout("MOVE", "UIDPLUS") });
    const [fault] = await faultsAt(server);
    assert.match(fault?.text.en ?? "", /neither MOVE nor UIDPLUS: Tamis will move nothing/);
    assert.match(fault?.mend?.en ?? "", /enable MOVE \(RFC 6851\) or UIDPLUS \(RFC 4315\)/);
  });

  it("without MOVE but with UIDPLUS there is nothing to mend, unless drafts are to be sent later", async () => {
    const server = await start({ capability: capabilityWithout("MOVE") });
    assert.deepEqual(await faultsAt(server), []);
    const [fault, ...others] = await faultsAt(server, {}, "outbox: {}\ndrafts: { send_later: handed-over }\n");
    assert.deepEqual(others, []);
    assert.match(fault?.text.en ?? "", /no MOVE \(RFC 6851\): drafts are not sent later/);
  });

  it("drafts that nobody sends, or that can be put nowhere", async () => {
    const drafts = "drafts: { folders: [Différés, Later] }\n";
    const [unsent] = await faultsAt(dovecot, {}, drafts);
    assert.match(unsent?.text.en ?? "", /`outbox:` is not/);
    const [nowhere] = await faultsAt(dovecot, {}, `outbox: {}\n${drafts}`);
    assert.match(nowhere?.text.en ?? "", /none of the folders "Différés", "Later"/);
    await dovecot.createFolder("anna@ac.test", "Différés");
    assert.deepEqual(await faultsAt(dovecot, {}, `outbox: {}\n${drafts}`), []);
  });
});
