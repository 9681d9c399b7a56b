import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  circularAsk,
  outgoingObjects,
  subjects,
} from "@tamis/contracts";
import { Installation } from "./harness.ts";

const outlook = {
  recipients: 3,
  suppressed: 1,
  size: 2048,
  domains: [{ domain: "example.org", count: 2 }],
  domainCount: 1,
};

const circular: Circular = {
  ...{ id: "7", state: "draft", subject: "Rentrée", tracked: true, testOf: null, createdAt: 0, held: null },
  ...{ dueAt: null, wall: null, zone: null, startedAt: null, deadlineAt: null, finishedAt: null },
  ...{ recipients: 3, counts: { scheduled: 3 } },
};

describe("tamis circular: who gets it", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "anna@example.org"];
  let asked: CircularAsk[] = [];
  let answers: Partial<Record<CircularAsk["op"], CircularAnswer>> = {};
  const file = (name: string, text: string): string => {
    const path = join(dirname(site.config), name);
    writeFileSync(path, text);
    return path;
  };

  before(async () => {
    await site.open();
    await site.setUpStreams();
    appendFileSync(site.config, "outbox: { relay: { host: 127.0.0.1, tls: none } }\n");
    await site.bus.objects(outgoingObjects);
    await site.bus.respond(subjects.outboxCirculars, ({ payload }) => {
      const ask = circularAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      asked.push(ask);
      const unknown: CircularAnswer = { kind: "refused", code: "missing", reason: "there is no such circular" };
      return { payload: Buffer.from(JSON.stringify(answers[ask.op] ?? unknown)) };
    });
  });
  beforeEach(() => {
    asked = [];
    answers = {};
  });
  after(() => site.close());

  it("adds what lists hold, tells what came of each, and which there are", async () => {
    const source = {
      source: "school:0380001A",
      found: 9,
      added: 5,
      doubles: 1,
      invalid: 1,
      incomplete: 2,
      lists: 3,
      depth: 2,
    };
    const notes = [{ kind: "cycle", path: ["a", "b", "a"] } as const, { kind: "gone", count: 2 } as const];
    answers = {
      "add-lists": {
        kind: "added-lists",
        sources: [{ ...source, notes }],
        leftOut: [{ source: source.source, address: "x", missing: [] }],
        ...{ added: 5, suppressed: 1, recipients: 8 },
      },
      add: { kind: "added", added: 1, suppressed: 0, recipients: 9, faults: [] },
      lists: { kind: "lists", lists: [{ name: "school:0380001A", about: "Lycée" }], isAll: false },
    };
    const csv = file("more.csv", "address\na@example.org\n");
    const run = await site.tamis(["circular", "add", "7", ...anna, "--to", source.source, "--recipients", csv]);
    assert.deepEqual(run.out.split("\n"), [
      "school:0380001A: 5 added of 9, 1 were there before, 1 are no addresses, 2 lack a field, 3 lists, 2 deep",
      "  a list holds itself, and was read once: a → b → a",
      "  2 members are not in the directory any more",
      "  no address: x",
      "circular 7: 9 recipients",
      "1 of them want no circulars, and get none",
    ]);
    assert.deepEqual(
      asked.map(({ op }) => op),
      ["add-lists", "add"],
    );
    assert.equal((await site.tamis(["circular", "add", "7", ...anna])).code, 2);
    const reason = "there is no list";
    answers = { "add-lists": { kind: "refused", code: "bad-list", reason }, status: { kind: "circular", circular } };
    const none = await site.tamis(["circular", "add", "7", ...anna, "--to", "list:x"]);
    assert.deepEqual([none.code, none.err.split("\n")[0]?.includes("circular 7 has 3 recipients now")], [1, true]);
    answers = { lists: { kind: "lists", lists: [{ name: "school:0380001A", about: "Lycée" }], isAll: false } };
    const lists = await site.tamis(["circular", "lists", ...anna, "--kind", "school"]);
    assert.deepEqual([lists.out, lists.err], ["school:0380001A  Lycée", "there are more: name a kind with --kind"]);
  });

  it("keeps nothing of a dry run, nor where a list cannot be used", async () => {
    const create = [
      "circular",
      "create",
      ...anna,
      "--subject",
      "x",
      "--text",
      file("t.txt", "Bonjour"),
      "--to",
      "list:profs",
    ];
    const listed = { kind: "added-lists", sources: [], leftOut: [], added: 3, suppressed: 1, recipients: 3 } as const;
    answers = {
      create: { kind: "created", id: "7", fields: [], secrets: 0, links: 0 },
      "add-lists": listed,
      check: { kind: "checked", ...outlook },
      discard: { kind: "done" },
    };
    const dry = await site.tamis([...create, "--dry-run"]);
    assert.match(dry.out, /^2 mails of 2\.0 KiB.*dry run: nothing was kept, nothing leaves$/s);
    assert.deepEqual(
      asked.map(({ op }) => op),
      ["create", "add-lists", "check", "discard"],
    );
    asked = [];
    answers = { ...answers, "add-lists": { kind: "refused", code: "list-away", reason: "the directory is away" } };
    const away = await site.tamis(create);
    assert.deepEqual([away.code, away.err], [1, "tamis: the directory is away"]);
    assert.deepEqual(
      asked.map(({ op }) => op),
      ["create", "add-lists", "discard"],
    );
  });

  it("takes addresses that want no circulars, by name and by file, and gives them as CSV", async () => {
    answers = {
      suppress: { kind: "suppression", changed: 2, invalid: ["x"] },
      unsuppress: { kind: "suppression", changed: 1, invalid: [] },
      suppressed: { kind: "suppressed", addresses: [{ address: "eve@example.org", at: 0 }], next: null },
    };
    const list = file("suppressed.csv", "address,since\nbob@example.org,1970-01-01T00:00:00.000Z\n");
    const run = await site.tamis(["circular", "suppress", "eve@example.org", "x", "--file", list]);
    assert.deepEqual([run.code, run.out, run.err], [1, "2 addresses get no circulars from now on", "x is no address"]);
    const back = await site.tamis(["circular", "unsuppress", "eve@example.org"], { locale: "fr" });
    assert.deepEqual([back.code, back.out], [0, "1 adresses reçoivent de nouveau des circulaires"]);
    assert.deepEqual(asked, [
      { op: "suppress", addresses: ["eve@example.org", "x", "bob@example.org"] },
      { op: "unsuppress", addresses: ["eve@example.org"] },
    ]);
    const written = await site.tamis(["circular", "suppressed"]);
    assert.equal(written.out, "address,since\neve@example.org,1970-01-01T00:00:00.000Z");
    assert.equal((await site.tamis(["circular", "suppress"])).code, 2);
  });
});
