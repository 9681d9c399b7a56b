import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { anna, bob, circularOf, URL_OF_CONSOLE, Visit } from "../test/visit.ts";

describe("whatever is answered", () => {
  let visit: Visit;
  beforeEach(() => {
    visit = new Visit();
  });

  for (const path of [
    "/sign-in",
    "/u/some-token",
    "/api/v1/openapi.json",
    "/nowhere",
    "/api/v1/nowhere",
    "/api/v1/circulars",
  ])
    it(`has the header fields that keep browsers safe: ${path}`, async () => {
      const { headers } = await visit.request(path);
      assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
      assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe|\*/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("strict-transport-security"), "max-age=31536000");
      assert.match(headers.get("referrer-policy") ?? "", /^(no-referrer|same-origin)$/);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    });

  it("is nothing in the clear, but for what a trusted proxy brings from https", async () => {
    const clear = { encrypted: false };
    assert.equal((await visit.request("/sign-in", {}, { ...clear, address: "192.0.2.1" })).status, 403);
    const forwarded = { headers: { "x-forwarded-proto": "https" } };
    assert.equal((await visit.request("/sign-in", forwarded, { ...clear, address: "192.0.2.1" })).status, 403);
    assert.equal((await visit.request("/sign-in", forwarded, { ...clear, address: "10.0.0.1" })).status, 200);
  });

  it("is told of by its route, without what was asked for", async () => {
    visit.answers = { status: { kind: "circular", circular: circularOf() } };
    await visit.api("/circulars/7?");
    await visit.request("/u/k1-1000000001-secret");
    assert.deepEqual(
      visit.exchanges.map(({ method, route, status, accountId }) => [method, route, status, accountId]),
      [
        ["GET", "/api/v1/circulars/:id", 200, "a1"],
        ["GET", "/u/:token", 200, undefined],
      ],
    );
    assert.doesNotMatch(JSON.stringify(visit.exchanges), /secret|example\.org|Rentr/);
  });

  it("may be tried again where nobody is behind, and is a bug where something broke", async () => {
    visit.answers = { list: new RetryLater("nobody", { code: "unreachable" }), status: new Error("broken") };
    const later = await visit.api("/circulars");
    assert.deepEqual([later.status, later.headers.get("retry-after")], [503, "10"]);
    assert.deepEqual(visit.bugs, []);
    const broken = await visit.api("/circulars/7");
    assert.equal(broken.status, 500);
    assert.equal(visit.bugs.length, 1);
    assert.doesNotMatch(await broken.text(), /broken/);
  });
});

