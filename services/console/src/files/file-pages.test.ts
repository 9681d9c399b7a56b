import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { ObjectsUnavailable } from "@tamis/store";
import { waitFor } from "@tamis/testkit";
import { makeObjectName, signLink } from "@tamis/tokens";
import { Visit } from "../../test/visit.ts";
import type { LinkedFiles } from "./linked-files.ts";

const keys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const OBJECT = makeObjectName();
const NAME = "l'été à 100 %/bilan.pdf";
const OVER = 1_000_000;

const pathOf = (more: { object?: string; recipient?: string | null; filename?: string } = {}): string => {
  const link = { object: OBJECT, filename: NAME, expiresAt: OVER, recipient: null, ...more };
  return `/f/${signLink(link, keys)}/${encodeURIComponent(link.filename)}`;
};

/** The console over a store with one file, and how many of its streams are open. */
function opened(more: Partial<LinkedFiles> = {}) {
  const seen = { open: 0, troubles: [] as string[] };
  const files: LinkedFiles = {
    keys: () => keys,
    objects: {
      async get(name) {
        if (name !== OBJECT) return null;
        seen.open++;
        const octets = Readable.from([Buffer.from("%PDF "), Buffer.from("rest")], { objectMode: false });
        octets.once("close", () => seen.open--);
        return { size: 9, octets };
      },
    },
    atOnce: 2,
    now: () => OVER - 1,
    onTrouble: (code) => seen.troubles.push(code),
    ...more,
  };
  return { visit: new Visit({ files }), seen };
}

describe("the link of an attachment", () => {
  for (const recipient of [null, "1000000007"])
    it(`gives the file under its name, never to be shown: ${recipient === null ? "everybody's" : "one recipient's"}`, async () => {
      const { visit, seen } = opened();
      const response = await visit.request(pathOf({ recipient }));
      assert.equal(response.status, 200);
      assert.equal(await response.text(), "%PDF rest");
      const { headers } = response;
      assert.match(
        headers.get("content-disposition") ?? "",
        /^attachment; filename=".*"; filename\*=UTF-8''l%27%C3%A9t/,
      );
      assert.deepEqual(
        ["content-type", "content-length", "cache-control", "x-content-type-options", "referrer-policy"].map((name) =>
          headers.get(name),
        ),
        ["application/pdf", "9", "no-store", "nosniff", "no-referrer"],
      );
      await waitFor(() => seen.open === 0);
      assert.deepEqual(
        visit.exchanges.map(({ route }) => route),
        ["/f/:token/:filename"],
      );
    });

  it("is looked at by HEAD without being read", async () => {
    const { visit, seen } = opened();
    const response = await visit.request(pathOf(), { method: "HEAD" });
    assert.deepEqual([response.status, response.headers.get("content-length"), response.body], [200, "9", null]);
    await waitFor(() => seen.open === 0);
  });

  it("is given whole to who asks for a piece of it, as was said before", async () => {
    const { visit } = opened();
    const response = await visit.request(pathOf(), { headers: { range: "bytes=5-" } });
    assert.deepEqual([response.status, response.headers.get("accept-ranges")], [200, "none"]);
    assert.equal(await response.text(), "%PDF rest");
  });

  it("has one answer for whatever leads to no file", async () => {
    const { visit } = opened();
    const path = pathOf();
    const over = opened({ now: () => OVER });
    const answers = await Promise.all([
      visit.request(path.replace("/f/", "/f/a")),
      visit.request(path.replace("bilan", "bilans")),
      visit.request(`/f/${"x".repeat(5_000)}/${encodeURIComponent(NAME)}`),
      visit.request(pathOf({ object: makeObjectName() })),
      over.visit.request(path),
    ]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [404]);
    assert.equal(new Set(texts).size, 1);
    assert.match(texts[0] ?? "", /The link is over/);
  });

  it("is given to so many at once, and again when one of them has gone away", async () => {
    const { visit } = opened({ atOnce: 1 });
    const first = await visit.request(pathOf());
    const refused = await visit.request(pathOf());
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "10"]);
    await first.body?.cancel();
    await waitFor(async () => (await visit.request(pathOf(), { method: "HEAD" })).status === 200);
  });

  it("may be tried again where the store or the keys are away, without a place being lost", async () => {
    assert.equal((await opened({ keys: () => null }).visit.request(pathOf())).status, 503);
    const { visit, seen } = opened({
      atOnce: 1,
      objects: { get: () => Promise.reject(new ObjectsUnavailable("EACCES")) },
    });
    for (let times = 0; times < 3; times++) assert.equal((await visit.request(pathOf())).status, 503);
    assert.deepEqual(seen.troubles, ["EACCES", "EACCES", "EACCES"]);
    assert.deepEqual(visit.bugs, []);
  });

  it("is nothing where no attachments become links", async () => {
    assert.equal((await new Visit().request(pathOf())).status, 404);
  });
});
