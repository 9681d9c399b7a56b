import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type DovecotServer, guardProcess, startDovecot, waitFor } from "@tamis/testkit";
import { Installation } from "./harness.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const ANNA = "anna@example.org";
const SCRIPT = `require ["fileinto", "mailbox"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; }
`;

const mail = (subject: string): string =>
  `From: Bob <bob@example.net>\r\nTo: ${ANNA}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, "")}@example.net>\r\n\r\nhello\r\n`;

/** The command as an operator uses it: `up` beside real servers, the others one after the other. */
describe("tamis with everything running", { timeout: 240_000 }, () => {
  const site = new Installation();
  let dovecot: DovecotServer | undefined;
  let up: ChildProcess | undefined;
  let said = "";
  const server = (): DovecotServer => dovecot ?? assert.fail("not started");
  /** How many mails are in each folder. */
  const places = async (): Promise<Readonly<Record<string, number>>> => {
    const counts: Record<string, number> = {};
    for (const { folder } of await server().listAll(ANNA)) counts[folder] = (counts[folder] ?? 0) + 1;
    return counts;
  };

  before(async () => {
    await site.open();
    dovecot = await startDovecot({ tls: false, hibernate: "1s" });
    site.write("secret", dovecot.masterPassword);
    site.write(
      "tamis.yaml",
      `nats: { servers: ["${site.nats.url}"] }
state_dir: ./state
imap: { host: 127.0.0.1, port: ${dovecot.imapPort}, tls: none, sign_in: { method: master, user: ${dovecot.masterUser}, password: { file: secret } } }
accounts: { mode: act, list: [{ address: ${ANNA} }] }
log: { level: warn }
`,
    );
    up = spawn(process.execPath, [MAIN, "up", "--config", site.config], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    guardProcess(up.pid ?? 0);
    for (const stream of [up.stdout, up.stderr]) {
      stream?.on("data", (data) => {
        said += String(data);
      });
    }
  });

  after(async () => {
    const ended = new Promise((resolve) => up?.once("close", resolve));
    up?.kill("SIGTERM");
    await ended;
    await dovecot?.stop();
    await site.close();
  });

  it("status tells when the account is idle", async () => {
    await waitFor(async () => JSON.parse((await site.tamis(["status", "--json"])).out).accounts.idle === 1, {
      timeoutMs: 90_000,
      describe: `an idle account; ${said}`,
    });
  });

  it("scripts put --activate, and a mail is where its rule says", async () => {
    const put = await site.tamis(["scripts", "put", "main", "-", "--activate", "--account", ANNA], { stdin: SCRIPT });
    assert.equal(put.code, 0, put.err);
    await server().deliver(ANNA, mail("[info] first"));
    await waitFor(async () => (await places())["Lists"] === 1, { timeoutMs: 30_000 });
  });

  it("log names rule and folder, undo moves the mail back, sort sorts it again", async () => {
    const [entry] = await waitFor(async () => {
      const lines = (await site.tamis(["log", "--account", ANNA, "--json"])).out;
      return lines.includes("moved") ? lines.split("\n").map((line) => JSON.parse(line)) : null;
    });
    assert.deepEqual([entry.decided.rule, entry.applied.result, entry.applied.folder], ["Lists", "moved", "Lists"]);
    const undo = await site.tamis(["undo", entry.mailId]);
    assert.equal(undo.code, 0, undo.err);
    assert.deepEqual(await places(), { INBOX: 1 });

    const dry = await site.tamis(["sort", "--account", ANNA, "--dry-run"]);
    assert.deepEqual([dry.code, dry.err], [0, "mails to sort: 1\nsorted: 1 (1 → Lists)"], dry.out);
    assert.deepEqual(await places(), { INBOX: 1 });
    const sort = await site.tamis(["sort", "--account", ANNA]);
    assert.deepEqual([sort.code, sort.err], [0, "mails to sort: 1\nsorted: 1 (1 moved)"], sort.out);
    assert.deepEqual(await places(), { Lists: 1 });
  });

  it("doctor finds nothing to mend", async () => {
    const run = await site.tamis(["doctor"]);
    assert.equal(run.code, 0, run.out);
  });
});
