import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { debianTools } from "@tamis/testkit";
import { ANNA, letter, SubmissionWorld } from "./submission-world.ts";

const run = promisify(execFile);

describe("submission: programs that others wrote", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  before(async () => {
    const { needDebianPackages } = await debianTools();
    await needDebianPackages(["curl", "swaks", "libnet-ssleay-perl"]);
    site = await SubmissionWorld.open({ store: "postgres" });
    await site.world.start();
  });
  beforeEach(() => site.begin());
  after(() => site[Symbol.asyncDispose]());

  it("curl, over STARTTLS and over TLS from the start", async () => {
    const mail = join(site.world.dir.path, "curl.eml");
    const ca = join(site.world.dir.path, "door.pem");
    for (const url of [`smtp://localhost:${site.port}`, `smtps://localhost:${site.tlsPort}`]) {
      writeFileSync(mail, letter("curl"));
      const arguments_ = ["--silent", "--show-error", "--ssl-reqd", "--cacert", ca, "--url", url];
      const who = ["--user", `${ANNA}:${site.dovecot.password}`, "--mail-from", ANNA, "--mail-rcpt", "bob@example.com"];
      await run("curl", [...arguments_, ...who, "--upload-file", mail]);
    }
    const kept = await site.world.received(2);
    assert.deepEqual(
      kept.map(({ from, to }) => [from, to.join()]),
      [
        [ANNA, "bob@example.com"],
        [ANNA, "bob@example.com"],
      ],
    );
  });

  it("swaks, pipelined over STARTTLS", async () => {
    const who = ["--auth", "PLAIN", "--auth-user", ANNA, "--auth-password", site.dovecot.password];
    const where = ["--server", "127.0.0.1", "--port", String(site.port), "--tls", "--pipeline"];
    const { stdout } = await run("swaks", [
      ...where,
      ...who,
      "--from",
      ANNA,
      "--to",
      "bob@example.com,carl@example.com",
    ]);
    assert.match(stdout, /250 2\.6\.0/);
    const [kept] = await site.world.received(1);
    assert.deepEqual(kept?.to, ["bob@example.com", "carl@example.com"]);
  });
});
