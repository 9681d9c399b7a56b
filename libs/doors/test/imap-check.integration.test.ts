import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Account, DoorImapSettings } from "@tamis/kit";
import { type DovecotServer, startDovecot, TokenIssuer } from "@tamis/testkit";
import { imapCheck } from "../src/imap-check.ts";

const account = (id: string): Account => ({ id, address: `${id}@example.org`, user: `${id}@example.org`, mode: "act" });

describe("imapCheck", { timeout: 60_000 }, () => {
  const issuer = new TokenIssuer();
  let dovecot: DovecotServer;
  const trouble: string[] = [];
  const check = (more: Partial<DoorImapSettings> = {}) =>
    imapCheck(
      {
        host: "localhost",
        port: dovecot.imapsPort,
        tls: "implicit",
        verify_certificate: true,
        ca_file: dovecot.ca,
        sign_in: { method: "master", separator: "*" },
        ...more,
      },
      { timeoutMs: 5_000, onTrouble: ({ code }) => trouble.push(code) },
    );

  before(async () => {
    dovecot = await startDovecot({ users: ["anna@example.org", "bob@example.org"], config: issuer.config });
  });
  after(async () => {
    await dovecot.stop();
    issuer[Symbol.dispose]();
  });

  for (const [name, more] of [
    ["implicit TLS", {}],
    ["STARTTLS", { tls: "starttls" }],
    ["no TLS", { tls: "none", ca_file: undefined }],
  ] as const)
    it(`knows right from wrong over ${name}`, async () => {
      const { check: ask } = check(
        "tls" in more ? { ...more, port: dovecot.imapPort, ca_file: more.tls === "none" ? undefined : dovecot.ca } : {},
      );
      assert.equal(await ask(account("anna"), { kind: "password", password: "pw" }), "right");
      assert.equal(await ask(account("anna"), { kind: "password", password: "pw " }), "wrong");
      assert.equal(await ask(account("nobody"), { kind: "password", password: "pw" }), "wrong");
    });

  it("passes on a password of any characters as it is", async () => {
    for (const password of ['"', "\\", "{3}", "é€", "\r\n", "a b", "*", "'", "$(x)"])
      assert.equal(await check().check(account("anna"), { kind: "password", password }), "wrong");
  });

  it("takes neither a certificate it does not know nor a server that is away for a no", async () => {
    trouble.length = 0;
    const right = { kind: "password", password: "pw" } as const;
    assert.equal(await check({ ca_file: undefined }).check(account("anna"), right), "unavailable");
    assert.equal(await check({ port: dovecot.lmtpPort }).check(account("anna"), right), "unavailable");
    assert.equal(await check({ port: 1 }).check(account("anna"), right), "unavailable");
    assert.equal(trouble.length, 3);
  });

  it("is not fooled by a server that lets everybody in", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write("* PREAUTH [CAPABILITY IMAP4rev1] come in\r\n");
      socket.on("data", (data) => {
        for (const line of data.toString().split("\r\n").filter(Boolean))
          socket.write(`* CAPABILITY IMAP4rev1\r\n${line.split(" ")[0]} OK done\r\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const { check: ask } = check({ host: "127.0.0.1", port, tls: "none", ca_file: undefined });
    assert.equal(await ask(account("anna"), { kind: "password", password: "anything" }), "unavailable");
    await new Promise((resolve) => server.close(resolve));
  });

  it("asks whether the server takes tokens, and has it check them", async () => {
    const imap = check();
    assert.equal(imap.takesTokens, false);
    assert.equal(await imap.probe(), true);
    assert.equal(imap.takesTokens, true);
    const anna = issuer.token("anna@example.org");
    assert.equal(await imap.check(account("anna"), { kind: "token", token: anna }), "right", dovecot.logs());
    assert.equal(await imap.check(account("bob"), { kind: "token", token: anna }), "wrong");
    const old = issuer.token("anna@example.org", 1_200_000);
    assert.equal(await imap.check(account("anna"), { kind: "token", token: old }), "wrong");
    assert.equal(await check({ port: 1 }).probe(), false);
  });

  it("sees that a server takes none", async () => {
    await using plain = await startDovecot();
    const imap = check({ port: plain.imapsPort, ca_file: plain.ca });
    assert.equal(await imap.probe(), true);
    assert.equal(imap.takesTokens, false);
  });
});
