import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, describe, it } from "node:test";
import { type CircularDraftHead, encodeCircularDraft, writtenCircular } from "@tamis/contracts";
import type { EditableCircular, Revised, RevisedCircular } from "../tables/circular-edits.ts";
import { DraftDesk } from "./attachments/draft-desk.ts";
import { decodeKeptDraft, encodeKeptDraft, type KeptDraft } from "./attachments/kept-draft.ts";
import { formsOf } from "./composed-circular.ts";
import { type EditAskDeps, onEditAsk } from "./on-edit-ask.ts";

const head: CircularDraftHead = {
  v: 1,
  from: { address: "rh@academie.example" },
  subject: "Paie",
  markdown: "Bonjour",
  attachments: [],
  tracked: true,
};
const file = (filename: string) => ({ filename, type: "application/pdf", octets: Buffer.from(filename) });
const before: KeptDraft = {
  head,
  files: [file("note.pdf")],
  links: [{ filename: "film.mp4", size: 9, sha256: "00", object: "o1", url: "https://f.example", days: 30 }],
  secrets: [file("paie-1.pdf"), file("paie-2.pdf")],
  archive: file("attachments.zip"),
};

describe("a circular that is written anew", () => {
  let bucket: Map<string, Uint8Array>;
  let found: EditableCircular | null;
  let outcome: Revised;
  let stored: RevisedCircular[];
  let mailOctets: number;
  beforeEach(() => {
    bucket = new Map();
    found = { id: 7, state: "draft", isEditable: true, version: "v1", frame: encodeKeptDraft(before) };
    outcome = "done";
    stored = [];
    mailOctets = 10;
  });
  const now = () => new Date(0);
  const deps = (more: Partial<EditAskDeps> = {}): EditAskDeps => ({
    objects: {
      get: async (name) => bucket.get(name) ?? null,
      put: async (name, octets) => void bucket.set(name, octets),
      delete: async (name) => void bucket.delete(name),
    },
    edits: {
      read: async () => found,
      revise: async (_account, _id, revised) => {
        stored.push(revised);
        return outcome;
      },
      withdraw: async () => "not-possible",
      sources: async () => [],
      remove: async () => "not-possible",
    },
    // Proof: nothing else of a circular is told.
    circulars: { find: async () => ({ state: "started" }) } as unknown as EditAskDeps["circulars"],
    recipients: {
      addressee: async () => ({ id: 1, address: "a@example.org", name: null, fields: {}, messageId: null }),
    },
    composeFrame: () => ({
      perMail: 1,
      octets: mailOctets,
      mailFor: async () => ({
        ...{ envelopeId: "x", from: "rh@academie.example", recipients: [], dsn: null, deliverBy: null },
        octets: Buffer.alloc(mailOctets),
      }),
    }),
    desk: new DraftDesk({
      links: null,
      files: { announce: async () => undefined },
      sensitive: [{ filename: "paie*" }],
      archives: true,
      language: "en",
      now,
    }),
    formsOf: (draft) =>
      formsOf(draft, {
        linkKeys: () => ({ current: { id: "a2", secret: Buffer.alloc(32) }, old: [] }),
        language: "en",
        now,
      }),
    isTracking: false,
    mayWriteAs: () => true,
    maxBytes: 100,
    language: "en",
    now,
    onChanged: () => undefined,
    log: { warn: () => undefined },
    ...more,
  });
  const put = (more: Partial<CircularDraftHead> = {}, files: readonly string[] = []) => {
    const named = files.map((filename) => ({ filename, type: "application/pdf" }));
    const octets = encodeCircularDraft({
      head: { ...head, ...more, attachments: named },
      attachments: files.map((one) => Buffer.from(one)),
    });
    bucket.set("draft", octets);
    return { object: "draft", size: octets.length, sha256: createHash("sha256").update(octets).digest("hex") };
  };
  const revise = (keep: readonly number[], draft = put(), more: Partial<EditAskDeps> = {}) =>
    onEditAsk(
      { op: "revise", accountId: "a", id: "7", address: "rh@academie.example", version: "v1", draft, keep },
      deps(more),
    );
  const kept = (): KeptDraft => decodeKeptDraft(stored.at(-1)?.body.octets ?? Buffer.alloc(0));
  const names = (of: readonly { readonly filename: string }[]) => of.map(({ filename }) => filename);

  it("is read with its attachments in their order, and without their octets", async () => {
    const answer = await onEditAsk({ op: "written", accountId: "a", id: "7" }, deps());
    assert.ok(answer.kind === "written", JSON.stringify(answer));
    const octets = bucket.get(answer.draft.object) ?? assert.fail();
    assert.equal(octets.length, answer.draft.size);
    const circular = writtenCircular.parse(JSON.parse(Buffer.from(octets).toString()));
    assert.deepEqual([answer.version, circular.subject, circular.markdown], ["v1", "Paie", "Bonjour"]);
    assert.deepEqual(circular.attachments, [
      { filename: "note.pdf", size: 8, as: "file" },
      { filename: "film.mp4", size: 9, as: "link" },
      { filename: "paie-1.pdf", size: 10, as: "secret" },
      { filename: "paie-2.pdf", size: 10, as: "secret" },
    ]);
  });

  it("keeps what it is to keep, its archive with the password that it had", async () => {
    const answer = await revise([0, 1, 2, 3], put({ subject: "Paie de mai" }, ["plan.pdf"]));
    assert.deepEqual(answer, { kind: "revised", id: "7", fields: [], secrets: 2, links: 1 });
    const draft = kept();
    assert.equal(draft.head.subject, "Paie de mai");
    assert.deepEqual(
      [names(draft.files), names(draft.links), names(draft.secrets)],
      [["note.pdf", "plan.pdf"], ["film.mp4"], ["paie-1.pdf", "paie-2.pdf"]],
    );
    assert.deepEqual(Buffer.from((draft.archive as { octets: Uint8Array }).octets).toString(), "attachments.zip");
    assert.deepEqual(stored[0]?.objects, ["o1"]);
    assert.equal(bucket.size, 0);
  });

  it("has another archive, and another password, where a secret goes or comes", async () => {
    for (const [keep, files] of [
      [[3], []],
      [[2, 3], ["paie-3.pdf"]],
    ] as const) {
      const answer = await revise(keep, put({}, files));
      assert.ok(answer.kind === "revised" && answer.password !== undefined, JSON.stringify(answer));
      const { archive, secrets } = kept();
      assert.equal(secrets.length, keep.length + files.length);
      assert.ok(archive !== null && "octets" in archive);
      assert.ok(!Buffer.from(archive.octets).includes("attachments.zip"));
      assert.equal(Buffer.from(archive.octets).includes("paie-1.pdf"), keep.length === 2, "named in the archive");
    }
    assert.ok((await revise([0, 1])).kind === "revised");
    assert.deepEqual([kept().archive, kept().secrets], [null, []]);
    await revise([]);
    assert.deepEqual([kept().files, kept().links, stored.at(-1)?.objects], [[], [], []]);
  });

  it("makes a file secret that is so by the rules that are now, and keeps no link to one", async () => {
    const desk = (sensitive: ConstructorParameters<typeof DraftDesk>[0]["sensitive"]) =>
      new DraftDesk({
        links: null,
        files: { announce: async () => undefined },
        sensitive,
        archives: true,
        language: "en",
        now,
      });
    await revise([0, 2, 3], put(), { desk: desk([{ filename: "note*" }]) });
    assert.deepEqual([names(kept().files), names(kept().secrets)], [[], ["note.pdf", "paie-1.pdf", "paie-2.pdf"]]);
    for (const rule of [{ filename: "film*" }, { filename: "film*", type: "video/*" }]) {
      const answer = await revise([1], put(), { desk: desk([rule]) });
      assert.ok(answer.kind === "refused" && answer.code === "bad-draft" && /film\.mp4/.test(answer.reason));
    }
  });

  it("is refused as a new one would be", async () => {
    for (const [answer, code] of [
      [await revise([], put({ markdown: "{{" })), "bad-draft"],
      [await revise([], put({ receipts: "read" })), "bad-draft"],
      [await revise([], put(), { mayWriteAs: () => false }), "not-allowed"],
      [await revise([], { object: "gone", size: 1, sha256: "0".repeat(64) }), "bad-draft"],
      [
        await revise(
          [0, 1, 2, 3],
          put(
            {},
            Array.from({ length: 47 }, (_, index) => `${index}.pdf`),
          ),
        ),
        "bad-draft",
      ],
    ] as const)
      assert.deepEqual([answer.kind, "code" in answer ? answer.code : ""], ["refused", code]);
    assert.deepEqual(stored, []);
  });

  it("that is scheduled is not made larger than what may leave", async () => {
    mailOctets = 101;
    assert.equal((await revise([])).kind, "revised", "a draft is told so when it is scheduled");
    found = { ...(found ?? assert.fail()), state: "scheduled" };
    const answer = await revise([]);
    assert.ok(answer.kind === "refused" && answer.code === "too-large");
  });

  it("is told why it cannot be", async () => {
    for (const [told, code, reason] of [
      ["changed", "changed", /meanwhile/],
      ["begun", "not-possible", /begun.*/],
      ["missing", "missing", /no such/],
      [{ lacking: 3, fields: ["nom"] }, "bad-draft", /\{\{nom\}\}: 3/],
    ] as const) {
      outcome = told;
      const answer = await revise([]);
      assert.ok(answer.kind === "refused");
      assert.equal(answer.code, code);
      assert.match(answer.reason, reason);
    }
    found = { ...(found ?? assert.fail()), isEditable: false, state: "started" };
    for (const answer of [await revise([]), await onEditAsk({ op: "written", accountId: "a", id: "7" }, deps())])
      assert.ok(answer.kind === "refused" && answer.code === "not-possible" && /started/.test(answer.reason));
    found = null;
    assert.ok((await revise([])).kind === "refused");
  });
});
