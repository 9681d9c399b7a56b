import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { activeScript, buckets, type ScriptsAnswer, scriptsAsk, subjects } from "@tamis/contracts";
import { Installation } from "./harness.ts";

describe("tamis scripts", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "ANNA@example.org"];

  before(async () => {
    await site.open();
    site.write("good.sieve", 'require "fileinto";\nfileinto "A";\n');
    site.write("bad.sieve", 'require "fileinto";\nfileinto;\nkep;\n');
  });
  after(() => site.close());

  const active = async () => {
    const entry = await (await site.bus.bucket(buckets.scripts)).get("anna");
    return entry === null ? null : activeScript.parse(JSON.parse(Buffer.from(entry.value).toString()));
  };

  it("lists none at first", async () => {
    assert.deepEqual(await site.tamis(["scripts", "list", ...anna]), { code: 0, out: "no script is stored", err: "" });
  });

  it("stores, lists, prints", async () => {
    assert.equal(
      (await site.tamis(["scripts", "put", "main rules é", site.path("good.sieve"), ...anna])).out,
      '"main rules é" is stored',
    );
    const list = await site.tamis(["scripts", "list", "--json", ...anna]);
    const [listed] = JSON.parse(list.out);
    assert.deepEqual([listed.name, listed.bytes, listed.active], ["main rules é", 34, false]);
    assert.equal(
      (await site.tamis(["scripts", "get", "main rules é", ...anna])).out,
      'require "fileinto";\nfileinto "A";',
    );
    assert.equal(await active(), null);
  });

  it("refuses a script with errors, all of them located, and stores nothing", async () => {
    const put = await site.tamis(["scripts", "put", "bad", site.path("bad.sieve"), ...anna]);
    assert.equal(put.code, 1);
    assert.match(put.err, /bad\.sieve:2:\d+: error: /);
    assert.match(put.err, /bad\.sieve:3:1: error: /);
    assert.match(put.err, /not stored/);
    assert.equal((await site.tamis(["scripts", "get", "bad", ...anna])).code, 1);
  });

  it("activates, and a later put of the active script takes effect at once", async () => {
    assert.equal((await site.tamis(["scripts", "activate", "main rules é", ...anna])).code, 0);
    const first = await active();
    assert.equal(first?.name, "main rules é");
    const put = await site.tamis(["scripts", "put", "main rules é", "-", ...anna], { stdin: "keep;\n" });
    assert.equal(put.out, '"main rules é" is stored and active');
    assert.equal((await active())?.text, "keep;\n");
    assert.notEqual((await active())?.version, first?.version);
  });

  it("puts and activates in one go", async () => {
    const put = await site.tamis(["scripts", "put", "other", site.path("good.sieve"), "--activate", "--json", ...anna]);
    assert.deepEqual(JSON.parse(put.out), { name: "other", active: true, diagnostics: [] });
    assert.equal((await active())?.name, "other");
  });

  it("checks what is stored", async () => {
    assert.deepEqual(await site.tamis(["scripts", "check", ...anna]), {
      code: 0,
      out: "main rules é: no errors\nother: no errors",
      err: "",
    });
    assert.equal((await site.tamis(["scripts", "check", "nope", ...anna])).code, 1);
  });

  it("does not delete the active script, and deletes others", async () => {
    const refused = await site.tamis(["scripts", "delete", "other", ...anna]);
    assert.deepEqual(
      [refused.code, refused.err],
      [1, 'tamis: "other" is the active script: activate another or none first'],
    );
    assert.equal((await site.tamis(["scripts", "activate", "--none", ...anna])).code, 0);
    assert.equal(await active(), null);
    assert.equal((await site.tamis(["scripts", "delete", "other", ...anna])).code, 0);
    assert.match((await site.tamis(["scripts", "list", ...anna])).err, /no script is active/);
  });

  it("is a usage error to name neither or both", async () => {
    assert.equal((await site.tamis(["scripts", "activate", ...anna])).code, 2);
    assert.equal((await site.tamis(["scripts", "activate", "x", "--none", ...anna])).code, 2);
    assert.equal((await site.tamis(["scripts", "put", "a\nb", "-", ...anna])).code, 2);
    assert.equal((await site.tamis(["scripts", "list"])).code, 2);
  });

  it("says that an account is unknown, in French too", async () => {
    const run = await site.tamis(["scripts", "list", "--account", "zoe@example.org"], { locale: "fr" });
    assert.deepEqual([run.code, run.err], [1, "tamis: aucun des 2 comptes n'est « zoe@example.org »"]);
  });

  it("asks the service where it runs, and leaves KV alone", async () => {
    const asked: string[] = [];
    const answers: Record<string, ScriptsAnswer> = {
      list: { kind: "listed", scripts: [{ name: "main", bytes: 5, at: 0, active: true }] },
      get: { kind: "script", script: { v: 1, name: "main", text: "keep;\n", at: 0 } },
      put: { kind: "refused", code: "too-many", reason: "there are too many scripts already" },
      activate: { kind: "done", active: true },
      delete: { kind: "refused", code: "active", reason: "the active script cannot be deleted" },
    };
    const service = await site.bus.respond(subjects.scriptsAsk, ({ payload }) => {
      const ask = scriptsAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      asked.push(`${ask.op} ${ask.accountId}`);
      return { payload: Buffer.from(JSON.stringify(answers[ask.op])) };
    });
    const before = await (await site.bus.bucket(buckets.scripts)).keys();
    assert.equal((await site.tamis(["scripts", "get", "main", ...anna])).out, "keep;");
    assert.equal((await site.tamis(["scripts", "activate", "main", ...anna])).code, 0);
    const put = await site.tamis(["scripts", "put", "new", "-", ...anna], { stdin: "keep;" });
    assert.deepEqual([put.code, put.err], [1, "tamis: there are too many scripts already"]);
    assert.match((await site.tamis(["scripts", "delete", "main", ...anna])).err, /is the active script/);
    assert.deepEqual(await (await site.bus.bucket(buckets.scripts)).keys(), before);
    assert.ok(asked.includes("put anna"));
    await service.stop();
  });

  it("does not write behind the back of a service that is down", async () => {
    appendFileSync(site.config, "scripts: { cert_file: none }\n");
    const put = await site.tamis(["scripts", "put", "new", "-", ...anna], { stdin: "keep;" });
    assert.equal(put.code, 3);
    assert.match(put.err, /the service `scripts`, which keeps the scripts here, does not answer/);
    site.configure(site.nats.url);
  });

  it("cannot reach a NATS that is not there", async () => {
    site.configure("nats://127.0.0.1:1");
    const run = await site.tamis(["scripts", "list", ...anna]);
    assert.equal(run.code, 3);
    assert.match(run.err, /no answer from NATS at nats:\/\/127\.0\.0\.1:1/);
  });
});
