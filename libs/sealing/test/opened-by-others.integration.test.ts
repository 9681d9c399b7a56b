import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { debianTools, type TempDir, tempDir } from "@tamis/testkit";
import { type CertificateFault, readCertificate } from "../src/certificate.ts";
import { encryptedZip } from "../src/encrypted-zip.ts";
import { makePassword } from "../src/password.ts";
import { sealEntity } from "../src/smime.ts";

const run = promisify(execFile);
const ADDRESS = "anna.martin@academie.example";
// Certificates are made after this line, and are valid from then.
const NOW = new Date(Date.now() + 3_600_000);

const RSA = ["-newkey", "rsa:2048"];
const curve = (name: string): string[] => ["-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${name}`];
const MAIL = ["extendedKeyUsage=emailProtection", `subjectAltName=email:${ADDRESS}`];

describe("programs of others", { timeout: 120_000 }, () => {
  let dir: TempDir;
  const path = (name: string): string => join(dir.path, name);
  before(async () => {
    dir = tempDir("tamis-sealing");
    const { needDebianPackages } = await debianTools();
    await needDebianPackages(["openssl", "p7zip-full", "libarchive-tools"]);
  });
  after(() => dir.remove());

  async function certificate(
    name: string,
    key: readonly string[],
    extensions: readonly string[],
    subject = "/CN=Anna",
  ) {
    const more = extensions.flatMap((extension) => ["-addext", extension]);
    const files = ["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`)];
    await run("openssl", ["req", "-x509", "-nodes", "-days", "30", "-subj", subject, ...key, ...files, ...more]);
    return readFileSync(path(`${name}.pem`));
  }

  describe("openssl opens what was sealed", () => {
    const keys = [
      { name: "rsa", key: RSA, usage: "keyUsage=keyEncipherment" },
      { name: "p-256", key: curve("P-256"), usage: "keyUsage=keyAgreement" },
      { name: "p-384", key: curve("P-384"), usage: "keyUsage=keyAgreement" },
      { name: "p-521", key: curve("P-521"), usage: "keyUsage=digitalSignature,keyAgreement" },
    ];
    for (const { name, key, usage } of keys)
      it(name, async () => {
        const read = readCertificate(await certificate(name, key, [usage, ...MAIL]), ADDRESS, NOW);
        assert.ok(typeof read !== "string", String(read));
        for (const cipher of ["aes-256-gcm", "aes-256-cbc"] as const) {
          const entity = Buffer.concat([Buffer.from("Content-Type: text/plain\r\n\r\n"), randomBytes(300_000)]);
          const { header, body } = sealEntity(entity, read, cipher);
          writeFileSync(path("mail"), Buffer.concat([Buffer.from(`MIME-Version: 1.0\r\n${header}\r\n`), body]));
          const files = ["-in", path("mail"), "-out", path("opened"), "-binary"];
          await run("openssl", [
            "cms",
            "-decrypt",
            "-recip",
            path(`${name}.pem`),
            "-inkey",
            path(`${name}.key`),
            ...files,
          ]);
          assert.ok(readFileSync(path("opened")).equals(entity), cipher);
        }
      });

    it("but not what was changed on its way, where it is authenticated", async () => {
      const read = readCertificate(await certificate("changed", RSA, MAIL), ADDRESS, NOW);
      assert.ok(typeof read !== "string");
      const { body } = sealEntity(Buffer.from("secret"), read, "aes-256-gcm");
      const octets = Buffer.from(body.toString(), "base64");
      octets[octets.length - 20] = (octets.at(-20) ?? 0) ^ 1;
      writeFileSync(path("changed"), octets);
      const files = ["-inform", "DER", "-in", path("changed"), "-inkey", path("changed.key")];
      await assert.rejects(run("openssl", ["cms", "-decrypt", "-recip", path("changed.pem"), ...files]));
    });
  });

  describe("certificates that openssl makes are not used", () => {
    const cases: readonly {
      readonly name: string;
      readonly key?: readonly string[];
      readonly extensions: readonly string[];
      readonly subject?: string;
      readonly want: CertificateFault | null;
    }[] = [
      { name: "for signatures", extensions: ["keyUsage=digitalSignature"], want: "wrong-purpose" },
      { name: "for servers", extensions: ["extendedKeyUsage=serverAuth"], want: "wrong-purpose" },
      {
        name: "of a curve, for the encryption of keys",
        extensions: ["keyUsage=keyEncipherment"],
        want: "wrong-purpose",
      },
      { name: "of a key for signatures only", key: ["-newkey", "ed25519"], extensions: [], want: "wrong-purpose" },
      { name: "of a short key", key: ["-newkey", "rsa:1024"], extensions: [], want: "weak-key" },
      { name: "of somebody else", extensions: ["subjectAltName=email:bob@academie.example"], want: "other-address" },
      {
        name: "of somebody else, in the name",
        extensions: [],
        subject: "/emailAddress=bob@b.example",
        want: "other-address",
      },
      { name: "(of the address, in the name: used)", extensions: [], subject: `/emailAddress=${ADDRESS}`, want: null },
      {
        name: "(of the address in capitals, among others: used)",
        extensions: ["subjectAltName=DNS:a.example,email:x@a.example,email:Anna.Martin@Academie.example"],
        want: null,
      },
      {
        name: "of somebody else, as addresses that are not ASCII are written",
        extensions: ["subjectAltName=otherName:1.3.6.1.5.5.7.8.9;UTF8:bob@academie.example"],
        want: "other-address",
      },
      { name: "(for any purpose: used)", extensions: ["extendedKeyUsage=anyExtendedKeyUsage"], want: null },
    ];
    for (const [index, { name, key = curve("P-256"), extensions, subject, want }] of cases.entries())
      it(name, async () => {
        const read = readCertificate(await certificate(`c${index}`, key, extensions, subject), ADDRESS, NOW);
        assert.equal(typeof read === "string" ? read : null, want);
      });
  });

  it("7z and bsdtar open archives, with their password alone", async () => {
    const files = [
      { filename: "Élèves 3èB.txt", octets: Buffer.from("élèves\r\n".repeat(10_000)) },
      { filename: "bruit.bin", octets: randomBytes(1_200_011) },
      { filename: "bruit.bin", octets: Buffer.from("another of that name") },
      { filename: "vide", octets: Buffer.alloc(0) },
    ];
    const password = makePassword();
    writeFileSync(path("a.zip"), await encryptedZip(files, { password, date: NOW }));
    for (const [program, ...before] of [
      ["7z", "x", "-y", `-p${password}`, `-o${path("7z")}`, path("a.zip")],
      ["bsdtar", "-x", "--passphrase", password, "-C", path("bsdtar"), "-f", path("a.zip")],
    ] as const) {
      mkdirSync(path(program), { recursive: true });
      await run(program, before, { env: { ...process.env, LC_ALL: "C.UTF-8" } });
      const names = ["Élèves 3èB.txt", "bruit.bin", "bruit (2).bin", "vide"];
      for (const [index, name] of names.entries())
        assert.ok(readFileSync(join(path(program), name)).equals(files[index]?.octets ?? Buffer.alloc(1)), name);
    }
    await assert.rejects(run("7z", ["t", "-pwrong", path("a.zip")]));
    const listed = await run("7z", ["l", "-slt", path("a.zip")]);
    assert.equal(listed.stdout.match(/Method = AES-256/g)?.length, 4, listed.stdout);
  });
});
