import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { apiCalls, draft, mail, recipient } from "../../test/api-calls.ts";
import { anna, bob, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";

describe("the API", () => {
  let visit: Visit;
  let calls: ReturnType<typeof apiCalls>;
  beforeEach(() => {
    visit = new Visit();
    calls = apiCalls(visit);
  });
  const problemOf = async (response: Response) => {
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    return (await response.json()) as Record<string, unknown>;
  };

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

  it("says how often and in which hours, as people say it", async () => {
    const zone = "Europe/Paris";
    const every = { rule: "first Monday 8:00", times: 3 };
    for (const [body, want] of [
      [
        { first: true, zone, every },
        { when: { kind: "first", zone }, every },
      ],
      [
        { at: "2026-11-30T08:00", zone, every, hours: { any: true } },
        { when: { kind: "wall", wall: "2026-11-30T08:00", zone }, every, hours: { kind: "any" } },
      ],
      [
        { now: true, hours: { only: "Mon-Fri 8:00-18:00", zone } },
        { when: { kind: "now" }, hours: { kind: "own", text: "Mon-Fri 8:00-18:00", zone } },
      ],
    ] as const) {
      assert.equal((await visit.send("/circulars/7/schedule", body)).status, 200);
      assert.deepEqual(visit.asked.at(-1), { op: "schedule", accountId: "a1", id: "7", language: "en", ...want });
    }
    for (const body of [
      { first: true, zone },
      { now: true, every },
      { now: true, hours: { any: false } },
    ])
      assert.equal((await visit.send("/circulars/7/schedule", body)).status, 400);
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
    const french = { headers: { accept: "text/csv" }, language: "fr" };
    assert.match(await (await visit.api("/circulars/7/recipients", french)).text(), /^numéro,adresse,/);
    const asked = await visit.api("/circulars/7/recipients?separator=semicolon", french);
    assert.match(await asked.text(), /^numéro;adresse;/);
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
    await visit.api("/receipts?separator=semicolon", { headers: { accept: "text/csv" } });
    assert.deepEqual(
      visit.askedReceipts.map((one) => one.op === "csv" && one.separator),
      [",", ",", ";"],
    );
  });
});
