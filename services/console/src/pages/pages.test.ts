import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { CircularAnswer, CircularState, ReportedRecipient } from "@tamis/contracts";
import { circularOf, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";

const recipient = (more: Partial<ReportedRecipient> = {}): ReportedRecipient => ({
  id: "1000000001",
  address: "eve@example.org",
  name: null,
  state: "scheduled",
  attempts: 0,
  changedAt: 0,
  nextAt: null,
  messageId: null,
  reply: null,
  ...more,
});
const refused = (code: Extract<CircularAnswer, { kind: "refused" }>["code"], reason: string): CircularAnswer => ({
  kind: "refused",
  code,
  reason,
});
const fileOf = (text: string, name: string): File => new File([text], name, { type: "text/csv" });

describe("the pages", () => {
  let visit: Visit;
  let token: string;
  beforeEach(async () => {
    visit = new Visit();
    visit.answers = {
      list: {
        kind: "listed",
        circulars: [circularOf(), circularOf({ id: "6", subject: "Essai", state: "done", dueAt: 0 })],
      },
      status: { kind: "circular", circular: circularOf() },
      report: { kind: "reported", recipients: [recipient()], next: null },
      sources: {
        kind: "sources",
        sources: [
          { source: "list:<tous>", recipients: 2 },
          { source: null, recipients: 1 },
        ],
      },
    };
    await visit.signIn();
    token = await visit.token();
  });
  const show = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    (await visit.request(path, { headers })).text();
  const newForm = (more: Record<string, string | File> = {}): FormData => {
    const form = new FormData();
    const fields = { token, key: "k", subject: "Rentrée", markdown: "Bonjour", tracked: "1", ...more };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return form;
  };

  it("list circulars, and hold nothing that a subject could do", async () => {
    const text = await show("/circulars");
    assert.match(text, /<a href="\/circulars\/7">Rentrée &lt;b&gt;<\/a>/);
    assert.match(text, /Thursday,? 1 January 1970 at 01:00 (CET|GMT\+1)/);
    assert.match(await show("/circulars", { "accept-language": "fr" }), /jeudi 1 janvier 1970 à 01:00 UTC\+1/);
    visit.answers.list = { kind: "listed", circulars: [] };
    assert.match(await show("/circulars"), /There is no circular yet/);
  });

  it("have a label for each field, a token in each form, and no script", async () => {
    visit.answers.status = { kind: "circular", circular: circularOf({ recipients: 2 }) };
    for (const path of ["/sign-in", "/circulars/new", "/circulars/7"]) {
      const text = await show(path);
      for (const [, id] of text.matchAll(/<(?:input|textarea|select)(?![^>]*type="hidden")[^>]* id="([^"]+)"/g))
        assert.match(text, new RegExp(`<label[^>]* for="${id}"`), `${path} ${id}`);
      for (const [tag] of text.matchAll(/<(?:input|textarea|select)\b(?![^>]*type="hidden")[^>]*>/g))
        assert.match(tag, / id="/, `${path} ${tag}`);
      const described = [...text.matchAll(/aria-describedby="([^"]+)"/g)].map(([, id]) => id);
      for (const id of described) assert.match(text, new RegExp(` id="${id}"`));
      const forms = text.match(/<form method="post"[\s\S]*?<\/form>/g) ?? [];
      for (const form of forms) if (path !== "/sign-in") assert.match(form, /name="token" value="[\w-]{22}"/);
      assert.doesNotMatch(text, /<script|style="| on\w+="/);
      assert.equal(text.match(/<h1>/g)?.length, 1);
    }
  });

  it("make a circular of a form with its recipients, once however often it is sent", async () => {
    const form = () =>
      newForm({
        csv: fileOf("courriel;prenom\na@example.org;A\n", "agents.csv"),
        "list-id": " ",
        from: "La direction <direction@example.org>",
      });
    for (const _ of ["once", "again"]) {
      const response = await visit.post("/circulars", form());
      assert.deepEqual([response.status, response.headers.get("location")], [303, "/circulars/7?done=created"]);
    }
    const [first, second] = visit.created;
    assert.deepEqual(first, second);
    assert.equal(first?.key, "k");
    assert.deepEqual(JSON.parse(JSON.stringify(first?.draft.head)), {
      v: 1,
      from: { address: "direction@example.org", name: "La direction" },
      subject: "Rentrée",
      markdown: "Bonjour",
      tracked: true,
      attachments: [],
    });
    assert.deepEqual(
      visit.added[0]?.recipients.map(({ address }) => address),
      ["a@example.org"],
    );
  });

  it("show a form again with what was written, and what stands against it", async () => {
    const response = await visit.post(
      "/circulars",
      newForm({ subject: "Ma <rentrée>", csv: fileOf("nom\nx\n", "a.csv") }),
    );
    assert.equal(response.status, 422);
    const text = await response.text();
    assert.match(text, /role="alert"><p>The list has no column of addresses \(nom\)/);
    assert.match(text, /value="Ma &lt;rentrée&gt;"/);
    assert.match(text, /name="key" value="k"/);
    assert.deepEqual(visit.created, []);
    const stranger = await visit.post(
      "/circulars",
      newForm({ csv: fileOf("email\na@b.fr\n", "a.csv"), from: "recteur@example.org" }),
    );
    assert.equal(stranger.status, 403);
  });

  for (const [state, offered] of [
    ["draft", ["cancel", "remove", "recipients", "test", "dates", "schedule"]],
    ["scheduled", ["cancel", "withdraw", "test", "dates", "schedule"]],
    ["started", ["pause", "cancel", "test"]],
    ["paused", ["resume", "cancel", "test"]],
    ["held", ["resume", "cancel", "test"]],
    ["done", ["test"]],
    ["cancelled", ["test"]],
  ] as const satisfies readonly (readonly [CircularState, readonly string[]])[])
    it(`offer what is possible with one that is ${state}`, async () => {
      const held = state === "held" ? ("restored" as const) : null;
      visit.answers.status = { kind: "circular", circular: circularOf({ state, held }) };
      const text = await show("/circulars/7");
      const actions = [...text.matchAll(/action="\/circulars\/7\/(\w+)"/g)]
        .map(([, op]) => op)
        .filter((op, index, all) => op !== "preview" && all.indexOf(op) === index);
      assert.deepEqual(actions, offered);
      assert.equal(/The database was restored/.test(text), held !== null);
    });

  it("carry out what is wanted, and say that it was done", async () => {
    const circular = circularOf();
    for (const op of ["pause", "resume", "cancel", "test"] as const) visit.answers[op] = { kind: "circular", circular };
    visit.answers.cancel = { kind: "circular", circular, left: 3 };
    visit.answers.release = { kind: "done" };
    visit.answers.withdraw = { kind: "circular", circular };
    visit.answers.remove = { kind: "removed", removed: 1, recipients: 1 };
    const outlook = { recipients: 2, suppressed: 0, size: 1, domains: [], domainCount: 1 };
    visit.answers.schedule = { kind: "scheduled", dueAt: 0, undoUntil: 0, ...outlook };
    const at = { at: "2026-11-30T08:00:00", zone: "Europe/Paris" };
    for (const [op, fields, want] of [
      ["pause", {}, {}],
      ["resume", {}, {}],
      ["cancel", {}, {}],
      ["test", { to: "anna@example.org", as: "" }, { to: "anna@example.org" }],
      ["release", { recipient: "1000000001" }, { recipient: "1000000001" }],
      ["withdraw", {}, {}],
      ["remove", {}, {}],
      ["remove", { recipient: "1000000001" }, { recipients: ["1000000001"] }],
      ["remove", { source: "list:tous" }, { source: "list:tous" }],
      ["remove", { source: "" }, { source: null }],
      ["schedule", { now: "1", ...at }, { when: { kind: "now" } }],
      ["schedule", at, { when: { kind: "wall", wall: "2026-11-30T08:00", zone: "Europe/Paris" } }],
      [
        "schedule",
        { ...at, which: "later" },
        { when: { kind: "wall", wall: "2026-11-30T08:00", zone: "Europe/Paris", which: "later" } },
      ],
    ] as const) {
      const response = await visit.post(`/circulars/7/${op}`, { token, ...fields });
      assert.equal(response.status, 303, op);
      assert.deepEqual(visit.asked.at(-1), { op, accountId: "a1", id: "7", language: "en", ...want });
      const page = await show(response.headers.get("location") ?? "");
      assert.match(page, /class="notice" role="status"/);
      if (op === "cancel") assert.match(page, /by then: 3/);
    }
    assert.equal((await visit.post("/circulars/7/explode", { token })).status, 404);
  });

  it("change nothing without the token of the form, or for another site", async () => {
    visit.asked.splice(0);
    for (const [fields, headers] of [
      [{}, {}],
      [{ token: "x" }, {}],
      [{ token }, { origin: "https://evil.example" }],
      [{ token }, { "sec-fetch-site": "same-site" }],
    ] as const)
      assert.equal((await visit.post("/circulars/7/cancel", fields, headers)).status, 403);
    const created = await visit.post("/circulars", newForm({ token: "x", csv: fileOf("email\na@b.fr\n", "a.csv") }));
    assert.equal(created.status, 403);
    assert.deepEqual([visit.asked.filter(({ op }) => op !== "lists"), visit.created], [[], []]);
    const ours = { origin: "null", "sec-fetch-site": "same-origin" };
    visit.answers.cancel = { kind: "circular", circular: circularOf() };
    assert.equal((await visit.post("/circulars/7/cancel", { token }, ours)).status, 303);
  });

  it("tell what cannot be, on the page that it came from, and ask which of two times is meant", async () => {
    const times = { earlier: Date.UTC(2026, 9, 25, 0, 30), later: Date.UTC(2026, 9, 25, 1, 30) };
    visit.answers.schedule = { ...refused("bad-time", "it comes twice"), times } as CircularAnswer;
    const response = await visit.post("/circulars/7/schedule", { token, at: "2026-10-25T02:30", zone: "Europe/Paris" });
    assert.equal(response.status, 422);
    const text = await response.text();
    assert.match(text, /role="alert"><p>it comes twice/);
    assert.match(text, /value="2026-10-25T02:30"/);
    assert.match(text, /type="radio" id="earlier"[\s\S]*02:30 (CEST|GMT\+2)[\s\S]*id="later"[\s\S]*02:30 (CET|GMT\+1)/);
    visit.answers.pause = refused("not-possible", "not in its state");
    assert.equal((await visit.post("/circulars/7/pause", { token })).status, 409);
  });

  it("show recipients by state, page by page, and give a table", async () => {
    visit.answers.status = {
      kind: "circular",
      circular: circularOf({ state: "started", counts: { unknown: 1, accepted: 1 } }),
    };
    visit.answers.report = {
      kind: "reported",
      recipients: [recipient({ state: "unknown", reply: "<lost>" })],
      next: "1000000001",
    };
    const text = await show("/circulars/7?state=unknown&after=5");
    const [asked] = visit.asked.filter(({ op }) => op === "report").slice(-1);
    assert.ok(asked?.op === "report");
    assert.deepEqual([asked.states, asked.after], [["unknown"], "5"]);
    assert.match(
      text,
      /href="\/circulars\/7\?state=unknown&amp;after=1000000001#recipients"|href="\/circulars\/7\?state=unknown&after=1000000001#recipients"/,
    );
    assert.match(text, /name="recipient" value="1000000001"/);
    assert.match(text, /&lt;lost&gt;/);
    visit.answers.report = { kind: "reported", recipients: [recipient()], next: null };
    const csv = await visit.request("/circulars/7/recipients.csv?state=unknown");
    assert.equal(csv.headers.get("content-disposition"), 'attachment; filename="circular-7.csv"');
    assert.match(await csv.text(), /eve@example\.org/);
  });

  it("show the mail, and give it as a file", async () => {
    const raw = Buffer.from(
      "From: A <a@b.fr>\r\nSubject: =?utf-8?Q?Rentr=C3=A9e?=\r\nContent-Type: text/html\r\n\r\n<p>Bonjour <script>x</script>&lt;i&gt;\r\n",
    );
    const answer = {
      kind: "previewed",
      address: "eve@example.org",
      mail: raw.toString("base64"),
      recipients: 2,
    } as const;
    visit.answers.preview = { ...answer, size: raw.length };
    const text = await show("/circulars/7/preview?as=eve%40example.org");
    assert.match(text, /Rentrée[\s\S]*<pre>[\s\S]*Bonjour[\s\S]*&lt;i&gt;/);
    assert.doesNotMatch(text, /<script/);
    assert.match(text, /form=eml/);
    const eml = await visit.request("/circulars/7/preview?form=eml&as=");
    assert.deepEqual([eml.headers.get("content-type"), await eml.text()], ["message/rfc822", raw.toString()]);
    visit.answers.preview = { ...answer, size: raw.length + 1 };
    assert.doesNotMatch(await show("/circulars/7/preview"), /form=eml/);
  });

  it("add recipients to a draft, and say which lines were left out", async () => {
    const form = new FormData();
    form.append("token", token);
    form.append("csv", fileOf("email\na@example.org\nb@example.org\n", "more.csv"));
    const text = await (await visit.post("/circulars/7/recipients", form)).text();
    assert.match(text, /role="status"><p>Recipients added: 2/);
    assert.equal(URL_OF_CONSOLE, visit.context.url);
  });

  it("know no circular of somebody else", async () => {
    visit.answers = { status: refused("missing", "there is no such circular") };
    for (const path of ["/circulars/8", "/circulars/8/preview", "/circulars/8/recipients.csv"])
      assert.equal((await visit.request(path)).status, 404, path);
    assert.equal((await visit.post("/circulars/8/cancel", { token })).status, 404);
  });
});
