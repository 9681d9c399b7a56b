import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  circularAsk,
  decodeCircularDraft,
  outgoingObjects,
  subjects,
} from "@tamis/contracts";
import { Installation } from "./harness.ts";

const circular: Circular = {
  id: "7",
  state: "started",
  subject: "Rentrée",
  tracked: true,
  testOf: null,
  createdAt: 0,
  dueAt: 0,
  wall: null,
  zone: null,
  startedAt: 0,
  deadlineAt: 1,
  finishedAt: null,
  held: null,
  recipients: 3,
  counts: { accepted: 2, deferred: 1 },
};
const outlook = {
  recipients: 3,
  suppressed: 1,
  size: 2048,
  domains: [{ domain: "example.org", count: 2 }],
  domainCount: 1,
};
const person = {
  id: "1000000001",
  address: "eve@example.org",
  name: null,
  state: "rejected",
  attempts: 1,
  changedAt: 0,
  nextAt: null,
  messageId: null,
  reply: "550 5.1.1 no such mailbox",
} as const;

describe("tamis circular", { timeout: 60_000 }, () => {
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

  it("makes a draft from files, and says which lines it left out", async () => {
    answers = {
      create: { kind: "created", id: "7", fields: ["prenom"], secrets: 1, links: 2, password: "abcd-efgh" },
      add: {
        kind: "added",
        added: 1,
        suppressed: 0,
        recipients: 1,
        faults: [
          { kind: "invalid", line: 3 },
          { kind: "double", line: 4, of: 2 },
          { kind: "fields", line: 5, missing: ["prenom"] },
        ],
      },
    };
    const run = await site.tamis([
      "circular",
      "create",
      ...anna,
      "--subject",
      "Rentrée de {{prenom}}",
      "--markdown",
      file("lettre.md", "Bonjour **{{prenom}}**"),
      "--attach",
      file("note.pdf", "%PDF-1.4"),
      "--secret",
      file("paie.pdf", "secret"),
      "--recipients",
      file("agents.csv", "\ufeffprenom;courriel\r\nÈve;eve@example.org\r\nx;no address\r\n"),
    ]);
    assert.equal(run.err, "");
    assert.deepEqual(run.out.split("\n"), [
      "line 3: no address",
      "line 4: an address that was there before",
      "line 5: nothing for prenom",
      "3 lines were left out",
      "circular 7: 1 recipients",
      "2 attachments became links",
      "1 attachments leave encrypted, or not at all",
      "password of the archive, for those without a certificate: abcd-efgh",
      "It is shown now and kept nowhere: write it down, and never send it by mail. If it is lost, create the circular again.",
    ]);
    const [create, add] = asked;
    assert.ok(create?.op === "create" && add?.op === "add");
    const octets = await (await site.bus.objects(outgoingObjects)).get(create.draft.object);
    const { head, attachments } = decodeCircularDraft(octets ?? new Uint8Array());
    assert.deepEqual(
      [head.markdown, head.from, head.tracked],
      ["Bonjour **{{prenom}}**", { address: "anna@example.org" }, true],
    );
    assert.deepEqual(head.attachments, [
      { filename: "note.pdf", type: "application/pdf" },
      { filename: "paie.pdf", type: "application/pdf", secret: true },
    ]);
    assert.deepEqual(
      attachments.map((octets) => Buffer.from(octets).toString()),
      ["%PDF-1.4", "secret"],
    );
    assert.equal(add.source, "agents.csv");
    assert.deepEqual(add.recipients[0], {
      line: 2,
      address: "eve@example.org",
      fields: { prenom: "Ève", courriel: "eve@example.org" },
    });
  });

  it("says in French what it cannot read", async () => {
    const recipients = file("latin.csv", "nom;prenom\nA;B\n");
    const text = file("t.txt", "Bonjour");
    const run = await site.tamis(
      ["circular", "create", ...anna, "--subject", "x", "--text", text, "--recipients", recipients],
      { locale: "fr" },
    );
    assert.equal(run.code, 1);
    assert.match(run.err, /n'a pas de colonne d'adresses \(nom, prenom\)/);
    const good = file("good.csv", "address\na@example.org\n");
    const silent = await site.tamis(["circular", "create", ...anna, "--subject", "x", "--recipients", good]);
    assert.deepEqual([silent.code, asked], [2, []]);
  });

  it("shows the mail, and sends a test", async () => {
    const mail = Buffer.from("To: eve@example.org\r\n\r\nBonjour\r\n").toString("base64");
    answers = {
      preview: { kind: "previewed", address: "eve@example.org", mail, size: 2048, recipients: 3 },
      test: { kind: "circular", circular },
    };
    const run = await site.tamis(["circular", "preview", "7", ...anna, "--as", "eve@example.org"]);
    assert.match(run.out, /^To: eve@example\.org\n\nBonjour/);
    assert.match(run.err, /to eve@example\.org; 2\.0 KiB each, 3 recipients/);
    const tested = await site.tamis(["circular", "test", "7", ...anna, "--to", "anna@example.org"]);
    assert.match(tested.out, /on its way to anna@example\.org/);
    assert.deepEqual(asked[0], {
      op: "preview",
      accountId: "anna",
      language: "en",
      id: "7",
      address: "eve@example.org",
    });
  });

  it("schedules at a wall time, or at once, and not at both", async () => {
    const sealing = { smime: 1, archive: 2, nothing: 0 };
    answers = { schedule: { kind: "scheduled", dueAt: 0, undoUntil: 0, ...outlook, sealing } };
    const at = ["--at", "2026-11-30T08:00", "--zone", "Europe/Paris"];
    const run = await site.tamis(["circular", "schedule", "7", ...anna, ...at]);
    assert.match(run.out, /^leaves 1970-.* for 3 recipients, 2\.0 KiB each; .*`tamis circular cancel 7`/);
    assert.match(run.out, /1 by S\/MIME, 2 in the archive, 0 held/);
    await site.tamis(["circular", "schedule", "7", ...anna, "--now"]);
    assert.deepEqual(
      asked.map((ask) => ask.op === "schedule" && ask.when),
      [{ kind: "wall", wall: "2026-11-30T08:00", zone: "Europe/Paris" }, { kind: "now" }],
    );
    assert.equal((await site.tamis(["circular", "schedule", "7", ...anna])).code, 2);
    assert.equal((await site.tamis(["circular", "schedule", "7", ...anna, ...at, "--now"])).code, 2);
  });

  it("schedules what recurs, in the hours that are said, and tells what will leave", async () => {
    const dueAt = Date.UTC(2026, 11, 7, 7);
    answers = { schedule: { kind: "scheduled", dueAt, undoUntil: dueAt, ...outlook, saidAt: 0 } };
    const every = ["--every", "first Monday 8:00", "--zone", "Europe/Paris", "--times", "4", "--until", "2027-06-30"];
    const run = await site.tamis(["circular", "schedule", "7", ...anna, ...every, "--office-hours", "Mon-Fri 8-18"]);
    assert.match(run.out, /^1970-01-01 .* lies outside office hours.*\nleaves 2026-12-07 /);
    assert.match(run.out, /\n2 mails of 2\.0 KiB: 4\.0 KiB in all\n {2}example\.org: 2\n1 more want no circulars/);
    const again = ["--every", "weekly", "--at", "2026-12-01T08:00", "--zone", "Europe/Paris", "--any-hour"];
    await site.tamis(["circular", "schedule", "7", ...anna, ...again]);
    const when = { kind: "wall", wall: "2026-12-01T08:00", zone: "Europe/Paris" };
    assert.deepEqual(
      asked.map((ask) => ask.op === "schedule" && [ask.when, ask.every, ask.hours]),
      [
        [
          { kind: "first", zone: "Europe/Paris" },
          { rule: "first Monday 8:00", times: 4, until: "2027-06-30" },
          { kind: "own", text: "Mon-Fri 8-18", zone: "Europe/Paris" },
        ],
        [when, { rule: "weekly" }, { kind: "any" }],
      ],
    );
    assert.equal((await site.tamis(["circular", "schedule", "7", ...anna, "--now", "--times", "2"])).code, 2);
  });

  it("tells how far it is, and why it is held", async () => {
    answers = {
      status: { kind: "circular", circular: { ...circular, state: "held", held: "restored" } },
      cancel: { kind: "circular", circular: { ...circular, state: "cancelled" }, left: 2 },
      withdraw: { kind: "circular", circular: { ...circular, state: "draft", dueAt: null } },
    };
    const status = await site.tamis(["circular", "status", "7", ...anna], { locale: "fr" });
    assert.match(status.out, /^7: Rentrée, retenue, 3 destinataires/);
    const { counts } = circular;
    answers.status = { kind: "circular", circular: { ...circular, counts: { ...counts, held: 1 } } };
    const waiting = await site.tamis(["circular", "status", "7", ...anna]);
    assert.match(waiting.out, /held: 1\n.*no usable certificate: .*release 7/);
    assert.match(status.out, /accepté: 2\n {2}différé: 1\nla base a été restaurée .*resume 7/);
    const cancelled = await site.tamis(["circular", "cancel", "7", ...anna]);
    assert.match(cancelled.out, /2 had left or were leaving by then/);
    const json = await site.tamis(["circular", "cancel", "7", ...anna, "--json"]);
    assert.deepEqual([JSON.parse(json.out).left, JSON.parse(json.out).state], [2, "cancelled"]);
    const withdrawn = await site.tamis(["circular", "withdraw", "7", ...anna]);
    assert.match(withdrawn.out, /^7: Rentrée, draft, 3 recipients\n/);
    const missing = await site.tamis(["circular", "pause", "8", ...anna]);
    assert.deepEqual([missing.code, missing.err], [1, "tamis: there is no such circular"]);
  });

  it("lists, reports, and releases", async () => {
    answers = {
      list: { kind: "listed", circulars: [circular] },
      report: { kind: "reported", recipients: [person], next: null },
      release: { kind: "done" },
    };
    const list = await site.tamis(["circular", "list", ...anna]);
    assert.match(list.out, /^7 {2}1970-.* {2}leaving {2}3 recipients {2}Rentrée$/);
    const report = await site.tamis(["circular", "report", "7", ...anna, "--state", "rejected"]);
    assert.match(report.out, /^1000000001 .* eve@example\.org {2}rejected {2}550 5\.1\.1 no such mailbox$/);
    const json = await site.tamis(["circular", "report", "7", ...anna, "--json"]);
    assert.deepEqual(JSON.parse(json.out), person);
    const sealing = { by: "archive", certificate: "expired" } as const;
    answers.report = { kind: "reported", recipients: [{ ...person, sealing }], next: null };
    const sealed = await site.tamis(["circular", "report", "7", ...anna], { locale: "fr" });
    assert.match(sealed.out, /mailbox; archive chiffrée; certificat expiré$/);
    const released = await site.tamis(["circular", "release", "7", person.id, ...anna]);
    assert.equal(released.out, "1000000001 will be written to again");
    assert.equal((await site.tamis(["circular", "report", "7", ...anna, "--state", "lost"])).code, 2);
  });
});
