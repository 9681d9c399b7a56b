// A process of its own, as it would be: nodemailer composes, signs and sends, with nothing beside it. Prints mails per second.
import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { DKIM, HTML, recipients, SENDER, SUBJECT, TEXT } from "./letter.ts";

const [port = "0", count = "0", connections = "0", keyFile = "", how = ""] = process.argv.slice(2);
const isRaw = how === "raw";

const merged = (text: string, fields: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => fields[name] ?? "");

const mails = recipients(Number(count)).map(({ address, name, fields }) => ({
  from: SENDER,
  to: { address, name },
  subject: merged(SUBJECT, fields),
  text: merged(TEXT, fields),
  html: merged(HTML, fields),
}));

const composed = isRaw
  ? await Promise.all(
      mails.map(async (mail) => ({
        envelope: { from: mail.from.address, to: [mail.to.address] },
        raw: await new MailComposer(mail).compile().build(),
      })),
    )
  : mails;

const transport = createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: 100,
  ...(isRaw
    ? {}
    : {
        dkim: { domainName: DKIM.domain, keySelector: DKIM.selector, privateKey: readFileSync(keyFile, "utf8") },
      }),
});
const began = performance.now();
await Promise.all(composed.map((mail) => transport.sendMail(mail)));
const seconds = (performance.now() - began) / 1000;
transport.close();
process.stdout.write(`${JSON.stringify({ perSecond: Number(count) / seconds })}\n`);
