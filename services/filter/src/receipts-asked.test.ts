import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BatchHead, RECEIPT_ASKED, SEEN_UNREAD } from "@tamis/contracts";
import { decideOne, fresh, loaded, OLD, type WorldOptions } from "../test/plain-world.ts";

const TAMIS = { receipts: { means: "yes", policy: "inside" } } satisfies Partial<BatchHead>;
const text = fresh("Subject: x", "Message-ID: <m@example.net>", "Disposition-Notification-To: bob@example.net");
const decide = (options: WorldOptions = {}, head: Partial<BatchHead> = TAMIS, flags: string[] = []) =>
  decideOne(options, { text, meta: { flags } }, head);
type Made = Awaited<ReturnType<typeof decide>>;
const flagsOf = ({ command }: Made): readonly string[] => {
  const { destination } = command().decisions[0]?.plan ?? assert.fail();
  return destination.kind === "discard" ? [] : destination.addFlags;
};
const rules = (script: string) => ({ script: loaded(script) });

describe("a mail that asks for a receipt", () => {
  it("is told of and marked, where Tamis answers for its account", async () => {
    const made = await decide();
    const [{ fact, id } = assert.fail()] = made.asked;
    assert.deepEqual(
      [fact.accountId, fact.fingerprint, fact.means, fact.policy, fact.request.to, fact.request.returnPath],
      ["a1", "1".padStart(16, "0"), "yes", "inside", ["bob@example.net"], "bob@example.net"],
    );
    assert.equal(id, `${fact.mailId}/receipt-asked`);
    assert.deepEqual([made.destination(), flagsOf(made)], ["stay", [RECEIPT_ASKED]]);
  });

  it("goes where rules send it, marked there; what they discard is not told of", async () => {
    const moved = await decide(rules('require ["fileinto", "imap4flags"]; fileinto :flags "$x" "Heads";'));
    assert.deepEqual([moved.destination(), flagsOf(moved), moved.asked.length], ["Heads", ["$x", RECEIPT_ASKED], 1]);
    const discarded = await decide(rules("discard;"));
    assert.deepEqual([discarded.destination(), discarded.asked], ["discard", []]);
    const changed = await decide(rules('require "editheader"; addheader "X-A" "b";'));
    assert.deepEqual([flagsOf(changed), changed.asked], [[], []]);
  });

  it("is only told of where its server does not let it be answered", async () => {
    const made = await decide({}, { receipts: { means: "no-condstore" } });
    assert.deepEqual([made.asked[0]?.fact.means, flagsOf(made)], ["no-condstore", []]);
  });

  it("seen by whomever, or by a rule, is not read: a mark beside \\Seen says so", async () => {
    const byRule = await decide(rules('require "imap4flags"; keep :flags "\\\\Seen";'));
    assert.deepEqual(flagsOf(byRule), ["\\Seen", RECEIPT_ASKED, SEEN_UNREAD]);
    assert.deepEqual(flagsOf(await decide({}, TAMIS, ["\\Seen"])), [RECEIPT_ASKED, SEEN_UNREAD]);
    const stored = { ...TAMIS, purpose: "apply", sortId: "r" } as const;
    const later = await decide(rules('require "imap4flags"; keep :flags ["\\\\Seen", "$own"];'), stored, ["$own"]);
    assert.deepEqual([flagsOf(later), later.asked], [["\\Seen", SEEN_UNREAD], []]);
  });

  const quiet: readonly (readonly [string, Partial<BatchHead>, string[]])[] = [
    ["the owner's program answers", {}, []],
    ["observe", { ...TAMIS, mode: "observe" }, []],
    ["tamis sort", { ...TAMIS, purpose: "sort" }, []],
    ["an event", { ...TAMIS, purpose: "event" }, []],
    ["settled already", TAMIS, ["$mdnsent"]],
  ];
  for (const [name, head, flags] of quiet)
    it(`is nobody's matter: ${name}`, async () => {
      const made = await decide({}, head, flags);
      assert.deepEqual([made.asked, flagsOf(made)], [[], []]);
    });

  it("that is old answers nobody", async () => {
    const made = await decideOne({}, { text, ...OLD }, TAMIS);
    assert.deepEqual([made.asked, flagsOf(made)], [[], []]);
  });

  it("$MDNSent is never taken away by rules", async () => {
    const made = await decide(rules('require "imap4flags"; keep :flags "$x";'), {}, ["$MDNSent", "$y"]);
    const { destination } = made.command().decisions[0]?.plan ?? assert.fail();
    assert.deepEqual(destination, { kind: "stay", addFlags: ["$x"], removeFlags: ["$y"] });
  });
});
