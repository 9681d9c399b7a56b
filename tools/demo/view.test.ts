import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { widthOf } from "./layout.ts";
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

function shown(language: "en" | "fr", screen: { isTTY?: boolean; columns?: number }): string {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  const target = view({ ...screen, write }, textsIn(language), accounts);
  target.head();
  target.mail(sighting);
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
    assert.equal(text.split("\n").length, 3);
    assert.match(text, /Circulaire n° 120 : préparation/);
  });

  for (const language of ["en", "fr"] as const) {
    it(`opens within 80 columns (${language})`, () => {
      const stack = {
        clientPort: 20_143,
        configFile: ".tamis/demo/tamis.yaml",
        logFile: ".tamis/demo/services.log",
        servicePorts: { mailbox: 40_001, filter: 40_002 },
        dovecot: { password: "pw" },
      };
      const text = opening({ stack, accounts, texts: textsIn(language), language, columns: 80 });
      for (const line of text.split("\n")) assert.ok(widthOf(line) <= 80, `${widthOf(line)}: ${line}`);
      for (const { local } of accounts) assert.ok(text.includes(local), local);
    });
  }
});
