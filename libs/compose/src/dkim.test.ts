import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, it } from "node:test";
import { createTransport } from "nodemailer";
import { keys, signerOf, verdicts } from "../test/dkim-keys.ts";
import {
  type CircularDraft,
  compileDraft,
  type DkimSigner,
  dkimSigner,
  renderMail,
  renderSealedMail,
} from "./index.ts";

const bare: CircularDraft = {
  from: { address: "recteur@academie.example", name: "Le recteur" },
  subject: "Rentrée {{annee}}",
  attachments: [],
};
const draft: CircularDraft = {
  ...bare,
  markdown: "# Bonjour {{prenom}} !\n\n    deux  blancs\n\n| a | b |\n| - | - |\n| 1 | {{annee}} |\n",
  attachments: [{ filename: "été.bin", type: "application/octet-stream", octets: Buffer.alloc(5000, "\t  x") }],
  listId: "personnels.academie.example",
  unsubscribe: { url: "https://x.example/u/{token}" },
};

function mailOf(of: CircularDraft, signer: DkimSigner | null, fields: Readonly<Record<string, string>> = {}): Buffer {
  const made = compileDraft(of);
  assert.ok(made.ok);
  const recipient = { address: "a@ecole.example", fields: { prenom: "Zoé  \t B", annee: "2026", ...fields } };
  const identity = { messageId: "<1.a@academie.example>", date: new Date(), unsubscribeToken: "t" };
  return renderMail(made.compiled, recipient, identity, signer);
}

const both = signerOf(keys.rsa, keys.ed25519);

/** The value of a tag of the first signature, its folds gone. */
function tagOf(mail: Buffer, tag: string): string {
  const field = /^DKIM-Signature:((?:.*\r\n[ \t])*.*)/im.exec(mail.toString("latin1"))?.[1] ?? "";
  return new RegExp(`(?:^|;)\\s*${tag}=([^;]*)`).exec(field)?.[1]?.replace(/\s/g, "") ?? "";
}

it("a sealed mail is signed as it is sent", async () => {
  const made = compileDraft(draft);
  assert.ok(made.ok);
  const recipient = { address: "a@ecole.example", fields: { prenom: "Zoé", annee: "2026" } };
  const identity = { messageId: "<1.a@academie.example>", date: new Date(), unsubscribeToken: "t" };
  const seal = () => ({ header: "Content-Type: application/pkcs7-mime\r\n", body: Buffer.from("c2VhbGVk\r\n") });
  const mail = renderSealedMail(made.compiled, recipient, identity, { dkim: both, seal });
  assert.deepEqual(await verdicts(mail, both), ["rsa-sha256 pass", "ed25519-sha256 pass"]);
});

describe("signatures", () => {
  const cases: readonly {
    readonly name: string;
    readonly draft: CircularDraft;
    readonly fields?: Readonly<Record<string, string>>;
  }[] = [
    { name: "HTML, text, an attachment and a list", draft },
    { name: "a text that ends with empty lines", draft: { ...bare, text: "a  b\t\tc\n\n \n\n" } },
    { name: "a text whose last field is empty", draft: { ...bare, text: 'a\n\n{{x|""}}' } },
    { name: "a text that is one empty field", draft: { ...bare, text: '{{x|""}}' } },
    {
      name: "a field that ends a line, and one that has several",
      draft: { ...bare, text: "a {{x}}\nb {{x}}" },
      fields: { x: "un  deux\ntrois\t quatre" },
    },
    {
      name: "an address that needs SMTPUTF8",
      draft: { ...draft, from: { address: "zoé@academie.example", name: "Zoé" } },
    },
    { name: "a subject of many lines", draft: { ...draft, subject: "à ".repeat(200) } },
  ];
  for (const { name, draft: one, fields } of cases) {
    it(`verifies: ${name}`, async () => {
      assert.deepEqual(await verdicts(mailOf(one, both, fields), both), ["rsa-sha256 pass", "ed25519-sha256 pass"]);
    });
  }

  const mail = mailOf(draft, both).toString("latin1");
  const forgeries: readonly { readonly name: string; readonly forged: string }[] = [
    { name: "a second From", forged: `From: boss@academie.example\r\n${mail}` },
    { name: "a second List-Unsubscribe", forged: `List-Unsubscribe: <https://evil.example/>\r\n${mail}` },
    { name: "a Cc", forged: `Cc: x@y.example\r\n${mail}` },
    { name: "no List-Unsubscribe-Post", forged: mail.replace(/^List-Unsubscribe-Post:.*\r\n/m, "") },
    { name: "another List-Unsubscribe", forged: mail.replace("https://x.example/u/", "https://y.example/u/") },
    { name: "another body", forged: mail.replace("Bonjour", "Bonsoir") },
  ];
  for (const { name, forged } of forgeries) {
    it(`fails: ${name}`, async () => {
      assert.notEqual(forged, mail);
      const said = await verdicts(Buffer.from(forged, "latin1"), both);
      assert.equal(said.length, 2);
      for (const one of said) assert.doesNotMatch(one, /pass/);
    });
  }

  it("covers both List-Unsubscribe fields, and names From once more than it is there", () => {
    const listed = tagOf(mailOf(draft, both), "h").split(":");
    const times = (name: string): number => listed.filter((one) => one === name).length;
    assert.deepEqual([times("from"), times("list-unsubscribe"), times("list-unsubscribe-post")], [2, 2, 2]);
  });

  it("names no List-Unsubscribe where there is none, so that a list may add its own", () => {
    assert.doesNotMatch(tagOf(mailOf({ ...bare, text: "a" }, both), "h"), /list-unsubscribe/);
  });

  it("has the body hash that nodemailer has of the same mail, and nodemailer's verifies too", async () => {
    const unsigned = mailOf(draft, null);
    const transport = createTransport({
      streamTransport: true,
      buffer: true,
      newline: "windows",
      dkim: { domainName: keys.rsa.domain, keySelector: keys.rsa.selector, privateKey: keys.rsa.privateKey },
    });
    const { message } = await transport.sendMail({
      envelope: { from: "a@b.example", to: ["c@d.example"] },
      raw: unsigned,
    });
    assert.ok(Buffer.isBuffer(message));
    assert.deepEqual(await verdicts(message, both), ["rsa-sha256 pass"]);
    assert.equal(tagOf(mailOf(draft, both), "bh"), tagOf(message, "bh"));
  });
});

describe("dkimSigner", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 768 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const pem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
  const cases = [
    { name: "no key", keys: [], want: "no-key" },
    { name: "no PEM", keys: [{ ...keys.rsa, privateKey: "secret" }], want: "key-not-read" },
    {
      name: "a short key",
      keys: [{ ...keys.rsa, privateKey: pem(rsa) }],
      want: "key-too-short",
    },
    {
      name: "a key of another kind",
      keys: [{ ...keys.rsa, privateKey: pem(ec) }],
      want: "key-of-other-kind",
    },
    {
      name: "a domain that is none",
      keys: [keys.rsa, { ...keys.rsa, domain: "a b.example; d=x.example" }],
      want: "bad-domain",
    },
    { name: "a selector that is none", keys: [{ ...keys.rsa, selector: "s;\r\n" }], want: "bad-selector" },
  ] as const;
  for (const { name, keys: some, want } of cases) {
    it(`refuses ${name}`, () => {
      const read = dkimSigner(some);
      assert.equal(read.ok ? "ok" : read.fault, want);
    });
  }
});
