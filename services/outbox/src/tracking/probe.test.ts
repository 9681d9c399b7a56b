import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recipientsTracked } from "@tamis/contracts";
import { readMessage, readReport } from "@tamis/message";
import { readToken, type TokenKeys, tokensIn } from "@tamis/tokens";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import { type ProbeDeps, probeReceipts } from "./probe.ts";

const keys: TokenKeys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const settings = { address: "retours@academie.example", separator: "+", domain: undefined };

/** A system in which reports come back, except as `more` says. */
function system(more: Partial<ProbeDeps> = {}) {
  let [clock, told, arrived] = [0, 0, 0];
  const sent: OutgoingMail[] = [];
  const deps: ProbeDeps = {
    settings,
    keys: async () => keys,
    tell: async (fact) => {
      told = recipientsTracked.schema.parse(fact).recipients.length;
    },
    send: async (mail) => {
      sent.push(mail);
      arrived = clock + 700;
      return null;
    },
    counts: async () => ({ recipients: told, delivered: arrived > 0 && clock >= arrived ? 1 : 0 }),
    pause: async (ms) => {
      clock += ms;
    },
    now: () => new Date(clock),
    ...more,
  };
  return { deps, sent };
}

describe("a report to ourselves", () => {
  it("is one, goes from nobody to an address with a token, and is waited for", async () => {
    const { deps, sent } = system();
    assert.deepEqual(await probeReceipts(deps), { kind: "arrived", ms: 750 });
    const [mail] = sent;
    assert.equal(mail?.from, null);
    const address = mail?.recipients[0]?.address ?? "";
    assert.match(address, /^retours\+[a-z2-7]{34}@academie\.example$/);
    assert.equal(readToken(tokensIn(address)[0] ?? "", keys), "999999999999999999");
    const report = readReport(readMessage(mail?.octets ?? Buffer.alloc(0)));
    assert.ok(report?.kind === "dsn");
    assert.deepEqual(
      report.recipients.map(({ action, finalRecipient }) => [action, finalRecipient?.address]),
      [["delivered", "doctor@academie.example"]],
    );
  });

  for (const { name, more, want } of [
    { name: "is not tried before there are keys", more: { keys: async () => null }, want: { kind: "not-tried" } },
    {
      name: "is not sent where nobody answers",
      more: { counts: async () => "silent" as const },
      want: { kind: "silent" },
    },
    {
      name: "is not sent where nothing is shown",
      more: { counts: async () => "hidden" as const },
      want: { kind: "hidden" },
    },
    { name: "is not sent where it is not taken for tracked", more: { tell: async () => {} }, want: { kind: "silent" } },
    {
      name: "may be refused by the relay",
      more: { send: async () => "550 5.1.1 no such user" },
      want: { kind: "refused", reply: "550 5.1.1 no such user" },
    },
    { name: "may be lost", more: { send: async () => null }, want: { kind: "lost" } },
  ] as const)
    it(name, async () => {
      const { deps, sent } = system(more);
      assert.deepEqual(await probeReceipts(deps), want);
      assert.deepEqual(sent, []);
    });
});
