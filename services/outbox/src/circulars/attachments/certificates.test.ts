import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { selfSignedCertificate, type TempDir, tempDir } from "@tamis/testkit";
import { CertificatesUnavailable, certificateFolder, certificatesOf } from "./certificates.ts";

describe("a folder of certificates", () => {
  let dir: TempDir;
  const path = (name: string): string => join(dir.path, name);
  before(() => {
    dir = tempDir("tamis-certificates");
    mkdirSync(path("c"));
  });
  after(() => dir.remove());

  it("knows what its files are named after, and sees new ones", async () => {
    const [first, second] = [selfSignedCertificate().cert, selfSignedCertificate().cert];
    const folder = certificateFolder(path("c"));
    assert.equal((await folder.find(["anna@example.org"])).size, 0);
    writeFileSync(path("c/Anna@example.org.pem"), `text before\n${first}${second}`);
    writeFileSync(path("c/anna@example.org.cer"), Buffer.from("30", "hex"));
    writeFileSync(path("c/README"), "nothing");
    const found = await folder.find(["ANNA@Example.org", "bob@example.org", "../c/anna@example.org"]);
    assert.deepEqual([...found.keys()], ["ANNA@Example.org"]);
    assert.deepEqual(
      found
        .get("ANNA@Example.org")
        ?.map((octets) => Buffer.from(octets).toString("latin1").length)
        .toSorted((a, b) => a - b),
      [1, first.trim().length, second.trim().length].toSorted((a, b) => a - b),
    );
  });

  it("that cannot be read knows nothing, aloud", async () => {
    const folder = certificateFolder(path("c"));
    renameSync(path("c"), path("d"));
    await assert.rejects(folder.find(["anna@example.org"]), CertificatesUnavailable);
    mkdirSync(path("c"));
    assert.equal((await folder.find(["anna@example.org"])).size, 0);
    rmSync(path("c"), { recursive: true });
    const both = certificatesOf([certificateFolder(path("d")), folder]);
    await assert.rejects(both.find(["anna@example.org"]), CertificatesUnavailable);
  });

  it("and others know together what each knows", async () => {
    const one = (octets: string) => ({ find: async () => new Map([["anna@example.org", [Buffer.from(octets)]]]) });
    const found = await certificatesOf([one("a"), one("b")]).find(["anna@example.org", "bob@example.org"]);
    assert.deepEqual(found.get("anna@example.org")?.map(String), ["a", "b"]);
    assert.deepEqual(found.get("bob@example.org"), []);
  });
});
