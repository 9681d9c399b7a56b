import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { MailRead, ReceiptAsked } from "@tamis/contracts";
import { readMessage, readReport } from "@tamis/message";
import { type Store, StoreUnavailable } from "@tamis/store";
import { onRequestAsk } from "../src/answers/on-request-ask.ts";
import { pageOfRequests } from "../src/tables/request-views.ts";
import { dropRequests } from "../src/tables/request-work.ts";
import { openRequests } from "../src/tables/requests.ts";
import type { Tables } from "../src/tables/schema.ts";
import { type AnsweringDeps, answerDue, Others, START, settled } from "./others.ts";
import { openTables, places } from "./places.ts";

const DAY_MS = 86_400_000;
const at = (ms: number): Date => new Date(START + ms);

const asked = (name: string, more: Partial<ReceiptAsked> = {}): ReceiptAsked => ({
  v: 1,
  accountId: "anna",
  mailId: `anna/0/1/${name}`,
  fingerprint: name,
  at: START,
  means: "yes",
  policy: "always",
  request: {
    to: ["head@college.example"],
    returnPath: "head@college.example",
    messageId: `<${name}@college.example>`,
    finalRecipient: "anna@academie.example",
    required: [],
    subject: `About ${name}`,
  },
  ...more,
});
type Mail = MailRead["mails"][number];
const read = (name: string, more: Partial<Mail> = {}): MailRead => ({
  v: 1,
  accountId: "anna",
  mails: [{ mailId: `anna/0/1/${name}`, folder: "Heads", fingerprint: name, seen: "owner", at: START, ...more }],
});