describe("signing in", () => {
  let visit: Visit;
  beforeEach(() => {
    visit = new Visit();
    visit.answers = {
      status: { kind: "circular", circular: circularOf() },
      report: { kind: "reported", recipients: [], next: null },
      list: { kind: "listed", circulars: [] },
    };
  });

  it("leads back to the page that was asked for, and gives a cookie to this host alone", async () => {
    const away = await visit.request("/circulars/7");
    assert.deepEqual([away.status, away.headers.get("location")], [303, "/sign-in?to=%2Fcirculars%2F7"]);
    const response = await visit.signIn();
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/circulars/7"]);
    const cookie = response.headers.get("set-cookie") ?? "";
    for (const part of [/^__Host-tamis=a1\./, /HttpOnly/, /Secure/, /SameSite=Lax/, /Path=\//, /Max-Age=60/])
      assert.match(cookie, part);
    assert.doesNotMatch(cookie, /Domain/);
    assert.match(await (await visit.request("/circulars/7")).text(), /anna@example\.org/);
  });

  it("is refused in words, keeps what was typed but for the password", async () => {
    const response = await visit.signIn('a"<b>', "wrong");
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal(response.headers.get("www-authenticate"), null);
    const text = await response.text();
    assert.match(text, /role="alert"[\s\S]*value="a&quot;&lt;b&gt;"/);
    assert.doesNotMatch(text, /wrong"/);
  });

  for (const to of ["https://evil.example", "//evil.example", "/\\evil.example", "/circulars/../x", "/sign-out"])
    it(`leads nowhere else: ${to}`, async () => {
      const response = await visit.post("/sign-in", { name: anna.address, password: "right", to });
      assert.equal(response.headers.get("location"), "/");
    });

  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }])
    it(`is not done for another site: ${JSON.stringify(headers)}`, async () => {
      const form = { name: anna.address, password: "right" };
      assert.equal((await visit.post("/sign-in", form, headers)).status, 403);
    });

  it("ends in this browser, or in all of them, and only by a form of ours", async () => {
    await visit.signIn();
    const token = await visit.token();
    assert.equal((await visit.post("/sign-out", { token: "" })).status, 403);
    const other = await visit.context.sessions.open(anna.id);
    const out = await visit.post("/sign-out", { token });
    assert.match(out.headers.get("set-cookie") ?? "", /^__Host-tamis=;.*Max-Age=0/);
    assert.equal((await visit.request("/circulars")).status, 303);
    assert.notEqual(await visit.context.sessions.find(other), null);
    await visit.signIn();
    await visit.post("/sign-out", { token: await visit.token(), everywhere: "1" });
    assert.equal(await visit.context.sessions.find(other), null);
  });

  it("leaves no session of this browser behind that could still be used", async () => {
    const [before = ""] = (await visit.signIn()).headers.get("set-cookie")?.split(";") ?? [];
    await visit.signIn();
    assert.equal((await visit.request("/circulars/7", { headers: { cookie: before } })).status, 303);
    assert.equal((await visit.request("/circulars/7")).status, 200);
  });

  it("lets only senders write", async () => {
    await visit.signIn(bob.address);
    const response = await visit.request("/circulars", { headers: { "accept-language": "fr" } });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /<html lang="fr">[\s\S]*ne peut pas écrire de circulaires/);
  });

  it("needs no secure cookie on this machine, over http://", async () => {
    const local = new Visit({ url: "http://127.0.0.1:8080" });
    const body = new URLSearchParams({ name: anna.address, password: "right" });
    const headers = { origin: "http://127.0.0.1:8080" };
    const socket = { address: "127.0.0.1", encrypted: false };
    const response = await local.request("/sign-in", { method: "POST", body, headers }, socket);
    assert.match(
      response.headers.get("set-cookie") ?? "",
      /^tamis=a1\.[^;]*; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(response.headers.get("strict-transport-security"), null);
  });
});

describe("leaving a list", () => {
  const click = { "List-Unsubscribe": "One-Click" };
  let visit: Visit;
  beforeEach(() => {
    visit = new Visit();
    visit.answers = { unsubscribe: { kind: "done" } };
  });

  it("is not done by looking at the link", async () => {
    for (const method of ["GET", "HEAD"]) assert.equal((await visit.request("/u/token", { method })).status, 200);
    const text = await (await visit.request("/u/token", { headers: { "accept-language": "fr-FR" } })).text();
    assert.match(text, /<button type="submit">Quitter la liste</);
    assert.doesNotMatch(text, /<script|token/);
    assert.deepEqual([visit.asked, visit.moments], [[], 0]);
  });

  it("is done by the button, and in one click by a mail program that sends neither Origin nor cookie", async () => {
    const pressed = await visit.post("/u/k1-1-a", click);
    const body = new FormData();
    body.append("List-Unsubscribe", "One-Click");
    const clicked = await visit.request("/u/k1-1-a", { method: "POST", body });
    assert.deepEqual([pressed.status, clicked.status], [200, 200]);
    const one = { op: "unsubscribe", token: "k1-1-a" };
    assert.deepEqual([visit.asked, visit.moments], [[one, one], 2]);
  });

  it("has the same answer for every token", async () => {
    const answers = await Promise.all(
      ["k1-1-a", "x", "%00", "a".repeat(5_000)].map(async (token) => {
        const response = await visit.post(`/u/${token}`, click);
        const { "x-request-id": _, ...headers } = Object.fromEntries(response.headers);
        return JSON.stringify([response.status, headers, await response.text()]);
      }),
    );
    assert.equal(new Set(answers).size, 1);
    assert.equal(visit.moments, 4);
    assert.ok(visit.asked.every((ask) => ask.op === "unsubscribe" && ask.token.length <= 200));
  });

  it("needs the words of RFC 8058, and says so when it cannot be kept", async () => {
    assert.equal((await visit.post("/u/token", { other: "1" })).status, 400);
    visit.answers = { unsubscribe: new RetryLater("nobody", { code: "unreachable" }) };
    const response = await visit.post("/u/token", click);
    assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "10"]);
  });

  it("tells no other site of the link", async () => {
    assert.equal((await visit.request("/u/token")).headers.get("referrer-policy"), "no-referrer");
    assert.ok(URL_OF_CONSOLE.startsWith("https:"));
  });
});
