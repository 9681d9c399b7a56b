import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { ReportedRecipient } from "@tamis/contracts";
import { z } from "zod";
import { anna, bob, circularOf, eve, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";
import { routes } from "./add-api.ts";
import { openApi } from "./open-api.ts";

const circular = circularOf({ subject: "Rentrée" });
const recipient: ReportedRecipient = {
  id: "1000000001",
  address: "eve@example.org",
  name: null,
  state: "rejected",
  attempts: 1,
  changedAt: 0,
  nextAt: null,
  messageId: null,
  reply: "550 no",
};
const REFUSALS = ["missing", "not-possible", "no-recipients", "bad-draft", "too-large", "bad-list", "list-away", "key-reused", "bad-time"] as const;
const ASKED = ["list", "status", "pause", "resume", "cancel", "test", "report", "preview", "schedule", "release", "lists", "add-lists", "check"] as const;
const outlook = { recipients: 2, suppressed: 0, size: 10, domains: [], domainCount: 1 };
const mail = Buffer.from("To: eve@example.org\r\n\r\nBonjour\r\n");
const previewed = {
  kind: "previewed",
  address: "eve@example.org",
  mail: mail.toString("base64"),
  size: mail.length,
  recipients: 2,
} as const;

describe("the API", () => {
  let visit: Visit;
  beforeEach(() => {
    visit = new Visit();
    visit.answers = {
      list: { kind: "listed", circulars: [circular] },
      status: { kind: "circular", circular },
      pause: { kind: "circular", circular },
      resume: { kind: "circular", circular },
      cancel: { kind: "circular", circular, left: 1 },
      test: { kind: "circular", circular },
      report: { kind: "reported", recipients: [recipient], next: "1000000001" },
      preview: previewed,
      schedule: { kind: "scheduled", dueAt: 1, undoUntil: 1, ...outlook },
      release: { kind: "done" },
      suppress: { kind: "suppression", changed: 1, invalid: [] },
      unsuppress: { kind: "suppression", changed: 1, invalid: [] },
      lists: { kind: "lists", lists: [{ name: "list:tous", about: null }], isAll: true },
      "add-lists": { kind: "added-lists", sources: [], leftOut: [], added: 0, suppressed: 0, recipients: 2 },
      check: { kind: "checked", ...outlook },
    };
  });
  const problemOf = async (response: Response) => {
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    return (await response.json()) as Record<string, unknown>;
  };

  const draft = { subject: "Rentrée", markdown: "Bonjour" };
  const calls: Readonly<Record<string, () => Promise<Response>>> = {
    listCirculars: () => visit.api("/circulars"),
    createCircular: () => visit.send("/circulars", draft),
    statusCircular: () => visit.api("/circulars/7"),
    pauseCircular: () => visit.api("/circulars/7/pause", { method: "POST" }),
    resumeCircular: () => visit.api("/circulars/7/resume", { method: "POST" }),
    cancelCircular: () => visit.api("/circulars/7/cancel", { method: "POST" }),
    addRecipients: () => visit.send("/circulars/7/recipients", { recipients: [{ address: "a@example.org" }] }),
    reportCircular: () => visit.api("/circulars/7/recipients"),
    releaseRecipient: () => visit.api("/circulars/7/recipients/1000000001/release", { method: "POST" }),
    previewCircular: () => visit.api("/circulars/7/preview"),
    testCircular: () => visit.send("/circulars/7/test", { to: "anna@example.org" }),
    scheduleCircular: () => visit.send("/circulars/7/schedule", { now: true }),
    suppressAddresses: () => visit.send("/suppressions", { addresses: ["a@example.org"] }, { as: eve }),
    unsuppressAddresses: () => visit.send("/suppressions/remove", { addresses: ["a@example.org"] }, { as: eve }),
    listLists: () => visit.api("/lists?kind=list"),
    addLists: () => visit.send("/circulars/7/lists", { lists: ["list:tous"] }),
    checkCircular: () => visit.api("/circulars/7/outlook"),
    listReceiptRequests: () => {
      visit.receipts = { kind: "requests", requests: [], next: null };
      return visit.api("/receipt-requests?state=asking&limit=5");
    },
    answerReceiptRequest: () => {
      visit.receipts = { kind: "answered", state: "settling" };
      return visit.send("/receipt-requests/12/answer", { answer: "send" });
    },
    getReceiptPolicy: () => {
      visit.receipts = { kind: "policy", chosen: null, effective: "ask" };
      return visit.api("/receipt-policy");
    },
    chooseReceiptPolicy: () => {
      visit.receipts = { kind: "policy", chosen: "never", effective: "never" };
      return visit.send("/receipt-policy", { policy: "never" });
    },
    countReceipts: () => {
      visit.receipts = { kind: "counts", recipients: 1, counts: { displayed: 1 }, autoReplies: 0, complaints: 0 };
      return visit.api("/receipts/counts?circular=7");
    },
    listReceipts: () => {
      visit.receipts = { kind: "listed", receipts: [], next: null };
      return visit.api("/receipts?state=failed&state=delayed");
    },
    listReports: () => {
      visit.receipts = { kind: "reports", reports: [] };
      return visit.api("/receipts/1000000001/reports");
    },
  };

  for (const { operationId, answer, status = 200 } of routes)
    it(`answers ${operationId} as its document says`, async () => {
      const response = await (calls[operationId] ?? assert.fail("no call of it here"))();
      assert.equal(response.status, status, await response.clone().text());
      const schema = answer instanceof z.ZodObject ? answer.strict() : answer;
      schema.parse(await response.json());
    });

  it("has a document of every route, and of nothing else", async () => {
    const served = (await (await visit.request("/api/v1/openapi.json")).json()) as ReturnType<typeof openApi>;
    assert.deepEqual(served, JSON.parse(JSON.stringify(openApi(routes, `${URL_OF_CONSOLE}/api/v1`))));
    const paths = served["paths"] as Record<string, Record<string, { operationId: string }>>;
    const documented = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    assert.deepEqual(documented.toSorted(), Object.keys(calls).toSorted());
    for (const [path, methods] of Object.entries(paths))
      for (const method of ["get", "post", "delete"]) {
        const url = path.replace(/\{\w+\}/g, "7");
        const response = await visit.api(url, { method: method.toUpperCase(), as: bob });
        assert.equal(response.status === 404, !(method in methods), `${method} ${path}: ${response.status}`);
      }
  });

  it("has a document that holds together", async () => {
    const { paths, components } = (await (await visit.request("/api/v1/openapi.json")).json()) as {
      readonly paths: Record<string, Record<string, Record<string, unknown>>>;
      readonly components: { readonly schemas: Record<string, unknown> };
    };
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods)) {
        const parameters = operation["parameters"] as { readonly name: string; readonly in: string }[];
        const named = parameters.filter((one) => one.in === "path").map(({ name }) => name);
        const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(named, wanted, `${method} ${path}`);
        assert.equal(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size, parameters.length);
        for (const [, name = ""] of JSON.stringify(operation).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
          assert.ok(name in components.schemas, name);
      }
  });

  for (const { operationId, problems = [] } of routes)
    it(`refuses ${operationId} in no way that its document does not say`, async () => {
      for (const code of REFUSALS.filter((one) => problems.includes(one))) {
        visit.answers = Object.fromEntries(ASKED.map((op) => [op, { kind: "refused", code, reason: "no" }]));
        await calls[operationId]?.();
      }
      const { paths } = openApi(routes, "") as { paths: Record<string, Record<string, { operationId: string; responses: object }>> };
      const operation = Object.values(paths).flatMap((methods) => Object.values(methods)).find((one) => one.operationId === operationId);
      for (const { status } of visit.exchanges) assert.ok(String(status) in (operation?.responses ?? {}), `${operationId} ${status}`);
    });

  it("lets whoever has a mailbox answer receipts, and nobody for another", async () => {
    for (const name of ["listReceiptRequests", "answerReceiptRequest", "getReceiptPolicy", "chooseReceiptPolicy"])
      await calls[name]?.();
    visit.receipts = { kind: "requests", requests: [], next: null };
    assert.equal((await visit.api("/receipt-requests", { as: bob })).status, 200);
    assert.deepEqual(
      visit.askedReceipts.map(({ accountId, as }) => `${accountId} ${as}`),
      [...Array.from({ length: 4 }, () => "a1 owner"), "b1 owner"],
    );
    assert.equal((await visit.send("/receipt-policy", { policy: "sometimes" })).status, 400);
  });

  it("asks for a password, and knows a browser by its cookie", async () => {
    const stranger = await visit.request("/api/v1/circulars");
    assert.deepEqual(
      [stranger.status, stranger.headers.get("www-authenticate")],
      [401, 'Basic realm="Tamis", charset="UTF-8"'],
    );
    await visit.signIn();
    assert.equal((await visit.request("/api/v1/circulars")).status, 200);
    const change = (headers: Record<string, string>) =>
      visit.request("/api/v1/circulars/7/pause", { method: "POST", headers });
    assert.equal((await change({ origin: URL_OF_CONSOLE })).status, 403);
    const token = await visit.token();
    assert.equal((await change({ origin: URL_OF_CONSOLE, "x-form-token": token })).status, 200);
    assert.equal((await change({ origin: "https://evil.example", "x-form-token": token })).status, 403);
  });

  it("asks as the account that signed in, and as nobody else", async () => {
    for (const call of Object.values(calls)) await call();
    const owned = [...visit.asked, ...visit.askedReceipts].filter((ask) => "accountId" in ask);
    assert.ok(owned.length >= 12);
    assert.deepEqual(new Set(owned.map(({ accountId }) => accountId)), new Set([anna.id]));
    assert.deepEqual([...visit.created, ...visit.added].length, 2);
    assert.equal(visit.created[0]?.account.id, anna.id);
    assert.equal(visit.added[0]?.accountId, anna.id);
    assert.ok(visit.askedReceipts.every(({ as }) => as === "owner"));
  });

  it("lets senders write, and operators suppress", async () => {
    assert.equal((await problemOf(await visit.api("/circulars", { as: bob })))["code"], "not-a-sender");
    const suppress = await visit.send("/suppressions", { addresses: ["a@example.org"] }, { as: anna });
    assert.equal((await problemOf(suppress))["code"], "not-an-operator");
    assert.deepEqual(visit.asked, []);
  });

  it("tells problems in the language of whoever asks, by a stable code", async () => {
    visit.answers = { status: { kind: "refused", code: "missing", reason: "il n'y a pas de circulaire de ce numéro" } };
    const problem = await problemOf(await visit.api("/circulars/8", { language: "fr-FR, en;q=0.5" }));
    const { requestId, ...rest } = problem;
    assert.deepEqual(rest, {
      type: `${URL_OF_CONSOLE}/api/v1/problems/missing`,
      title: "cela n’existe pas",
      status: 404,
      detail: "il n'y a pas de circulaire de ce numéro",
      code: "missing",
    });
    assert.equal(typeof requestId, "string");
    assert.deepEqual(visit.asked, [{ op: "status", accountId: "a1", id: "8", language: "fr" }]);
    const type = await visit.request(String(problem["type"]).slice(URL_OF_CONSOLE.length));
    assert.deepEqual(await type.json(), { code: "missing", status: 404, title: "there is no such thing" });
  });

  it("says what is wrong with a request, and where", async () => {
    const problem = await problemOf(await visit.send("/circulars", { subject: "", surprise: 1 }, { language: "fr" }));
    const errors = problem["errors"] as { pointer: string; detail: string }[];
    assert.deepEqual([problem["status"], errors.map(({ pointer }) => pointer)], [400, ["/subject", ""]]);
    assert.match(errors[0]?.detail ?? "", /^Trop petit/);
    const query = await problemOf(await visit.api("/circulars?limit=0"));
    assert.equal(query["code"], "bad-request");
    const type = await visit.api("/circulars", {
      method: "POST",
      body: "x",
      headers: { "content-type": "text/plain" },
    });
    assert.equal((await problemOf(type))["code"], "unsupported-type");
    const long = await visit.send("/circulars", { subject: "x", text: "x".repeat(1_000_000) });
    assert.equal((await problemOf(long))["code"], "too-long");
  });

  it("names the two instants of a time that comes twice", async () => {
    const times = { earlier: 1, later: 2 };
    visit.answers = { schedule: { kind: "refused", code: "bad-time", reason: "it comes twice", times } };
    const body = { at: "2026-10-25T02:30", zone: "Europe/Paris" };
    const problem = await problemOf(await visit.send("/circulars/7/schedule", body));
    assert.deepEqual([problem["code"], problem["times"]], ["bad-time", times]);
    const [asked] = visit.asked;
    assert.ok(asked?.op === "schedule");
    assert.deepEqual(asked.when, { kind: "wall", wall: "2026-10-25T02:30", zone: "Europe/Paris" });
  });

  it("makes a draft with attachments, under a key, from whom its owner may be", async () => {
    const form = new FormData();
    form.append(
      "draft",
      JSON.stringify({ ...draft, from: { address: "Direction@example.org", name: "La direction" }, receipts: "read" }),
    );
    form.append("attachment", new File(["%PDF"], "note.pdf"));
    form.append("attachment", new File(["x"], "x.bin", { type: "image/png" }));
    form.append("secret", new File(["secret"], "paie.pdf"));
    const headers = { "idempotency-key": "rentrée 2026" };
    const create = () => visit.api("/circulars", { method: "POST", body: form, headers });
    const response = await create();
    assert.deepEqual([response.status, response.headers.get("location")], [201, "/api/v1/circulars/7"]);
    const said = (await response.json()) as { secrets: number; password?: string };
    assert.deepEqual([said.secrets, said.password], [1, "pass-word"]);
    assert.equal("password" in ((await (await create()).json()) as object), false);
    const [first, second] = visit.created;
    assert.deepEqual(first, second);
    assert.match(first?.key ?? "", /^api\/[0-9a-f]{64}$/);
    assert.deepEqual(first?.draft.head.attachments, [
      { filename: "note.pdf", type: "application/pdf" },
      { filename: "x.bin", type: "image/png" },
      { filename: "paie.pdf", type: "application/pdf", secret: true },
    ]);
    assert.equal(first?.draft.head.receipts, "read");
    assert.equal(Buffer.from(first?.draft.attachments[0] ?? []).toString(), "%PDF");
    const stranger = await visit.send("/circulars", { ...draft, from: { address: "recteur@example.org" } });
    assert.equal((await problemOf(stranger))["code"], "not-allowed");
  });

  it("gives circulars without a key a name of their own", async () => {
    await visit.send("/circulars", draft);
    await visit.send("/circulars", draft);
    assert.notEqual(visit.created[0]?.key, visit.created[1]?.key);
  });

  it("takes recipients in JSON and as CSV", async () => {
    await visit.send("/circulars/7/recipients", {
      recipients: [{ address: "a@example.org", fields: { prenom: "A" } }],
    });
    const csv = { method: "POST", headers: { "content-type": "text/csv; charset=utf-8" } };
    await visit.api("/circulars/7/recipients?column=Mel", { ...csv, body: "Mel;prenom\nb@example.org;B\n" });
    assert.deepEqual(
      visit.added.map(({ recipients }) => recipients[0]),
      [
        { line: 1, address: "a@example.org", fields: { prenom: "A" } },
        { line: 2, address: "b@example.org", fields: { Mel: "b@example.org", prenom: "B" } },
      ],
    );
    const bad = await visit.api("/circulars/7/recipients", { ...csv, body: "nom\nx\n", language: "fr" });
    assert.match(String((await problemOf(bad))["detail"]), /pas de colonne d’adresses \(nom\)/);
  });

  it("reports as JSON, page by page, and as CSV, whole", async () => {
    await visit.api("/circulars/7/recipients?state=rejected&after=5&limit=10");
    assert.deepEqual(visit.asked.at(-1), {
      op: "report",
      accountId: "a1",
      id: "7",
      language: "en",
      states: ["rejected"],
      after: "5",
      limit: 10,
    });
    visit.answers.report = { kind: "reported", recipients: [recipient], next: null };
    const csv = await visit.api("/circulars/7/recipients", { headers: { accept: "text/csv" } });
    assert.equal(csv.headers.get("content-type"), "text/csv; charset=utf-8");
    assert.match(await csv.text(), /^number,address,[\s\S]*1000000001,eve@example\.org,,refused,/);
    const eml = await visit.api("/circulars/7/preview", { headers: { accept: "message/rfc822" } });
    assert.equal(await eml.text(), mail.toString());
    assert.equal((await visit.api("/circulars/7", { headers: { accept: "image/png" } })).status, 200);
  });

  it("gives receipts as CSV, page by page behind one answer", async () => {
    let pages = 0;
    visit.receipts = () => {
      pages++;
      return { kind: "csv", text: `${pages}\r\n`, next: pages === 1 ? "9" : null };
    };
    const csv = await visit.api("/receipts?circular=7", { headers: { accept: "text/csv" } });
    assert.equal(await csv.text(), "1\r\n2\r\n");
    assert.equal(visit.askedReceipts[1]?.op === "csv" && visit.askedReceipts[1].after, "9");
  });
});
