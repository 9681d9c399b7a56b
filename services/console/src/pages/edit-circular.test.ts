import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { WrittenCircular } from "@tamis/contracts";
import { circularOf, Visit } from "../../test/visit.ts";

const circular: WrittenCircular = {
  from: { address: "direction@example.org", name: "La direction" },
  subject: "Rentrée <b>",
  markdown: "Bonjour {{prenom}}",
  listId: "agents.example.org",
  unsubscribe: { url: "https://lists.example.org/{token}" },
  tracked: true,
  receipts: "read",
  attachments: [
    { filename: "note <1>.pdf", size: 2048, as: "file" },
    { filename: "paie.pdf", size: 10, as: "secret" },
  ],
};

describe("a circular that is written anew, in a browser", () => {
  let visit: Visit;
  let token: string;
  beforeEach(async () => {
    visit = new Visit();
    visit.written = { kind: "written", version: "draft/0/abc", circular };
    visit.answers = {
      status: { kind: "circular", circular: circularOf() },
      report: { kind: "reported", recipients: [], next: null },
      sources: { kind: "sources", sources: [] },
    };
    await visit.signIn();
    token = await visit.token();
  });
  /** What a browser would send of the page, with what somebody typed. */
  const formIn = (text: string, typed: Readonly<Record<string, string | File | readonly string[]>> = {}): FormData => {
    const unescaped = (value: string): string =>
      value
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, "&");
    const form = new FormData();
    const [, own = ""] = /<form method="post" action="\/circulars\/7\/edit"[^>]*>([\s\S]*?)<\/form>/.exec(text) ?? [];
    for (const [tag] of own.matchAll(/<input [^>]*>/g)) {
      const value = (name: string): string => unescaped(new RegExp(` ?${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
      const isOut = /type="file"/.test(tag) || (/type="checkbox"/.test(tag) && !/ checked/.test(tag));
      if (!isOut) form.append(value("name"), value("value"));
    }
    for (const [, name = "", value = ""] of own.matchAll(/<textarea [^>]*name="(\w+)"[^>]*>\n([\s\S]*?)<\/textarea>/g))
      form.append(name, unescaped(value));
    form.append("receipts", /<option value="(\w+)" selected/.exec(own)?.[1] ?? "delivery");
    for (const [name, value] of Object.entries(typed)) {
      form.delete(name);
      for (const one of [value].flat()) form.append(name, one as string);
    }
    return form;
  };
  const page = async (): Promise<string> => (await visit.request("/circulars/7/edit")).text();

  it("is shown as it was written, and saved as it is shown", async () => {
    const text = await page();
    assert.match(text, /name="subject" value="Rentrée &lt;b&gt;"/);
    assert.match(text, />\nBonjour {{prenom}}<\/textarea>/);
    assert.match(text, /note &lt;1&gt;\.pdf \(2\sKiB\)/);
    assert.match(text, /paie\.pdf \(10\soctets, secret\)/);
    assert.doesNotMatch(text, /name="csv"|name="key"/);
    const response = await visit.post("/circulars/7/edit", formIn(text));
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/circulars/7?done=revised"]);
    const [revised] = visit.revised;
    assert.deepEqual([revised?.id, revised?.version, revised?.keep], ["7", "draft/0/abc", [0, 1]]);
    const { attachments: _, ...texts } = circular;
    assert.deepEqual(JSON.parse(JSON.stringify(revised?.draft.head)), { v: 1, ...texts, attachments: [] });
  });

  it("loses what is unchecked, gains what is attached, and shows a new password once", async () => {
    const secrets = new File(["x"], "paie-2.pdf", { type: "application/pdf" });
    const form = formIn(await page(), { subject: "Rentrée", keep: "1", secrets, tracked: [] });
    const response = await visit.post("/circulars/7/edit", form);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<code>pass-word<\/code>[\s\S]*href="\/circulars\/7"/);
    const [revised] = visit.revised;
    assert.deepEqual(revised?.keep, [1]);
    assert.deepEqual(revised?.draft.head.attachments, [
      { filename: "paie-2.pdf", type: "application/pdf", secret: true },
    ]);
    assert.deepEqual([revised?.draft.head.subject, revised?.draft.head.tracked], ["Rentrée", false]);
  });

  it("has a field for each form in which it was written", async () => {
    const { markdown: _, ...other } = circular;
    visit.written = { kind: "written", version: "v", circular: { ...other, html: "<p>Bonjour</p>", text: "Bonjour" } };
    const text = await page();
    assert.match(text, /<textarea id="html"[\s\S]*&lt;p&gt;Bonjour&lt;\/p&gt;[\s\S]*<textarea id="text"/);
    assert.doesNotMatch(text, /id="markdown"/);
    await visit.post("/circulars/7/edit", formIn(text, { text: "" }));
    const { html, text: plain, markdown } = visit.revised[0]?.draft.head ?? assert.fail();
    assert.deepEqual([html, plain, markdown], ["<p>Bonjour</p>", undefined, undefined]);
  });

  it("that was changed meanwhile is not written over unseen, and what was typed is kept", async () => {
    const text = await page();
    visit.revision = { kind: "refused", code: "changed", reason: "it was changed meanwhile" };
    const now = { ...circular, subject: "Autre", attachments: [{ filename: "new.pdf", size: 1, as: "file" }] } as const;
    visit.written = { kind: "written", version: "draft/0/def", circular: now };
    const refused = await visit.post("/circulars/7/edit", formIn(text, { subject: "Le mien" }));
    assert.equal(refused.status, 409);
    const again = await refused.text();
    assert.match(again, /role="alert"><p>it was changed meanwhile[\s\S]*href="\/circulars\/7" target="_blank"/);
    assert.match(again, /name="subject" value="Le mien"/);
    visit.revision = null;
    assert.equal((await visit.post("/circulars/7/edit", formIn(again))).status, 303);
    const last = visit.revised.at(-1);
    assert.deepEqual([last?.version, last?.keep, last?.draft.head.subject], ["draft/0/def", [0], "Le mien"]);
  });

  it("that has begun meanwhile is told so, beside what was typed", async () => {
    const text = await page();
    visit.revision = { kind: "refused", code: "not-possible", reason: "it has begun" };
    const response = await visit.post("/circulars/7/edit", formIn(text, { subject: "Trop tard" }));
    assert.equal(response.status, 409);
    assert.match(await response.text(), /role="alert"><p>it has begun[\s\S]*value="Trop tard"/);
    visit.written = { kind: "refused", code: "not-possible", reason: "it has begun" };
    assert.equal((await visit.request("/circulars/7/edit")).status, 409);
  });

  it("is kept though the session ended meanwhile, and taken from no other site", async () => {
    const form = () => formIn(text, { subject: "Une heure de travail" });
    const text = await page();
    assert.equal((await visit.post("/circulars/7/edit", form(), { origin: "https://evil.example" })).status, 403);
    const old = form();
    old.set("token", "x");
    assert.equal((await visit.post("/circulars/7/edit", old)).status, 403);
    visit.signOff();
    const response = await visit.post("/circulars/7/edit", form());
    assert.equal(response.status, 401);
    const shown = await response.text();
    assert.match(shown, /action="\/circulars\/7\/edit"[\s\S]*value="Une heure de travail"[\s\S]*note &lt;1&gt;\.pdf/);
    assert.match(shown, /name="version" value="draft\/0\/abc"/);
    assert.deepEqual(visit.revised, []);
    assert.ok(token !== "");
  });

  it("is offered for one that has not begun, and for no other", async () => {
    for (const [more, isOffered] of [
      [{}, true],
      [{ state: "scheduled" }, true],
      [{ state: "held", held: "late" }, true],
      [{ state: "held", held: "late", startedAt: 1 }, false],
      [{ state: "held", held: "restored" }, false],
      [{ state: "started" }, false],
      [{ state: "draft", testOf: "6" }, false],
    ] as const) {
      visit.answers.status = { kind: "circular", circular: circularOf(more) };
      const text = await (await visit.request("/circulars/7")).text();
      assert.equal(/href="\/circulars\/7\/edit"/.test(text), isOffered, JSON.stringify(more));
    }
  });
});

describe("the dates of a circular, in a browser", () => {
  let visit: Visit;
  let token: string;
  beforeEach(async () => {
    visit = new Visit();
    visit.answers = {
      status: { kind: "circular", circular: circularOf() },
      report: { kind: "reported", recipients: [], next: null },
      sources: { kind: "sources", sources: [] },
    };
    await visit.signIn();
    token = await visit.token();
  });
  const monday = Date.UTC(2026, 11, 14, 7);
  const typed = (more: Readonly<Record<string, string>> = {}): FormData => {
    const form = new FormData();
    const fields = {
      token,
      at: "2026-12-14T08:00",
      zone: "Europe/Paris",
      repeat: "weekly",
      hours: "own",
      from: "08:00",
      to: "12:00",
      ...more,
    };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const day of ["1", "2"]) form.append("day", day);
    return form;
  };

  it("are shown before anything is scheduled, and then scheduled as they were shown", async () => {
    visit.answers.foresee = {
      kind: "foreseen",
      times: [monday, monday + 7 * 86_400_000],
      isMore: true,
      hours: { opensAt: monday, closesAt: monday + 4 * 3_600_000 },
    };
    const response = await visit.post("/circulars/7/dates", typed());
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.match(
      text,
      /<ol><li>Monday,? 14 December 2026 at 08:00 CET[\s\S]*21 December 2026[\s\S]*and so on<\/li><\/ol>/,
    );
    assert.match(text, /08:00 CET to Monday,? 14 December 2026 at 12:00/);
    const [foreseen] = visit.asked.filter(({ op }) => op === "foresee");
    assert.ok(!visit.asked.some(({ op }) => op === "schedule"));
    const [, form = ""] = /<form method="post" action="\/circulars\/7\/schedule">([\s\S]*?)<\/form>/.exec(text) ?? [];
    const same = new FormData();
    for (const [, name = "", value = ""] of form.matchAll(/<input type="hidden" name="([\w-]+)" value="([^"]*)">/g))
      same.append(name, value);
    const outlook = { recipients: 2, suppressed: 0, size: 1, domains: [], domainCount: 1 };
    visit.answers.schedule = { kind: "scheduled", dueAt: monday, undoUntil: monday, ...outlook };
    assert.equal((await visit.post("/circulars/7/schedule", same)).status, 303);
    assert.deepEqual({ ...visit.asked.find(({ op }) => op === "schedule"), op: "foresee" }, foreseen);
  });

  it("that lie outside the hours are told so, in French, too", async () => {
    visit.answers.foresee = { kind: "foreseen", times: [monday], isMore: false, saidAt: monday - 7_200_000 };
    const post = async (language: string) =>
      (await visit.post("/circulars/7/dates", typed(), { "accept-language": language })).text();
    assert.match(await post("en"), /Monday,? 14 December 2026 at 06:00 CET lies outside[\s\S]*It leaves:/);
    assert.match(await post("fr"), /lundi 14 décembre 2026 à 06:00 UTC\+1 est hors des heures[\s\S]*Elle part\s?:/);
  });

  it("that cannot be are told on the page of the circular, with what was typed", async () => {
    visit.answers.foresee = { kind: "refused", code: "bad-rule", reason: "no such rule" };
    const response = await visit.post("/circulars/7/dates", typed({ repeat: "said", rule: "jamais <b>" }));
    assert.equal(response.status, 422);
    const text = await response.text();
    assert.match(text, /role="alert"><p>no such rule/);
    assert.match(text, /<option value="said" selected[\s\S]*name="rule" value="jamais &lt;b&gt;"/);
    assert.match(text, /id="day-1" name="day" value="1" checked[\s\S]*id="day-3" name="day" value="3" >/);
    assert.match(text, /<option value="own" selected/);
  });
});
