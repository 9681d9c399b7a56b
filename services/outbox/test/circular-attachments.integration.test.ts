import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import type { CircularRecipient } from "@tamis/contracts";
import { loadSettings } from "@tamis/kit";
import { readMessage, walk } from "@tamis/message";
import { openObjects, openStore } from "@tamis/store";
import { debianTools, type S3Server, type SunkMail, startS3, waitFor } from "@tamis/testkit";
import { sql } from "kysely";
import { attachmentFindings } from "../src/circulars/attachments/attachments-doctor.ts";
import { dropFiles } from "../src/circulars/attachments/drop-files.ts";
import { examine } from "../src/doctor.ts";
import { outboxService } from "../src/outbox-service.ts";
import { openLinkedFiles } from "../src/tables/linked-files.ts";
import { migrations, type Tables } from "../src/tables/schema.ts";
import { CircularAsks } from "./circular-asks.ts";
import { World } from "./world.ts";

const run = promisify(execFile);
const LARGE = randomBytes(60_000);
const SECRET = Buffer.from(`Fiche de paie ${randomBytes(40).toString("hex")}`);
const SILENT = { info() {}, warn() {}, error() {} };
const HOLDERS = ["anna@academie.example", "other@academie.example"];

/** Settings of circulars, over those that make tests quick. */
const settings = (circulars: string): string => `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
  language: fr
  circulars: { undo_ms: 0, ${circulars} }
`;

