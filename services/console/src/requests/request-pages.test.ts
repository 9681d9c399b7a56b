import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { ReceiptRequestLine, ReceiptsAnswer } from "@tamis/contracts";
import { anna, bob, eve, Visit } from "../../test/visit.ts";

const line = (more: Partial<ReceiptRequestLine> = {}): ReceiptRequestLine => ({
  id: "12",
  mailId: "e1/0/1/1",
  to: ["<recteur>@example.org"],
  messageId: "<x@example.org>",
  at: 0,
  state: "asking",
  reason: "policy",
  meaning: "its owner decides",
  since: 0,
  ...more,
});

describe("the receipts that others ask for", () => {
  let visit: Visit;
  let token: string;
  let requests: readonly ReceiptRequestLine[];
  let answered: ReceiptsAnswer;
  beforeEach(async () => {
    visit = new Visit();
    requests = [line(), line({ id: "11", state: "sent", reason: null, meaning: null })];
    answered = { kind: "answered", state: "settling" };
    visit.receipts = (ask) => {
      if (ask.op === "policy") return { kind: "policy", chosen: ask.choose ?? null, effective: ask.choose ?? "ask" };
      return ask.op === "answer" ? answered : { kind: "requests", requests, next: "11" };
    };
    await visit.signIn(eve.address);
    token = await visit.token("/receipts");
    visit.askedReceipts.splice(0);
  });
  const show = async (path: string): Promise<string> =>
    (await visit.request(path, { headers: { "accept-language": "en" } })).text();

  it("are shown to whoever is asked, sender or not, those to decide on first", async () => {
    const text = await show("/receipts");
    assert.match(text, /&lt;recteur&gt;@example\.org/);
    assert.doesNotMatch(text, /<recteur>|its owner decides|<script/);
    assert.equal(text.match(/action="\/receipts\/12"/g)?.length, 1);
    assert.doesNotMatch(text, /action="\/receipts\/11"/);
    assert.match(text, /href="\/receipts\?state=asking&(?:amp;)?after=11"/);
    const asked = { as: "owner", accountId: "e1", language: "en" };
    assert.deepEqual(visit.askedReceipts, [
      { op: "requests", ...asked, limit: 50, states: ["asking"] },
      { op: "policy", ...asked },
    ]);
    await show("/receipts?state=all&after=11");
    assert.deepEqual(visit.askedReceipts[2], { op: "requests", ...asked, limit: 50, after: "11" });
  });

  for (const [answer, state, want] of [
    ["send", "settling", "The receipt is sent."],
    ["send", "waiting", "The receipt is sent as soon as you have read the mail."],
    ["refuse", "refusing", "It is refused"],
  ] as const)
    it(`are answered: ${answer}, ${state}`, async () => {
      answered = { kind: "answered", state };
      const response = await visit.post("/receipts/12", { token, answer });
      assert.equal(response.status, 303);
      assert.deepEqual(visit.askedReceipts, [
        { op: "answer", as: "owner", accountId: "e1", language: "fr", request: "12", answer },
      ]);
      assert.ok((await show(response.headers.get("location") ?? "")).includes(want));
    });

  it("are answered once: what is settled is told on the page", async () => {
    answered = { kind: "refused", code: "settled", reason: "it is settled already" };
    const response = await visit.post("/receipts/12", { token, answer: "send" });
    assert.equal(response.status, 409);
    assert.match(await response.text(), /role="alert"><p>it is settled already<[\s\S]*recteur/);
    answered = { kind: "refused", code: "missing", reason: "no such request" };
    assert.equal((await visit.post("/receipts/13", { token, answer: "send" })).status, 404);
  });

  it("have a policy that is chosen, and taken back", async () => {
    assert.match(
      await show("/receipts"),
      /id="policy-usual" value="usual" checked>[\s\S]*as usual here: I decide on each</,
    );
    for (const [policy, choose] of [
      ["inside", "inside"],
      ["usual", null],
    ] as const) {
      visit.askedReceipts.splice(0);
      assert.equal(
        (await visit.post("/receipts/policy", { token, policy })).headers.get("location"),
        "/receipts?done=policy",
      );
      assert.deepEqual(visit.askedReceipts, [{ op: "policy", as: "owner", accountId: "e1", language: "fr", choose }]);
    }
  });

  it("say who wrote which mail, and who else would learn that it was read", async () => {
    requests = [
      line({ sender: "Le recteur <RECTEUR@example.org>", subject: "Conseil <b>", to: ["recteur@example.org"] }),
      line({ id: "11", sender: "Eve <eve@evil.example>", to: ["recteur@example.org"] }),
      line({ id: "10", to: ["old@example.org"] }),
    ];
    const text = await show("/receipts");
    assert.match(text, /id="who-12">Le recteur &lt;RECTEUR@example\.org&gt;<\/bdi><\/th>/);
    assert.match(text, /id="what-12">Conseil &lt;b&gt;</);
    assert.match(text, /id="who-11">Eve [^<]*<\/bdi><p class="hint">the receipt goes to recteur@example\.org</);
    assert.match(text, /id="what-11">\(no subject\)</);
    // Asked for before subjects were kept.
    assert.match(text, /id="who-10">old@example\.org<[\s\S]*id="what-10"></);
  });

  it("are answered by no other site, and by no form without its token", async () => {
    for (const [path, form, headers] of [
      ["/receipts/12", { answer: "send" }, {}],
      ["/receipts/12", { token, answer: "send" }, { origin: "https://evil.example" }],
      ["/receipts/policy", { token: "x", policy: "always" }, {}],
    ] as const)
      assert.equal((await visit.post(path, form, headers)).status, 403, path);
    assert.equal((await visit.post("/receipts/12", { token, answer: "explode" })).status, 400);
    assert.deepEqual(visit.askedReceipts, []);
  });

  it("are no matter of those whose mail program answers: nothing is asked for them", async () => {
    await visit.signIn(bob.address);
    assert.match(await show("/receipts"), /Your own mail program answers/);
    assert.deepEqual(visit.askedReceipts, []);
    assert.match(await show("/"), /There is nothing to do here for you/);
  });

  it("are not there where `receipts` does not run", async () => {
    const other = new Visit({ followsReceipts: false });
    await other.signIn(eve.address);
    assert.equal((await other.request("/receipts")).status, 404);
  });

  it("are where somebody begins who writes no circulars", async () => {
    assert.equal((await visit.request("/")).headers.get("location"), "/receipts");
    await visit.signIn(anna.address);
    assert.equal((await visit.request("/")).headers.get("location"), "/circulars");
  });
});
