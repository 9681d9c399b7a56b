import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BatchedMail } from "@tamis/contracts";
import { compile } from "@tamis/sieve";
import { type BatchContext, type DecideDeps, decide } from "./decide.ts";

const NOW = Date.UTC(2026, 10, 22, 10);
const refuse = (): never => assert.fail("nothing was to be asked");
const deps: DecideDeps = {
  asker: { mailboxesExist: refuse, wholeMail: refuse },
  settings: { timeZone: "Europe/Paris", addressSeparator: "+", language: "en", limits: {} },
};

function mailOf(...lines: readonly string[]): BatchedMail {
  const raw = Buffer.from(lines.join("\r\n"));
  const times = { internalDate: NOW, seenAt: NOW, fetchedAt: NOW };
  return { meta: { uid: 4, size: raw.length, flags: [], fingerprint: "f", ...times }, raw };
}

function batchOf(text: string): BatchContext {
  const compiled = compile(text);
  assert.ok(compiled.ok, "the script of this test compiles");
  return {
    head: {
      v: 1,
      accountId: "a1",
      address: "anna@example.org",
      mode: "act",
      purpose: "live",
      folder: { id: "8b9f2e1c", name: "INBOX", uidValidity: 7 },
    },
    script: { name: "main", version: "v1", program: compiled.program },
    now: NOW,
    mailboxExists: new Map(),
  };
}

describe("decide, where a script wants what nobody here does yet", () => {
  const untold = [
    'require "duplicate"; if duplicate { discard; }',
    'require ["fileinto", "special-use"]; fileinto :specialuse "\\\\Junk" "Junk";',
    'require "mboxmetadata"; if metadataexists "INBOX" "/private/x" { discard; }',
  ];
  for (const script of untold) {
    it(`keeps the mail and says that a fact is missing: ${script}`, async () => {
      const verdict = await decide(mailOf("Message-ID: <1@example.org>", "", ""), batchOf(script), deps);
      assert.equal(verdict.plan.destination.kind, "stay");
      assert.match(verdict.error ?? "", /nobody here can tell yet/);
    });
  }

  const bob = ["Return-Path: <bob@example.com>", "From: bob@example.com", "To: anna@example.org", "", ""];

  it("keeps the mail that is to be answered, and says that nothing was sent", async () => {
    const verdict = await decide(mailOf(...bob), batchOf('require "vacation"; vacation "Away";'), deps);
    assert.equal(verdict.plan.destination.kind, "stay");
    assert.match(verdict.error ?? "", /no reply was sent/);
    assert.deepEqual(verdict.trace, [{ line: 1, text: 'vacation "bob@example.com"' }]);
  });

  it("says nothing where no answer was due", async () => {
    const list = mailOf("List-Id: <l.example.org>", ...bob);
    const verdict = await decide(list, batchOf('require "vacation"; vacation "Away";'), deps);
    assert.equal(verdict.error, undefined);
    assert.deepEqual(verdict.trace, [{ line: 1, text: 'vacation "list"' }]);
  });

  it("stores a mail as it came where the script changes it, and says so", async () => {
    const script = 'require ["editheader", "fileinto"]; addheader "X-A" "1"; fileinto "A";';
    const verdict = await decide(mailOf(...bob), batchOf(script), deps);
    assert.equal(verdict.plan.destination.kind, "folder");
    assert.match(verdict.error ?? "", /stored as it came/);
  });
});
