import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { CircularAnswer } from "@tamis/contracts";
import { circularOf, Visit } from "../../test/visit.ts";

const named = (...names: readonly string[]): CircularAnswer => ({
  kind: "lists",
  lists: names.map((name) => ({ name, about: name === "school:0380001A" ? "Collège <Vert>" : null })),
  isAll: true,
});
const addedLists: CircularAnswer = {
  kind: "added-lists",
  sources: [
    {
      source: "school:0380001A",
      found: 130,
      added: 120,
      doubles: 7,
      invalid: 2,
      incomplete: 1,
      lists: 3,
      depth: 2,
      notes: [
        { kind: "cycle", path: ["a", "b", "a"] },
        { kind: "gone", count: 4 },
      ],
    },
  ],
  leftOut: [
    { source: "school:0380001A", address: "nobody", missing: [] },
    { source: "school:0380001A", address: "b@example.org", missing: ["prenom"] },
  ],
  added: 120,
  suppressed: 3,
  recipients: 120,
};
const checked: CircularAnswer = {
  kind: "checked",
  recipients: 25_500,
  suppressed: 500,
  size: 2_048,
  domains: ["a", "b", "c", "d", "e", "f"].map((name, index) => ({ domain: `${name}.example`, count: 100 - index })),
  domainCount: 26,
};

describe("recipients from lists", () => {
  let visit: Visit;
  let token: string;
  beforeEach(async () => {
    visit = new Visit();
    visit.answers = {
      lists: (ask) =>
        ask.op === "lists" && ask.kind === "school"
          ? named("school:0380001A", "school:0380002B")
          : named("list:tous", "list:direction"),
      "add-lists": addedLists,
      status: { kind: "circular", circular: circularOf() },
      report: { kind: "reported", recipients: [], next: null },
      check: checked,
    };
    await visit.signIn();
    token = await visit.token();
    visit.asked.splice(0);
  });
  const textOf = async (response: Response | Promise<Response>): Promise<string> => (await response).text();
  const form = (path: string, fields: Record<string, string | readonly string[]>): Promise<Response> => {
    const data = new FormData();
    data.append("token", token);
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) data.append(name, one);
    return visit.post(path, data);
  };

  for (const path of ["/circulars/new", "/circulars/7"])
    it(`are offered as far as the sender may use them: ${path}`, async () => {
      const text = await textOf(visit.request(path));
      const offered = [...text.matchAll(/name="list" id="list-\d" value="([^"]+)"/g)].map(([, name]) => name);
      assert.deepEqual(offered, ["school:0380001A", "school:0380002B", "list:tous"]);
      assert.match(text, /Collège &lt;Vert&gt; \(school:0380001A\)/);
      const kinds = visit.asked.flatMap((ask) => (ask.op === "lists" ? [ask.kind] : []));
      assert.deepEqual(kinds, ["school", "list"]);
    });

  it("are typed where there are very many", async () => {
    visit.answers.lists = named(...Array.from({ length: 41 }, (_, index) => `school:${index}`));
    const text = await textOf(visit.request("/circulars/new"));
    assert.match(text, /<input id="list" name="list" value="" list="lists"/);
    assert.equal(text.match(/<option value="school:/g)?.length, 82);
  });

  it("are told of where they cannot be read: the page is there all the same", async () => {
    for (const answer of [
      new RetryLater("nobody", { code: "unreachable" }),
      { kind: "refused", code: "list-away", reason: "away" } as const,
    ]) {
      visit.answers.lists = answer;
      const response = await visit.request("/circulars/new");
      assert.equal(response.status, 200);
      assert.match(await response.text(), /Lists cannot be read just now/);
    }
  });

  it("are added to a draft, and what came of them is said", async () => {
    const text = await textOf(form("/circulars/7/recipients", { list: ["school:0380001A", "list:tous"] }));
    const add = visit.asked.find(({ op }) => op === "add-lists");
    assert.deepEqual(add, {
      op: "add-lists",
      accountId: "a1",
      id: "7",
      language: "en",
      sources: ["school:0380001A", "list:tous"],
    });
    assert.match(
      text,
      /school:0380001A: 120 added of 130; 7 were there before; 2 are no addresses; 1 lack a field; 3 lists, 2 deep; a list holds itself, and was read once: a → b → a; 4 members/,
    );
    assert.match(text, /no address: nobody[\s\S]*nothing for prenom: b@example\.org/);
    assert.match(text, /want no circulars and get none: 3/);
  });

  it("are not added where the sender may not use them, by a form as little as by a program", async () => {
    const response = await form("/circulars/7/recipients", { list: ["list:tous", "list:direction"] });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /role="alert"><p>list:direction/);
    const program = await visit.send("/circulars/7/lists", { lists: ["dn:cn=all,dc=example"] });
    assert.equal(((await program.json()) as { code: string }).code, "not-your-list");
    assert.ok(visit.asked.every(({ op }) => op !== "add-lists"));
  });

  it("make a circular with its form, without any file", async () => {
    const fields = { key: "k", subject: "Rentrée", markdown: "Bonjour", list: "list:tous" };
    const text = await textOf(form("/circulars", fields));
    assert.match(text, /120 added of 130[\s\S]*href="\/circulars\/7"/);
    assert.deepEqual([visit.created.length, visit.added], [1, []]);
    visit.answers["add-lists"] = { kind: "refused", code: "bad-list", reason: "list:tous is not UTF-8" };
    const refused = await form("/circulars", fields);
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /list:tous is not UTF-8[\s\S]*value="list:tous" checked/);
  });

  it("are no must: a draft may wait for them, but adding nothing is told", async () => {
    const made = await form("/circulars", { key: "k", subject: "Rentrée", markdown: "Bonjour" });
    assert.equal(made.headers.get("location"), "/circulars/7?done=created");
    const nothing = await form("/circulars/7/recipients", {});
    assert.equal(nothing.status, 422);
    assert.match(await nothing.text(), /Choose a list or a file of recipients/);
  });

  it("come to so many mails of such a size, which is told before anything leaves", async () => {
    const text = await textOf(visit.request("/circulars/7"));
    assert.match(text, /25,000 mails of 2\s*KiB: 48\.8\s*MiB in all/);
    assert.match(text, /500 more want no circulars/);
    assert.match(text, /<li>100 to a\.example<\/li>[\s\S]*<li>21 other domains<\/li>/);
    visit.answers.check = { kind: "refused", code: "too-large", reason: "the mail has 99 MB" };
    assert.match(await textOf(visit.request("/circulars/7")), /What will leave<\/h2>[\s\S]*the mail has 99 MB/);
    visit.answers.status = { kind: "circular", circular: circularOf({ state: "done" }) };
    assert.doesNotMatch(await textOf(visit.request("/circulars/7")), /What will leave/);
  });
});
