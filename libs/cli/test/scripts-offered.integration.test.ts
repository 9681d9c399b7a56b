import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Stoppable } from "@tamis/bus";
import { buckets, type MailboxAnswer, mailboxAsk, partitionOf, serverKey, subjects } from "@tamis/contracts";
import { Installation } from "./harness.ts";

const VACATION = 'require ["fileinto", "vacation"];\nvacation "away";\n';
const ANNOTATIONS = 'require "mboxmetadata";\nif metadataexists "INBOX" "/shared/comment" { discard; }\n';

describe("tamis scripts, for what an account is offered", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "anna@example.org"];

  before(async () => {
    await site.open();
    site.write("vacation.sieve", VACATION);
    site.write("annotations.sieve", ANNOTATIONS);
    site.write("folders.sieve", 'require ["fileinto", "mailbox"];\nfileinto "Here"; fileinto "Gone";\n');
  });
  after(() => site.close());

  const seen = async (...capabilities: readonly string[]): Promise<void> => {
    const record = { v: 1, capabilities, keywords: true };
    const bucket = await site.bus.bucket(buckets.servers);
    await bucket.put(serverKey("127.0.0.1", 1), Buffer.from(JSON.stringify(record)));
  };
  const put = (file: string, locale: "en" | "fr" = "en") =>
    site.tamis(["scripts", "put", file, site.path(`${file}.sieve`), ...anna], { locale });

  it("refuses at its place what this installation does not do, and says why, in French too", async () => {
    const refused = await put("vacation");
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /vacation\.sieve:1:22: error: “vacation” is not offered here: this installation sends no mail/,
    );
    assert.match((await put("vacation", "fr")).err, /« vacation » n'est pas proposé ici/);
    assert.equal((await site.tamis(["scripts", "get", "vacation", ...anna])).code, 1);
  });

  it("knows the abilities of the account's server", async () => {
    assert.match((await put("annotations")).err, /no annotations of folders \(no METADATA\)/);
    await seen("UIDPLUS", "METADATA");
    assert.equal((await put("annotations")).code, 0);
    assert.equal((await site.tamis(["scripts", "activate", "annotations", ...anna])).code, 0);
    await seen("UIDPLUS");
    const check = await site.tamis(["scripts", "check", ...anna]);
    assert.equal(check.code, 1);
    assert.match(check.out, /annotations:1:9: error: “mboxmetadata” is not offered here/);
    assert.match((await site.tamis(["scripts", "activate", "annotations", ...anna])).err, /no METADATA/);
  });

  it("`sieve check` knows everything, and with --account what the account may use", async () => {
    const file = site.path("vacation.sieve");
    assert.equal((await site.tamis(["sieve", "check", file])).code, 0);
    const checked = await site.tamis(["sieve", "check", "--json", file, ...anna]);
    assert.equal(checked.code, 1);
    assert.equal(JSON.parse(checked.out)[0].code, "without-send");
  });

  describe("with a mailbox service", () => {
    let mailbox: Stoppable;
    before(async () => {
      mailbox = await site.bus.respond(subjects.mailboxAsk(partitionOf("anna")), ({ payload }) => {
        const ask = mailboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
        const names = ask.op === "mailbox-exists" ? ask.mailboxes : [];
        const answer: MailboxAnswer = {
          kind: "mailbox-exists",
          mailboxes: Object.fromEntries(names.map((name) => [name, name === "Here"])),
        };
        return { payload: Buffer.from(JSON.stringify(answer)) };
      });
    });
    after(() => mailbox.stop());

    it("warns of folders that are not there, and stores all the same", async () => {
      const stored = await put("folders");
      assert.equal(stored.code, 0);
      assert.match(stored.err, /folders\.sieve:2:27: warning: there is no folder “Gone”/);
      assert.doesNotMatch(stored.err, /no folder “Here”/);
    });

    it("warns in `sieve check --account`, where --mailbox has the last word", async () => {
      const file = site.path("folders.sieve");
      assert.match((await site.tamis(["sieve", "check", file, ...anna])).out, /no folder “Gone”/);
      const named = await site.tamis(["sieve", "check", file, "--mailbox", "Gone", "--mailbox", "Here", ...anna]);
      assert.equal(named.out, "");
    });
  });

  it("accepts it once tamis.yaml has what it takes", async () => {
    appendFileSync(site.config, "outbox: {}\nfilter: { envelope: { from: return-path } }\n");
    assert.equal((await put("vacation")).code, 0);
  });
});
