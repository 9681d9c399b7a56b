import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { circularOf, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";

const LONG = new File(["email\n", "a@example.org\n".repeat(10_000)], "agents.csv", { type: "text/csv" });

describe("what was typed is kept", () => {
  let visit: Visit;
  beforeEach(async () => {
    visit = new Visit();
    visit.answers = { lists: { kind: "lists", lists: [{ name: "list:tous", about: null }], isAll: true } };
    await visit.signIn();
  });
  const written = (token: string, file = LONG): FormData => {
    const form = new FormData();
    const fields = {
      token,
      key: "k",
      subject: "Une heure <de> travail",
      markdown: "Bonjour\n\nà tous",
      list: "list:tous",
    };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("csv", file);
    return form;
  };
  const isThere = (text: string): void => {
    assert.match(text, /value="Une heure &lt;de&gt; travail"/);
    assert.match(text, />\nBonjour\r?\n\r?\nà tous<\/textarea>/);
    assert.match(text, /value="list:tous" checked/);
    assert.match(text, /name="key" value="k"/);
  };

  it("though the session ended meanwhile, and however long the file is", async () => {
    const form = written(await visit.token());
    visit.signOff();
    const response = await visit.post("/circulars", form);
    assert.equal(response.status, 401);
    const text = await response.text();
    isThere(text);
    assert.match(text, /<a href="\/sign-in" target="_blank" rel="noopener">/);
    assert.deepEqual(visit.created, []);
  });

  it("though the form is of an earlier session: it is sent once more, by whoever is signed in now", async () => {
    const form = written(await visit.token());
    await visit.signIn();
    const response = await visit.post("/circulars", form);
    assert.equal(response.status, 403);
    const text = await response.text();
    isThere(text);
    assert.equal(visit.created.length, 0);
    const [, token = ""] = /name="token" value="([^"]+)"/.exec(text) ?? [];
    visit.answers["add-lists"] = {
      kind: "added-lists",
      sources: [],
      leftOut: [],
      added: 0,
      suppressed: 0,
      recipients: 0,
    };
    assert.equal((await visit.post("/circulars", written(token))).status, 200);
    assert.equal(visit.created[0]?.key, "k");
  });

  it("though nobody is behind the page, or something broke there", async () => {
    const token = await visit.token();
    for (const [error, status, bugs] of [
      [new RetryLater("nobody", { code: "unreachable" }), 503, 0],
      [new Error("broken"), 500, 1],
    ] as const) {
      visit.addFails = error;
      visit.answers["add-lists"] = error;
      const response = await visit.post("/circulars", written(token));
      assert.deepEqual([response.status, visit.bugs.length], [status, bugs]);
      isThere(await response.text());
    }
  });

  it("though the files are too long", async () => {
    const file = new File(["x".repeat(1_100_000)], "x.csv");
    const form = written(await visit.token(), file);
    const body = new Response(form);
    const octets = await body.arrayBuffer();
    const headers = {
      origin: URL_OF_CONSOLE,
      "content-type": body.headers.get("content-type") ?? "",
      "content-length": String(octets.byteLength),
    };
    const response = await visit.request("/circulars", { method: "POST", body: octets, headers });
    assert.equal(response.status, 413);
    isThere(await response.text());
  });

  it("for nobody else: another site gets nothing shown", async () => {
    const form = written(await visit.token());
    visit.signOff();
    const response = await visit.post("/circulars", form, { origin: "https://evil.example" });
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/sign-in"]);
  });

  it("when somebody goes back: browsers may keep the form, and no other page", async () => {
    visit.answers.list = { kind: "listed", circulars: [circularOf()] };
    assert.equal((await visit.request("/circulars/new")).headers.get("cache-control"), "private, no-cache");
    assert.equal((await visit.request("/circulars")).headers.get("cache-control"), "no-store");
  });

  it("of the other forms, too", async () => {
    visit.answers.status = { kind: "circular", circular: circularOf() };
    visit.answers.report = { kind: "reported", recipients: [], next: null };
    visit.answers.test = { kind: "refused", code: "missing", reason: "no such recipient" };
    const token = await visit.token();
    const text = await (
      await visit.post("/circulars/7/test", { token, to: "chef@example.org", as: "x@example.org" })
    ).text();
    assert.match(text, /name="to"[^>]* value="chef@example\.org"/);
    assert.match(text, /id="test-as"[^>]* value="x@example\.org"/);
  });
});
