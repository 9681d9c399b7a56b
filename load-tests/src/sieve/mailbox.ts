import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateMails } from "../mails.ts";

/** Rules that a mail can be dressed for, by the number of its rule. */
export const MOST_RULES = 1000;

const SIZES = { minBytes: 2_000, maxBytes: 61_000, multipartShare: 0.44 } as const;

/** What a mail carries for the rules of one number; every other one carries nothing. */
type Dress = (number: number) => { readonly fields: readonly string[]; readonly subject: string };

const plain: Dress = () => ({ fields: [], subject: "" });

/** One of these in turn: how a mail shows that it belongs to a rule. */
const dresses: readonly Dress[] = [
  (number) => ({ fields: [], subject: `[dossier ${number}] ` }),
  plain,
  (number) => ({ fields: [`Reply-To: Bureau ${number} <user${number}@dom${number}.example>`], subject: "" }),
  plain,
  (number) => ({ fields: [], subject: `[ticket ${number}] ` }),
  plain,
  (number) => ({ fields: [`X-Dossier-${number}: ouvert, priorité ${number % 7}`], subject: "" }),
  plain,
];

/** The mail with the marks of its rule, if it has one. */
export function dressedMail(raw: Buffer, index: number): Buffer {
  const number = Math.imul(index, 7919) % MOST_RULES;
  const { fields, subject } = (dresses[index % dresses.length] ?? plain)(number);
  if (subject === "" && fields.length === 0) return raw;
  const end = raw.indexOf("\r\n\r\n");
  const head = raw.toString("latin1", 0, end).replace(/^Subject: /m, (name) => name + subject);
  const more = fields.map((field) => `\r\n${Buffer.from(field).toString("latin1")}`).join("");
  return Buffer.concat([Buffer.from(head + more, "latin1"), raw.subarray(end)]);
}

/** Writes a Maildir of generated mail (2 to 61 KB, 44 % multipart), files named as Dovecot names them. */
export function writeMaildir(dir: string, count: number, seed: number): void {
  for (const folder of ["cur", "new", "tmp"]) mkdirSync(join(dir, folder), { recursive: true });
  generateMails(count, { seed, ...SIZES }).forEach(({ raw }, index) => {
    const mail = dressedMail(raw, index);
    const unique = `${1_750_000_000 + index}.M${String(index).padStart(6, "0")}P1.load`;
    writeFileSync(join(dir, "cur", `${unique},S=${mail.length},W=${mail.length}:2,`), mail);
  });
}