for (const { name: place, settings } of places)
  describe(`receipts that others ask for, in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;
    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());
    beforeEach(() => store.transaction((db) => db.deleteFrom("request").execute()));

    const requests = () => openRequests(store, { policy: "ask", inside: [] }, () => undefined);
    const ask = (question: object) =>
      onRequestAsk({ accountId: "anna", as: "owner", language: "fr", limit: 10, ...question } as never, {
        requests: requests(),
        page: (page) => pageOfRequests(store, page),
        now: () => at(9),
      });
    const lines = async () => {
      const answer = await ask({ op: "requests" });
      return answer.kind === "requests" ? answer.requests : assert.fail();
    };
    const states = async () => (await lines()).map(({ state, reason }) => [state, reason].filter(Boolean).join(" "));

    it("what was read is settled first, then sent, once", async () => {
      const others = new Others();
      await requests().asked(asked("a"), at(0));
      await answerDue(others.deps(store));
      assert.deepEqual([await states(), others.asked], [["waiting"], []]);
      await requests().read(read("a"), at(1));
      await answerDue(others.deps(store));
      assert.deepEqual(others.asked, [
        {
          op: "settle-receipt",
          outcome: "sent",
          accountId: "anna",
          mailId: "anna/0/1/a",
          folder: "Heads",
          fingerprint: "a",
          messageId: "<a@college.example>",
        },
      ]);
      const [{ head, raw } = assert.fail()] = others.submitted;
      const [{ from, to, kind, key } = assert.fail()] = head.sendings;
      assert.deepEqual([from, to, kind, key], [null, ["head@college.example"], "report", "mdn"]);
      assert.equal(readReport(readMessage(raw))?.kind, "mdn");
      assert.match(raw.toString(), /Subject: Read: Conseil/);
      await requests().read(read("a"), at(2));
      await requests().asked(asked("a"), at(2));
      await answerDue(others.deps(store));
      assert.deepEqual([await states(), others.submitted.length], [["sent"], 1]);
    });

    it("a receipt is in the language of whoever sends it", async () => {
      const others = new Others();
      await requests().asked(asked("a", { accountId: "eloi" }), at(0));
      await requests().read({ ...read("a"), accountId: "eloi" }, at(1));
      await answerDue(others.deps(store));
      assert.match(others.submitted[0]?.raw.toString() ?? "", /Subject: Lu : Conseil/);
    });

    it("facts in the other order come to the same", async () => {
      const others = new Others();
      await requests().read(read("a"), at(0));
      assert.deepEqual(await lines(), []);
      await requests().asked(asked("a"), at(1));
      await answerDue(others.deps(store));
      assert.deepEqual([await states(), others.asked[0]?.folder], [["sent"], "Heads"]);
    });

    it("killed anywhere: it is done again by whoever comes next, and one leaves at most", async () => {
      // What leaves the rest as it is, like a death.
      const killed = new StoreUnavailable("killed");
      const deaths = ["claim", "settle", "settled", "submit", "submitted"] as const;
      for (const death of deaths) {
        await store.transaction((db) => db.deleteFrom("request").execute());
        const others = new Others();
        await requests().asked(asked("a"), at(0));
        await requests().read(read("a"), at(0));
        const deps = others.deps(store);
        const dying: AnsweringDeps = {
          ...deps,
          settle: async (one) => {
            if (death === "claim") throw killed;
            const answer = await deps.settle(one);
            if (death === "settle") throw killed;
            return answer;
          },
          submit: async (head, bodies) => {
            if (death === "settled") throw killed;
            const answer = await deps.submit(head, bodies);
            if (death === "submit") throw killed;
            return answer;
          },
          requests: {
            ...deps.requests,
            progress: async (due, progress, now) => {
              if (death === "submitted" && progress.state === "sent") throw killed;
              await deps.requests.progress(due, progress, now);
            },
          },
        };
        await assert.rejects(answerDue(dying), killed, death);
        await answerDue(deps);
        assert.notDeepEqual(await states(), ["sent"], `${death}: the claim of the dead holds for a while`);
        await answerDue(others.deps(store, () => START + 200_000));
        assert.deepEqual([await states(), others.left.size], [["sent"], 1], death);
      }
    });

    it("two instances at once: one receipt for each mail", async () => {
      const others = new Others();
      const names = ["a", "b", "c", "d", "e"];
      for (const name of names) {
        await requests().asked(asked(name), at(0));
        await requests().read(read(name), at(0));
      }
      await Promise.all([answerDue(others.deps(store)), answerDue(others.deps(store))]);
      assert.deepEqual([new Set(await states()), others.left.size], [new Set(["sent"]), names.length]);
      assert.deepEqual([others.asked.length, others.submitted.length], [5, 5]);
    });

    it("a mail that came twice is answered once", async () => {
      const others = new Others();
      const [one] = [asked("a")];
      await requests().asked(one, at(0));
      await requests().asked({ ...one, fingerprint: "b", mailId: "anna/0/1/b" }, at(0));
      await requests().read(read("a"), at(0));
      await requests().read(read("b"), at(0));
      await answerDue(others.deps(store));
      assert.deepEqual([await states(), others.left.size], [["sent", "sent"], 1]);
    });

    it("what mailbox finds is believed: nothing is sent, and the owner is told why", async () => {
      const results = ["elsewhere", "gone", "no-condstore", "no-keywords"] as const;
      const others = new Others();
      others.settle = (tries) => ({ kind: "receipt", result: results[tries - 1] ?? "gone" });
      for (const result of results) {
        await requests().asked(asked(result), at(0));
        await requests().read(read(result), at(results.indexOf(result)));
      }
      await answerDue(others.deps(store, () => START + 10));
      assert.deepEqual((await states()).toReversed(), [
        "elsewhere",
        "gone",
        "impossible no-condstore",
        "impossible no-keywords",
      ]);
      assert.deepEqual(others.submitted, []);
      const [line] = await lines();
      assert.match(line?.meaning ?? "", /ne garde pas de mots-clés/);
    });

    it("a server that cannot is told of before anything is read, a demand that nobody understands too", async () => {
      await requests().asked(asked("a", { means: "no-condstore" }), at(0));
      const { request } = asked("b");
      await requests().asked(asked("b", { request: { ...request, required: ["x"] } }), at(0));
      assert.deepEqual((await states()).toReversed(), ["impossible no-condstore", "impossible option-required"]);
    });

    it("who is away is asked again, ever later; what outbox refuses is told of", async () => {
      const others = new Others();
      const away = new RetryLater("away", { code: "unreachable" });
      // What nobody thought of is tried again as late.
      others.settle = (tries) => [away, new Error("odd")][tries - 1] ?? settled;
      others.submit = (tries) => (tries < 2 ? away : "refused-rate");
      await requests().asked(asked("a"), at(0));
      await requests().read(read("a"), at(0));
      const times: number[] = [];
      for (let time = 0; time <= 20_000; time += 1_000) {
        const before = others.asked.length + others.submitted.length;
        await answerDue(others.deps(store, () => START + time));
        if (others.asked.length + others.submitted.length > before) times.push(time);
      }
      assert.deepEqual(times, [0, 2_000, 6_000, 8_000]);
      assert.deepEqual([await states(), others.asked.length], [["impossible rate-limited"], 3]);
    });

    it("the owner says: by keyword, or here; once", async () => {
      const others = new Others();
      const policy = { policy: "ask" } as const;
      for (const name of ["a", "b", "c", "d"]) await requests().asked(asked(name, policy), at(0));
      await requests().read(read("a", { answer: "send" }), at(1));
      await requests().read(read("b", { seen: "no", answer: "refuse" }), at(1));
      await requests().read(read("c"), at(1));
      assert.deepEqual((await states()).toReversed(), ["settling", "refusing", "asking policy", "asking policy"]);
      const [d, c] = await lines();
      assert.deepEqual(await ask({ op: "answer", request: c?.id, answer: "send" }), {
        kind: "answered",
        state: "settling",
      });
      assert.deepEqual(await ask({ op: "answer", request: d?.id, answer: "send" }), {
        kind: "answered",
        state: "waiting",
      });
      const again = await ask({ op: "answer", request: c?.id, answer: "refuse" });
      assert.deepEqual([again.kind === "refused" && again.code], ["settled"]);
      for (const request of ["0", "99999999999", "x", c?.id ?? ""]) {
        const answer = await ask({ op: "answer", accountId: "eve", request, answer: "send" });
        assert.deepEqual([answer.kind === "refused" && answer.code], ["missing"], request);
      }
      await answerDue(others.deps(store, () => START + 10));
      assert.deepEqual((await states()).toReversed(), ["sent", "refused", "sent", "waiting"]);
      assert.deepEqual(others.asked.map(({ outcome }) => outcome).sort(), ["refused", "sent", "sent"]);
      await requests().read(read("d"), at(20));
      await answerDue(others.deps(store, () => START + 30));
      assert.equal((await states())[0], "sent");
      assert.match(others.submitted.at(-1)?.raw.toString() ?? "", /manual-action\/MDN-sent-manually; displayed/);
    });

    it("the policy that its owner chose is stronger than that of the settings", async () => {
      await requests().asked(asked("a", { policy: "inside" }), at(0));
      assert.deepEqual(await ask({ op: "policy" }), { kind: "policy", chosen: null, effective: "inside" });
      const chosen = { kind: "policy", chosen: "never", effective: "never" };
      assert.deepEqual(await ask({ op: "policy", choose: "always" }), {
        ...chosen,
        chosen: "always",
        effective: "always",
      });
      assert.deepEqual(await ask({ op: "policy", choose: "never" }), chosen);
      await requests().read(read("a"), at(1));
      assert.deepEqual(await states(), ["refusing"]);
      assert.deepEqual(await ask({ op: "policy", accountId: "eve" }), {
        kind: "policy",
        chosen: null,
        effective: "ask",
      });
      assert.deepEqual(await ask({ op: "policy", choose: null }), {
        kind: "policy",
        chosen: null,
        effective: "inside",
      });
    });

    it("is shown in pages, the newest first, to whom it belongs; and forgotten", async () => {
      for (const name of ["a", "b", "c"]) await requests().asked(asked(name, { policy: "ask" }), at(0));
      const page = await ask({ op: "requests", limit: 2 });
      assert.ok(page.kind === "requests");
      assert.deepEqual(
        page.requests.map(({ messageId, subject }) => [messageId, subject]),
        [
          ["<c@college.example>", "About c"],
          ["<b@college.example>", "About b"],
        ],
      );
      const next = await ask({ op: "requests", limit: 2, after: page.next });
      assert.deepEqual(next.kind === "requests" && [next.requests.map(({ mailId }) => mailId), next.next], [
        ["anna/0/1/a"],
        null,
      ]);
      assert.deepEqual(await ask({ op: "requests", accountId: "eve" }), { kind: "requests", requests: [], next: null });
      assert.deepEqual(await ask({ op: "requests", states: ["sent"] }), { kind: "requests", requests: [], next: null });
      await requests().read(read("a", { answer: "send" }), at(1));
      await store.transaction((db) => dropRequests(db, at(DAY_MS), at(-1)));
      assert.deepEqual(await states(), ["settling"]);
      await store.transaction((db) => dropRequests(db, at(DAY_MS), at(DAY_MS)));
      assert.deepEqual(await states(), []);
    });
  });
