import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { connect } from "node:tls";
import { capabilityWithout, type DovecotOptions, openImap, startDovecot, waitFor } from "@tamis/testkit";

const USER = "claire.martin@lycee.example";
const mail = (id: string): string => `Message-ID: <${id}@lycee.example>\nSubject: essai ${id}\n\nBonjour\n.\n`;

describe("startDovecot", async () => {
  const dovecot = await startDovecot();
  after(() => dovecot.stop());

  it("delivers by LMTP, over one connection, and tells when", async () => {
    const before = Date.now();
    const [first, second] = await Promise.all([dovecot.deliver(USER, mail("1")), dovecot.deliver(USER, mail("2"))]);
    assert.ok(first.acceptedAtMs >= before - 1 && second.acceptedAtMs >= first.acceptedAtMs);
    assert.equal(dovecot.logs().match(/lmtp.*Connect from/g)?.length, 1);
    const listed = await dovecot.listAll(USER);
    assert.deepEqual(
      listed.map(({ folder, uid, messageId }) => [folder, uid, messageId]),
      [
        ["INBOX", 1, "<1@lycee.example>"],
        ["INBOX", 2, "<2@lycee.example>"],
      ],
    );
    assert.match((await dovecot.readMail(USER, "INBOX", 1)).toString(), /Bonjour\r\n\.\r\n$/);
  });

  it("appends fast, with folder, date and flags", async () => {
    const user = "append@lycee.example";
    const internalDate = new Date("2024-02-29T12:34:56Z");
    const raw = Array.from({ length: 250 }, (_, i) => mail(`a${i}`));
    await dovecot.appendFast(user, raw, { folder: "Élèves/R&D", internalDate, flags: ["\\Seen", "$Label1"] });
    const listed = await dovecot.listAll(user);
    assert.equal(listed.length, 250);
    const last = {
      folder: "Élèves/R&D",
      uid: 250,
      messageId: "<a249@lycee.example>",
      flags: ["\\Seen", "$Label1"],
      internalDate,
    };
    assert.deepEqual(listed.at(-1), last);
  });

  it("lets the master user in for anybody, and nobody with a wrong password", async () => {
    const { imapPort, masterSeparator, masterUser, masterPassword } = dovecot;
    const imap = await openImap(imapPort, `${USER}${masterSeparator}${masterUser}`, masterPassword);
    const { untagged } = await imap.command("STATUS INBOX (MESSAGES)");
    assert.equal(untagged[0]?.text, "* STATUS INBOX (MESSAGES 2)");
    imap.close();
    const refused = performance.now();
    await assert.rejects(openImap(imapPort, USER, "wrong"), /AUTHENTICATIONFAILED/);
    assert.ok(performance.now() - refused < 2_000, "not Dovecot's delay after a failure");
  });

  it("offers TLS with a certificate that its file vouches for", async () => {
    const socket = connect({ port: dovecot.imapsPort, host: "localhost", ca: readFileSync(dovecot.ca) });
    await once(socket, "secureConnect");
    assert.equal(socket.authorized, true);
    socket.destroy();
  });

  it("has special-use folders and an observer", async () => {
    const imap = await dovecot.imap(USER);
    const uses = (await imap.list()).map((folder) => folder.specialUse).filter(Boolean);
    assert.deepEqual(uses.sort(), ["\\Archive", "\\Drafts", "\\Inbox", "\\Junk", "\\Sent", "\\Trash"]);
    await imap.logout();
  });

  it("survives kill -9 with ports and mail", async () => {
    await dovecot.kill();
    await assert.rejects(dovecot.deliver(USER, mail("lost")));
    await dovecot.restart();
    await dovecot.deliver(USER, mail("3"));
    assert.equal((await dovecot.listAll(USER)).length, 3);
  });

  it("does not wait for the locks of a process that was killed, in a folder neither", async () => {
    const list = globSync("**/dovecot-uidlist", { cwd: dovecot.dir })[0] ?? assert.fail("no list of UIDs");
    const inbox = join(dovecot.dir, dirname(list));
    await dovecot.appendFast(USER, [mail("4")], { folder: "Junk" });
    await dovecot.kill();
    const locks = ["dovecot-uidlist.lock", ".Junk/dovecot-uidlist.lock", ".Junk/dovecot.index.log.newlock"];
    for (const name of locks) writeFileSync(join(inbox, name), "");
    await dovecot.restart();
    assert.deepEqual(
      locks.filter((name) => existsSync(join(inbox, name))),
      [],
    );
    await dovecot.deliver(USER, mail("5"));
    assert.equal((await dovecot.listAll(USER)).length, 5);
  });
});

