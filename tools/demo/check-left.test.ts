import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ListedSending } from "@tamis/contracts";
import { checkLeft } from "./check-left.ts";
import { samples } from "./mails.ts";
import { school } from "./school.ts";
import { textsIn } from "./texts.ts";

type Ledgers = ReadonlyMap<string, readonly ListedSending[]>;

const accounts = school();

/** What is right: each sending once, accepted. */
function rightLedgers(): Map<string, readonly ListedSending[]> {
  const sendingsOf = (local: string): readonly ListedSending[] =>
    samples.flatMap(({ to, want: { leaves } }, at) =>
      to === local && leaves !== undefined
        ? [
            {
              id: `${at}`,
              mailId: "m",
              ...leaves,
              state: "accepted",
              attempts: 1,
              storedAt: 0,
              nextAt: null,
              reply: null,
            },
          ]
        : [],
    );
  return new Map(accounts.map(({ id, local }) => [id, sendingsOf(local)]));
}

async function checked(ledgers: Ledgers) {
  const said: string[] = [];
  const request = async (_subject: string, payload: Uint8Array) => {
    const { accountId } = JSON.parse(Buffer.from(payload).toString());
    const answer = { kind: "listed", sendings: ledgers.get(accountId) };
    return { payload: Buffer.from(JSON.stringify(answer)), header: () => undefined };
  };
  const { signal } = new AbortController();
  const view = { print: (text: string) => void said.push(text) };
  const tally = await checkLeft({ bus: { request }, accounts, view, texts: textsIn("en"), signal }, 20);
  return { ...tally, said };
}

describe("checkLeft", () => {
  const emily = accounts.find(({ local }) => local === "emily.watson");
  assert.ok(emily);
  const replies = rightLedgers().get(emily.id) ?? [];
  const wanted = [...rightLedgers().values()].flat().length;

  it("is content with each sending, once", async () => {
    assert.ok(wanted > 2 && replies.length === 1);
    assert.deepEqual(await checked(rightLedgers()), { right: wanted, all: wanted, said: [] });
  });

  const wrong: ReadonlyArray<readonly [name: string, ledger: readonly ListedSending[], all: number, found: RegExp]> = [
    ["nothing left", [], wanted, /found nothing$/],
    ["a sender is answered twice", [...replies, ...replies], wanted + 1, /found (automatic reply → [^,]+)(, \1)$/],
    ["one is still under way", replies.map((one) => ({ ...one, state: "deferred" as const })), wanted, /\(deferred\)$/],
  ];
  for (const [name, ledger, all, found] of wrong)
    it(`tells that ${name}`, async () => {
      const { said, ...tally } = await checked(rightLedgers().set(emily.id, ledger));
      assert.deepEqual(tally, { right: wanted - 1, all });
      assert.match(said.join("\n"), found);
    });

  it("tells what was not to leave at all", async () => {
    const paul = accounts.find(({ local }) => local === "paul.girard");
    assert.ok(paul);
    const { right, all, said } = await checked(rightLedgers().set(paul.id, replies));
    assert.deepEqual([right, all, said.length], [wanted, wanted + 1, 1]);
  });
});
