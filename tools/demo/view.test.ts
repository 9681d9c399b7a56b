import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { widthOf } from "./layout.ts";
import type { Departure } from "./ledger.ts";
import { makeMail, stampOf } from "./mails/sample.ts";
import { samples } from "./mails.ts";
import { opening } from "./opening.ts";
import { school } from "./school.ts";
import { textsIn } from "./texts.ts";
import type { Sighting } from "./tracker.ts";
import { view } from "./view.ts";

const accounts = school();
const [account] = accounts;
const [sample] = samples;
assert.ok(account && sample);

const sighting: Sighting = {
  accountId: account.id,
  mail: makeMail(sample, stampOf(0, "t", new Date("2026-11-23T08:00:00Z"))),
  decided: {
    mailId: `${account.id}/00000000/1/1`,
    at: 0,
    rule: "Circulaires du rectorat, de l'inspection et d'ailleurs",
    line: 3,
    plan: { copies: [], destination: { kind: "stay", addFlags: [], removeFlags: [] } },
    trace: [],
    durationMs: 1,
  },
  applied: {
    mailId: `${account.id}/00000000/1/1`,
    result: "moved",
    folder: "Établissement/Élèves/Circulaires et notes de service",
    seenAt: 0,
    fetchedAt: 0,
    receivedByFilterAt: 0,
    decidedAt: 0,
    appliedAt: 31,
  },
  ownMs: 31,
  wholeMs: 540,
};

const departure: Departure = {
  accountId: account.id,
  sending: {
    id: "1",
    mailId: `${account.id}/00000000/1/1`,
    kind: "vacation",
    to: "quelqu'un.dont.l.adresse.est.longue@un-college.example",
    state: "accepted",
    attempts: 1,
    storedAt: 0,
    nextAt: null,
    reply: "250 OK",
  },
  at: 140,
};

function shown(language: "en" | "fr", screen: { isTTY?: boolean; columns?: number }): string {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  const target = view({ ...screen, write }, textsIn(language), accounts);
  target.head();
  target.mail(sighting);
  target.departure(departure);
  target.end();
  return text;
}

describe("the view", () => {
  for (const language of ["en", "fr"] as const) {
    for (const columns of [40, 80, 160]) {
      it(`never exceeds ${columns} columns (${language})`, () => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what erases the status line takes no columns
        const lines = shown(language, { isTTY: true, columns }).split(/\n|\r\u001b\[2K/);
        for (const line of lines) assert.ok(widthOf(line) < columns, `${widthOf(line)}: ${line}`);
      });
    }
  }

  it("writes plain lines, and no status line, where there is no terminal", () => {
    const text = shown("en", {});
    assert.ok(!text.includes("\u001b"));
    assert.equal(text.split("\n").length, 4);
    assert.match(text, /automatic reply +→ accepted: quelqu'un\.dont\.l.* 140 +250 OK/);
    assert.match(text, /Circulaire n° 120 : préparation/);
  });

  for (const language of ["en", "fr"] as const) {
    it(`opens within 80 columns (${language})`, () => {
      const stack = {
        clientPort: 20_143,
        consolePort: 20_180,
        configFile: ".tamis/demo/tamis.yaml",
        logFile: ".tamis/demo/services.log",
        servicePorts: {
          sorter: 40_001,
          outbox: 40_003,
          receipts: 40_006,
          scripts: 40_004,
          console: 40_005,
        },
        sieve: { port: 20_190, certFile: ".tamis/demo/sieve.pem" },
        dovecot: { password: "pw" },
      };
      const text = opening({ stack, accounts, texts: textsIn(language), language, columns: 80 });
      for (const line of text.split("\n")) assert.ok(widthOf(line) <= 80, `${widthOf(line)}: ${line}`);
      for (const { local } of accounts) assert.ok(text.includes(local), local);
    });
  }
});
