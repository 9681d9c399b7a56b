import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { eve, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";

describe("the language of a page", () => {
  let visit: Visit;
  beforeEach(() => {
    visit = new Visit();
    visit.receipts = (ask) =>
      ask.op === "policy"
        ? { kind: "policy", chosen: null, effective: "ask" }
        : { kind: "requests", requests: [], next: null };
  });
  const languageIn = async (response: Response): Promise<string> =>
    /<html lang="(..)">/.exec(await response.text())?.[1] ?? "none";
  const asked = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    languageIn(await visit.request(path, { headers }));

  it("is what the browser says, until a person chooses another, and then that", async () => {
    const headers = { "accept-language": "fr" };
    assert.equal(await asked("/sign-in", headers), "fr");
    const chosen = await visit.request("/sign-in?to=%2Fcirculars%2F7&language=en", { headers });
    assert.deepEqual(
      [chosen.status, chosen.headers.get("location")],
      [303, `${URL_OF_CONSOLE}/sign-in?to=%2Fcirculars%2F7`],
    );
    const [cookie = ""] = chosen.headers.get("set-cookie")?.split(";") ?? [];
    assert.match(
      chosen.headers.get("set-cookie") ?? "",
      /^__Host-tamis-language=en; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.equal(await asked("/sign-in", { ...headers, cookie }), "en");
  });

  for (const path of ["/sign-in?to=%2Fcirculars%2F7", "/u/k1-1-secret", "/nowhere"])
    it(`can be chosen on ${path}, which says nothing of itself`, async () => {
      const text = await (await visit.request(path)).text();
      const [, href = ""] = /<a href="([^"]+)" lang="fr" hreflang="fr">Français<\/a>/.exec(text) ?? [];
      const query = path.includes("?") ? "?to=%2Fcirculars%2F7&amp;language=fr" : "?language=fr";
      assert.equal(href.replaceAll("&amp;", "&"), query.replaceAll("&amp;", "&"));
    });

  it("is changed by no other word, and on no other way", async () => {
    for (const [path, init] of [
      ["/sign-in?language=klingon", {}],
      ["/sign-in?language=en", { method: "POST" }],
    ] as const)
      assert.equal((await visit.request(path, init)).headers.get("set-cookie"), null);
    assert.equal(await asked("/sign-in", { cookie: "__Host-tamis-language=klingon" }), "en");
  });

  it("leads nowhere else", async () => {
    const response = await visit.request("//evil.example/?language=fr");
    assert.equal(response.headers.get("location"), `${URL_OF_CONSOLE}//evil.example/`);
  });

  it("is the account's where neither a person nor a browser says anything", async () => {
    await visit.signIn(eve.address);
    assert.equal(await asked("/receipts"), "fr");
    assert.equal(await asked("/receipts", { "accept-language": "en" }), "en");
    assert.equal(visit.askedReceipts[0]?.language, "fr");
  });

  it("is said anew by programs in each request", async () => {
    const cookie = "__Host-tamis-language=fr";
    const response = await visit.api("/nowhere", { headers: { cookie }, language: "en" });
    assert.equal(response.headers.get("content-language"), "en");
    const query = await visit.api("/circulars?language=fr");
    assert.deepEqual([query.status, query.headers.get("set-cookie")], [400, null]);
  });
});
