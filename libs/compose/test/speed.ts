/**
 * What rendering and signing a circular costs, beside nodemailer composing the same mail: `node libs/compose/test/speed.ts [mails]`.
 * One process, one mail after the other, nothing is sent.
 */

import DKIM from "nodemailer/lib/dkim";
import MailComposer from "nodemailer/lib/mail-composer";
import { type CircularDraft, compileDraft, type DkimSigner, renderMail } from "../src/index.ts";
import { keys, signerOf, verdicts } from "./dkim-keys.ts";

const mails = Number(process.argv[2] ?? 2000);
const paragraph =
  "Chère collègue, cher collègue, la rentrée approche : voici ce qu'il faut savoir pour préparer l'année. ";
const html = `<html><body><p>Bonjour {{prenom}},</p>${`<p>${paragraph.repeat(4)}</p>\n`.repeat(20)}<p><a href="https://x.example/?c={{code}}">S'inscrire</a></p></body></html>`;
const text = `Bonjour {{prenom}},\n\n${`${paragraph.repeat(4)}\n\n`.repeat(20)}https://x.example/?c={{code}}\n`;
const file = { filename: "circulaire.pdf", type: "application/pdf", octets: Buffer.alloc(20_000, "%PDF") };

interface Variant {
  readonly name: string;
  readonly attached: boolean;
  readonly key: keyof typeof keys | null;
}

const variants: readonly Variant[] = [
  { name: "text and HTML", attached: false, key: null },
  { name: "text and HTML, rsa-2048", attached: false, key: "rsa" },
  { name: "text and HTML, ed25519", attached: false, key: "ed25519" },
  { name: "with 20 kB attached, rsa-2048", attached: true, key: "rsa" },
];

const fieldsOf = (index: number): Record<string, string> => ({ prenom: `Zoé ${index}`, code: `c${index}` });

function ours(variant: Variant, signer: DkimSigner | null): (index: number) => Buffer {
  const draft: CircularDraft = {
    from: { address: "recteur@academie.example", name: "Le recteur de l'académie" },
    subject: "Rentrée 2026 : {{prenom}}",
    text,
    html,
    attachments: variant.attached ? [file] : [],
  };
  const made = compileDraft(draft);
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  return (index) => {
    const recipient = { address: `p${index}@ecole.example`, name: `Zoé ${index}`, fields: fieldsOf(index) };
    return renderMail(made.compiled, recipient, { messageId: `<${index}@academie.example>`, date: new Date() }, signer);
  };
}

function theirs(variant: Variant): (index: number) => Promise<Buffer> {
  const filled = (template: string, index: number): string =>
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => fieldsOf(index)[name] ?? "");
  const key = variant.key === null ? null : keys[variant.key];
  const dkim =
    key === null ? null : new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey });
  return async (index) => {
    const node = new MailComposer({
      from: { address: "recteur@academie.example", name: "Le recteur de l'académie" },
      to: { address: `p${index}@ecole.example`, name: `Zoé ${index}` },
      subject: filled("Rentrée 2026 : {{prenom}}", index),
      text: filled(text, index),
      html: filled(html, index),
      messageId: `<${index}@academie.example>`,
      headers: { "Auto-Submitted": "auto-generated", Precedence: "bulk" },
      attachments: variant.attached ? [{ filename: file.filename, contentType: file.type, content: file.octets }] : [],
    }).compile();
    if (dkim === null) return node.build();
    const chunks: Buffer[] = [];
    for await (const chunk of dkim.sign(node.createReadStream())) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
}

/** Milliseconds of processor that a mail takes, after some to warm up: what else the machine does counts little. */
async function cost(make: (index: number) => Buffer | Promise<Buffer>): Promise<number> {
  for (let index = 0; index < mails / 10; index++) await make(index);
  const before = process.cpuUsage();
  for (let index = 0; index < mails; index++) {
    const made = make(index);
    if (!Buffer.isBuffer(made)) await made;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / mails;
}

for (const variant of variants) {
  const signer = variant.key === null ? null : signerOf(keys[variant.key]);
  const [render, compose] = [ours(variant, signer), theirs(variant)];
  if (signer !== null) {
    const said = [
      ...(await verdicts(render(1), signer)),
      ...(variant.key === "rsa" ? await verdicts(await compose(1), signer) : []),
    ];
    if (!said.every((one) => one.endsWith(" pass"))) throw new Error(`not verified: ${said.join(", ")}`);
  }
  const us = await cost(render);
  const beside =
    variant.key === "ed25519"
      ? "nodemailer signs with no ed25519"
      : `nodemailer ${(await cost(compose)).toFixed(2)} ms`;
  const { length } = render(1);
  process.stdout.write(`${variant.name}, ${length} octets: ${us.toFixed(2)} ms of processor a mail (${beside})\n`);
}