describe("attachments of circulars", { timeout: 170_000 }, () => {
  let world: World;
  let s3: S3Server;
  let asks: CircularAsks;
  const path = (name: string): string => join(world.dir.path, name);
  const restart = async (circulars: string): Promise<void> => {
    await world.stopServices();
    world.configure({ outbox: settings(circulars) });
    await world.start();
  };
  before(async () => {
    const { needDebianPackages } = await debianTools();
    await needDebianPackages(["openssl", "p7zip-full"]);
    [world, s3] = await Promise.all([World.open({ store: "postgres", outbox: settings("") }), startS3()]);
    mkdirSync(path("certificates"));
  });
  beforeEach(() => {
    world.begin();
    asks = new CircularAsks(world.bus, world.account);
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    await s3.stop();
  });

  const people = (...addresses: readonly string[]): CircularRecipient[] =>
    addresses.map((address, index) => ({ line: index + 2, address, fields: { prenom: "Zoé" } }));

  /** A certificate for an address, in the folder. */
  async function certify(address: string): Promise<void> {
    const files = ["-keyout", path(`${address}.key`), "-out", path(`certificates/${address}.pem`)];
    const names = ["-subj", "/CN=x", "-addext", `subjectAltName=email:${address}`];
    await run("openssl", [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      ...files,
      ...names,
    ]);
  }

  /** A circular with one attachment; its id, and what was answered. */
  async function created(
    attachment: { readonly secret?: boolean; readonly type?: string },
    octets: Uint8Array,
    recipients: CircularRecipient[],
  ) {
    const attachments = [{ filename: "été.pdf", type: "application/pdf", ...attachment }];
    const answer = await asks.create({ attachments }, randomUUID(), [octets]);
    assert.ok(answer.kind === "created", JSON.stringify(answer));
    await asks.expect("added", { op: "add", accountId: asks.account, id: answer.id, recipients });
    return answer;
  }

  const scheduled = (id: string) =>
    asks.expect("scheduled", { op: "schedule", accountId: asks.account, id, when: { kind: "now" } });

  const textOf = ({ raw }: SunkMail): string =>
    [...walk(readMessage(raw).root)].find(({ type }) => type === "text/plain")?.text() ?? "";

  /** Two get a link each; `stored`: what is in the store. */
  async function linked(stored: () => readonly Buffer[]): Promise<void> {
    const { id, links } = await created({}, LARGE, people("a@b.example", "c@b.example"));
    const objects = stored();
    assert.deepEqual([links, objects.length, objects[0]?.equals(LARGE)], [1, 1, true]);
    await scheduled(id);
    assert.deepEqual((await asks.done(id)).counts, { accepted: 2 });
    const texts = world.mails.map(textOf);
    const digest = createHash("sha256").update(LARGE).digest("hex");
    for (const text of texts) {
      assert.match(text, /été\.pdf \(60\sko, jusqu'au \d+ \p{L}+ 20\d\d\)/u);
      assert.ok(text.includes(`SHA-256: ${digest}`), text);
    }
    assert.notEqual(texts[0], texts[1]);
    for (const { raw } of world.mails) assert.ok(raw.length < 4_000);
  }

  describe("in a folder, where archives are allowed,", () => {
    before(async () => {
      for (const address of HOLDERS) await certify(address);
      const store = "{ kind: folder, dir: ./files }";
      const links = `attachments: { link_above_bytes: 1000, url: "https://files.example.org", store: ${store} }`;
      await restart(`${links}, secrets: { certificates: ./certificates }, sensitive: [{ type: "*/X-PAIE" }]`);
    });

    it("those that are large are stored once, before anything is scheduled, and mails have links", () =>
      linked(() =>
        readdirSync(path("files"), { recursive: true, encoding: "utf8" })
          .filter((name) => name.includes("/"))
          .map((name) => readFileSync(path(`files/${name}`))),
      ));

    it("those that are secret go by S/MIME to who has a certificate, as an archive to the others, to nobody in the clear", async () => {
      const recipients = people("anna@academie.example", "bob@academie.example");
      const { id, secrets, password = "" } = await created({ type: "application/x-paie" }, SECRET, recipients);
      assert.equal(secrets, 1);
      assert.deepEqual((await scheduled(id)).sealing, { smime: 1, archive: 1, nothing: 0 });
      assert.deepEqual((await asks.done(id)).counts, { accepted: 2 });
      const [anna, bob] = ["anna@", "bob@"].map((name) => world.mails.find(({ to }) => to[0]?.startsWith(name)));
      assert.ok(anna && bob);
      writeFileSync(path("anna.eml"), anna.raw);
      const key = path("anna@academie.example.key");
      const opening = ["-recip", path("certificates/anna@academie.example.pem"), "-inkey", key];
      await run("openssl", [
        "cms",
        "-decrypt",
        "-in",
        path("anna.eml"),
        "-out",
        path("anna.mime"),
        "-binary",
        ...opening,
      ]);
      const file = [...walk(readMessage(readFileSync(path("anna.mime"))).root)].find(
        ({ filename }) => filename !== null,
      );
      assert.deepEqual([file?.filename, Buffer.from(file?.bytes() ?? [])], ["été.pdf", SECRET]);
      const zip = [...walk(readMessage(bob.raw).root)].find(({ type }) => type === "application/zip");
      writeFileSync(path("bob.zip"), zip?.bytes() ?? "");
      await run("7z", ["x", "-y", `-p${password}`, `-o${path("bob")}`, path("bob.zip")]);
      assert.deepEqual(readFileSync(path(`bob/${readdirSync(path("bob"))[0]}`)), SECRET);
      for (const { raw } of world.mails) {
        const unfolded = raw.toString("latin1").replaceAll("\r\n", "");
        const encoded = SECRET.subarray(0, 48).toString("base64");
        for (const found of [SECRET.toString(), encoded, password]) assert.ok(!unfolded.includes(found));
      }
      const report = await asks.report(id);
      assert.deepEqual(
        report.map(({ sealing }) => sealing),
        [{ by: "smime" }, { by: "archive", certificate: "none" }],
      );
    });

    it("the password of those that are secret is in no log and in no table", async () => {
      await world.stopServices();
      writeFileSync(world.config, readFileSync(world.config, "utf8").replace("level: info", "level: trace"));
      const child = await world.spawn();
      const { id, password = "" } = await created({ secret: true }, SECRET, people("bob@academie.example"));
      await scheduled(id);
      await asks.done(id);
      child.kill("SIGTERM");
      await child.ended();
      await world.start();
      const { store: settings, state_dir: stateDir } = loadSettings(world.config, outboxService.sections);
      const store = await openStore<Tables>({ settings, stateDir, service: "outbox", migrations, log: SILENT });
      const tables = sql<{ all: string }>`select (select string_agg(c::text, ' ') from tamis_outbox.circular c)
        || (select string_agg(r::text, ' ') from tamis_outbox.circular_recipient r) || (select string_agg(encode(octets, 'escape'), ' ') from tamis_outbox.body) as all`;
      const { rows } = await store.read((db) => tables.execute(db));
      await store.close();
      const { all = "" } = rows[0] ?? {};
      assert.ok(
        password.length > 30 && child.written.includes("circular-changed") && all.includes("bob@academie.example"),
      );
      for (const piece of [password, password.replaceAll("-", "")])
        for (const text of [child.written, all]) assert.ok(!text.includes(piece));
    });

    it("those that are secret, asked for twice, have one password, said once", async () => {
      const attachments = [{ filename: "a.txt", type: "text/plain", secret: true }];
      const [first, second] = [1, 2].map(() => asks.create({ attachments }, "once", [SECRET]));
      const answers = [await first, await second].map((answer) => (answer?.kind === "created" ? answer : null));
      assert.equal(answers[0]?.id, answers[1]?.id);
      assert.equal(answers.filter((answer) => answer?.password !== undefined).length, 1);
    });
  });

  describe("in S3, where archives are not allowed,", () => {
    before(async () => {
      const { endpoint, bucket, region, keys } = s3;
      const place = `endpoint: "${endpoint}", bucket: ${bucket}, region: ${region}`;
      const store = `{ kind: s3, ${place}, keys: { id: ${keys.id}, secret: ${keys.secret} } }`;
      const links = `attachments: { link_above_bytes: 1000, url: "https://files.example.org", store: ${store} }`;
      await restart(`${links}, secrets: { archives: false, certificates: ./certificates }`);
    });

    it("those that are large are stored once, and mails have links", () => linked(() => [...s3.objects.values()]));

    it("those that cannot be stored are refused with what they are part of, and stored when the store is back", async () => {
      s3.answer({ status: 503, code: "SlowDown" });
      const attachments = [{ filename: "a.pdf", type: "application/pdf" }];
      const answer = await asks.create({ attachments }, "once", [LARGE]);
      assert.ok(answer.kind === "refused" && answer.code === "not-possible" && answer.reason.includes("SlowDown"));
      const { outbox } = loadSettings(world.config, outboxService.sections);
      const [away] = await attachmentFindings(outbox.circulars);
      assert.deepEqual([away?.ok, away?.text.en.endsWith(": SlowDown")], [false, true]);
      s3.answer("serve");
      assert.equal((await asks.create({ attachments }, "once", [LARGE])).kind, "created");
      const before = s3.objects.size;
      const [there] = await attachmentFindings(outbox.circulars);
      assert.deepEqual([there?.ok, s3.objects.size], [true, before]);
    });

    it("those that a killed process was storing are found and deleted; asked again, they are stored anew", async () => {
      await world.stopServices();
      const child = await world.spawn();
      const before = s3.objects.size;
      s3.answer("silence");
      asks.timeoutMs = 1_000;
      const attachments = [{ filename: "a.pdf", type: "application/pdf" }];
      const unanswered = assert.rejects(asks.create({ attachments }, "once", [LARGE]), /nobody answers/);
      await waitFor(() => s3.objects.size > before, { describe: "the object in the bucket" });
      child.kill("SIGKILL");
      s3.answer("serve");
      await unanswered;
      await world.start();
      asks.timeoutMs = 20_000;
      const answer = await asks.create({ attachments }, "once", [LARGE]);
      assert.deepEqual([answer.kind === "created" && answer.links, s3.objects.size], [1, before + 2]);
      const { outbox, store: settings, state_dir: stateDir } = loadSettings(world.config, outboxService.sections);
      const log = SILENT;
      const store = await openStore<Tables>({ settings, stateDir, service: "outbox", migrations, log });
      const objects = openObjects(outbox.circulars.attachments?.store ?? { kind: "folder", dir: path("none") });
      const now = () => new Date(Date.now() + 7_200_000);
      // One of them was announced by the test before, and never put.
      assert.equal(await dropFiles({ files: openLinkedFiles(store), objects, now, log }), 2);
      await store.close();
      assert.equal(s3.objects.size, before + 1);
    });

    it("those that are secret hold who has no certificate until there is one", async () => {
      const { id, password } = await created(
        { secret: true },
        SECRET,
        people("anna@academie.example", "eve@academie.example"),
      );
      assert.equal(password, undefined);
      const preview = { op: "preview", accountId: asks.account, id, address: "eve@academie.example" } as const;
      const refused = await asks.ask(preview);
      assert.ok(refused.kind === "refused" && /aucun certificat/.test(refused.reason), JSON.stringify(refused));
      assert.deepEqual((await scheduled(id)).sealing, { smime: 1, archive: 0, nothing: 1 });
      assert.deepEqual((await asks.done(id)).counts, { accepted: 1, held: 1 });
      const [, eve] = await asks.report(id);
      assert.match(eve?.reply ?? "", /^554 5\.7\.5 no usable certificate \(none\)/);
      assert.deepEqual(
        world.mails.map(({ to }) => to.join()),
        ["anna@academie.example"],
      );
      await certify("eve@academie.example");
      await asks.expect("done", { op: "release", accountId: asks.account, id, recipient: eve?.id ?? "" });
      const done = await asks.until(
        id,
        "the end",
        ({ finishedAt, counts }) => finishedAt !== null && counts.accepted === 2,
      );
      assert.deepEqual(done.counts, { accepted: 2 });
      assert.match(world.mails.at(-1)?.raw.toString() ?? "", /smime-type=enveloped-data/);
      const other = await created({ secret: true }, SECRET, people("zoe@academie.example"));
      await scheduled(other.id);
      await asks.done(other.id);
      await world.stopServices();
      const settings = loadSettings(world.config, outboxService.sections);
      const log = { info() {}, warn() {}, error() {} } as never;
      const findings = await examine({ settings, signal: AbortSignal.timeout(20_000), log, bus: null });
      const said = (name: string) => findings.find((finding) => finding.id === `outbox.circulars.${name}`)?.text.en;
      assert.equal(said("unsealed"), `recipients without a usable certificate are held: circulars ${other.id}`);
      assert.equal(said("certificates"), "certificates are known for 3 addresses");
    });
  });
});