describe("replaceFolder", () => {
  for (const format of ["maildir", "mdbox", "sdbox"] as const) {
    it(`gives new UIDs from 1 under a new UIDVALIDITY (${format})`, async () => {
      await using dovecot = await startDovecot({ format });
      for (const folder of ["INBOX", "Été"]) {
        const user = `${folder === "INBOX" ? "inbox" : "other"}@lycee.example`;
        await dovecot.appendFast(user, [mail("1"), mail("2"), mail("3")], { folder });
        await dovecot.appendFast(user, [mail("4")], { folder });
        const before = await dovecot.uidValidity(user, folder);
        const session = await openImap(dovecot.imapPort, user, "pw");
        await session.command(`SELECT ${folder === "INBOX" ? "INBOX" : '"&AMk-t&AOk-"'}`);
        const after = await dovecot.replaceFolder(user, folder);
        assert.ok(after > before, `${after} > ${before}`);
        const listed = (await dovecot.listAll(user)).map(({ uid, messageId }) => `${uid} ${messageId}`);
        assert.deepEqual(
          listed,
          [4, 3, 2, 1].map((id, i) => `${i + 1} <${id}@lycee.example>`),
        );
        await assert.rejects(session.command("NOOP"), /closed/);
      }
    });
  }

  it("changes UIDVALIDITY alone", async () => {
    await using dovecot = await startDovecot();
    await dovecot.deliver(USER, mail("1"));
    const before = await dovecot.uidValidity(USER, "INBOX");
    assert.equal(await dovecot.setUidValidity(USER, "INBOX"), before + 1);
    assert.equal(await dovecot.uidValidity(USER, "INBOX"), before + 1);
    assert.equal(await dovecot.setUidValidity(USER, "INBOX", before + 9), before + 9);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ESRCH");
    return false;
  }
}

describe("options of startDovecot", () => {
  const during = async (
    options: DovecotOptions,
    work: (dovecot: Awaited<ReturnType<typeof startDovecot>>) => Promise<void>,
  ) => {
    await using dovecot = await startDovecot(options);
    await work(dovecot);
    assert.doesNotMatch(dovecot.logs(), /Warning|Error|Fatal/);
  };

  it("users: refuses all others, by name", () =>
    during({ users: [USER] }, async (dovecot) => {
      await dovecot.deliver(USER, mail("1"));
      await assert.rejects(dovecot.deliver("nobody@lycee.example", mail("2")), /<nobody@lycee.example>: 550/);
      await dovecot.deliver(USER, mail("3"));
      await assert.rejects(openImap(dovecot.imapPort, "nobody@lycee.example", "pw"), /AUTHENTICATIONFAILED/);
      assert.equal((await dovecot.listAll(USER)).length, 2);
    }));

  it("quota: refuses what is too much", () =>
    during({ quota: "10k" }, async (dovecot) => {
      await assert.rejects(dovecot.deliver(USER, mail("big") + "x\n".repeat(9_000)), /552 5\.2\.2/);
      await dovecot.deliver(USER, mail("small"));
      const imap = await openImap(dovecot.imapPort, USER, "pw");
      const { untagged } = await imap.command("GETQUOTAROOT INBOX");
      assert.match(untagged.map(({ text }) => text).join("\n"), /STORAGE \d+ 10/);
      imap.close();
    }));

  it("capability: hides what is not to be seen", () =>
    during({ capability: capabilityWithout("MOVE", "UIDPLUS") }, async (dovecot) => {
      const imap = await openImap(dovecot.imapPort, USER, "pw");
      const { untagged } = await imap.command("CAPABILITY");
      assert.match(untagged[0]?.text ?? "", /^\* CAPABILITY IMAP4rev1 (?!.*\b(MOVE|UIDPLUS)\b).*SPECIAL-USE$/);
      imap.close();
    }));

  it("capabilityWithout() is the truth", () =>
    during({}, async (dovecot) => {
      const imap = await openImap(dovecot.imapPort, USER, "pw");
      const { untagged } = await imap.command("CAPABILITY");
      assert.equal(untagged[0]?.text, `* CAPABILITY ${capabilityWithout()}`);
      imap.close();
    }));

  it("tls: false closes the imaps port and offers no STARTTLS", () =>
    during({ tls: false }, async (dovecot) => {
      const socket = connect({ port: dovecot.imapsPort, host: "127.0.0.1", rejectUnauthorized: false });
      const [error] = await once(socket, "error");
      assert.equal(error.code, "ECONNREFUSED");
    }));

  it("hibernate: an idle connection leaves its process and still hears of mail", () =>
    during({ hibernate: "1s", config: "verbose_proctitle = yes" }, async (dovecot) => {
      const imap = await dovecot.imap(USER);
      await imap.mailboxOpen("INBOX");
      const heard = once(imap, "exists");
      void imap.idle();
      const who = () => dovecot.doveadm("process", "status", "imap-hibernate");
      await waitFor(async () => /\bimap-hibernate\b/.test(await who()), {
        timeoutMs: 30_000,
        describe: `hibernation (it needs a free inotify instance); log:\n${dovecot.logs()}`,
      });
      await dovecot.deliver(USER, mail("1"));
      await heard;
      imap.close();
    }));

  it("mailLog: tells every change with its time", () =>
    during({ mailLog: true }, async (dovecot) => {
      await dovecot.deliver(USER, mail("1"));
      const imap = await openImap(dovecot.imapPort, USER, "pw");
      await imap.command("SELECT INBOX");
      await imap.command("UID MOVE 1 Trash");
      imap.close();
      const lines = await waitFor(() => dovecot.logs().match(/^.*\b(save|copy from INBOX|expunge): box=.*$/gm));
      assert.equal(lines.length, 3);
      for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} .*msgid=<1@lycee\.example>/);
    }));

  it("leaves nothing behind", async () => {
    const dovecot = await startDovecot();
    const { pid = 0, dir } = dovecot;
    await dovecot.imap(USER);
    await dovecot.stop();
    // Killed processes go when the kernel has cleaned up after them.
    await waitFor(() => !isRunning(-pid), { timeoutMs: 10_000, describe: "the end of all its processes" });
    assert.equal(existsSync(dir), false);
  });
});
