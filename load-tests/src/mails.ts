/** Mail for the load tests: generated, realistic, the same for the same seed. */

import { encodeBase64, encodeBody, encodeCharset, encodeHeader, type TransferEncoding } from "./mail-encoding.ts";
import { addressOf, headerLines, type MailKind, makePlan, type Plan, Random } from "./mail-plan.ts";
import { type Language, WORDS } from "./mail-words.ts";

export interface Mail {
  /** "mail-000001" …: also the left part of its Message-ID. */
  readonly id: string;
  /** The whole mail, CRLF line ends. */
  readonly raw: Buffer;
  readonly kind: MailKind;
  readonly language: Language;
  readonly multipart: boolean;
  /** Address of the author. */
  readonly from: string;
  readonly to: string;
  /** Decoded. */
  readonly subject: string;
  readonly listId: string | null;
  readonly attachments: number;
  readonly date: Date;
}

export interface MailOptions {
  readonly seed: number;
  /** Octets; sizes are spread evenly between both. */
  readonly minBytes: number;
  readonly maxBytes: number;
  /** 0 to 1: the part of the mails that are multiparts. */
  readonly multipartShare: number;
}

/** Generates mail. Sizes are met within some 600 octets; a header alone takes about 2 KB. */
export function generateMails(count: number, options: MailOptions): Mail[] {
  const random = new Random(options.seed);
  return Array.from({ length: count }, (_, index) => generateMail(index + 1, options, random));
}

function generateMail(number: number, options: MailOptions, random: Random): Mail {
  const plan = makePlan(number, options.multipartShare, random);
  const spread = Math.max(1, options.maxBytes - options.minBytes - 600);
  const target = options.minBytes + random.below(spread);
  const header = headerLines(plan, random);
  let room = Math.max(100, target - Buffer.byteLength(header.join("\r\n")));
  let mail = assemble(plan, header, room, random);
  // Encodings and markup swell the text by what nobody knows beforehand: correct by what came out.
  for (let tries = 0; tries < 4 && Math.abs(mail.raw.length - target) > 600; tries++) {
    room = Math.max(100, Math.round(room + (target - mail.raw.length)));
    mail = assemble(plan, header, room, random);
  }
  return mail;
}

function assemble(plan: Plan, header: readonly string[], room: number, random: Random): Mail {
  const content = plan.multipart ? multipartBody(plan, room, random) : singleBody(plan, room, random);
  const head = Buffer.from([...header, ...content.header, "", ""].join("\r\n"));
  return {
    id: plan.id,
    raw: Buffer.concat([head, content.body]),
    kind: plan.kind,
    language: plan.language,
    multipart: plan.multipart,
    from: addressOf(plan.author, plan.domain),
    to: plan.to,
    subject: plan.subject,
    listId: plan.list?.id ?? null,
    attachments: content.attachments,
    date: plan.date,
  };
}

interface Content {
  readonly header: readonly string[];
  readonly body: Buffer;
  readonly attachments: number;
}

function singleBody(plan: Plan, room: number, random: Random): Content {
  // Long mail of one part is mostly HTML or a list digest.
  const isHtml = plan.kind === "notice" || (room > 15_000 && plan.kind === "personal");
  const { header, body } = textPart(plan, isHtml ? "html" : "plain", room, random);
  return { header, body, attachments: 0 };
}

function multipartBody(plan: Plan, room: number, random: Random): Content {
  if (plan.kind === "newsletter") {
    const parts = [textPart(plan, "plain", room * 0.3, random), textPart(plan, "html", room * 0.7, random)];
    return { ...joinParts("alternative", plan.boundary, parts), attachments: 0 };
  }
  const text = Math.min(room * 0.5, 1500 + random.below(6000));
  const first =
    random.next() < 0.5
      ? textPart(plan, "plain", text, random)
      : joinParts("alternative", `${plan.boundary}.alt`, [
          textPart(plan, "plain", text * 0.35, random),
          textPart(plan, "html", text * 0.65, random),
        ]);
  const attachment = attachmentPart(plan, Math.max(100, room - text - 400), random);
  return { ...joinParts("mixed", plan.boundary, [first, attachment]), attachments: 1 };
}

interface Part {
  readonly header: readonly string[];
  readonly body: Buffer;
}

function joinParts(subtype: string, boundary: string, parts: readonly Part[]): Part {
  const pieces: Buffer[] = [];
  for (const { header, body } of parts) {
    pieces.push(Buffer.from([`--${boundary}`, ...header, "", ""].join("\r\n")), body, Buffer.from("\r\n"));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { header: [`Content-Type: multipart/${subtype};\r\n\tboundary="${boundary}"`], body: Buffer.concat(pieces) };
}

/** How much of the room is left for the text itself. */
const TEXT_SHARE: Readonly<Record<TransferEncoding, number>> = {
  "7bit": 1,
  "8bit": 1,
  "quoted-printable": 0.82,
  base64: 0.73,
};

function textPart(plan: Plan, subtype: "plain" | "html", room: number, random: Random): Part {
  const { encoding } = plan;
  const markup = subtype === "html" ? 0.72 : 1;
  const paragraphs = writeParagraphs(plan, room * TEXT_SHARE[encoding] * markup, random);
  const text = subtype === "plain" ? paragraphs.join("\r\n\r\n") : asHtml(plan, paragraphs);
  return {
    header: [`Content-Type: text/${subtype}; charset=${plan.charset}`, `Content-Transfer-Encoding: ${encoding}`],
    body: encodeBody(encodeCharset(`${text}\r\n`, plan.charset), encoding),
  };
}

function writeParagraphs(plan: Plan, room: number, random: Random): string[] {
  const words = WORDS[plan.language];
  const paragraphs: string[] = [random.pick(words.greetings)];
  if (plan.kind === "reply") paragraphs.push(`> ${random.pick(words.sentences)}\r\n> ${random.pick(words.sentences)}`);
  const end = [random.pick(words.closings), plan.author.join(" ")];
  if (plan.list !== null) end.push(`--\r\n${plan.list.tag}@${plan.list.id}\r\nhttps://${plan.list.id}/`);
  let size = [...paragraphs, ...end].reduce((sum, text) => sum + text.length + 4, 0);
  while (size < room - 150) {
    const sentences = Array.from({ length: 2 + random.below(4) }, () => random.pick(words.sentences));
    const paragraph = wrap(sentences.join(" "));
    paragraphs.push(paragraph);
    size += paragraph.length + 4;
  }
  return [...paragraphs, ...end];
}

const wrap = (text: string): string => text.replace(/(.{50,70}) /g, "$1\r\n");

function asHtml(plan: Plan, paragraphs: readonly string[]): string {
  const rows = paragraphs.map(
    (paragraph, index) =>
      `<tr><td class="c${index % 3}" style="padding:4px 8px;font-family:Arial,sans-serif">${index % 4 === 1 ? `<a href="https://${plan.domain}/p/${index}">${plan.domain}</a> ` : ""}${paragraph.replaceAll("&", "&amp;").replaceAll("é", "&eacute;")}</td></tr>`,
  );
  return `<!DOCTYPE html>\r\n<html lang="${plan.language}"><head><meta charset="${plan.charset}"><style>.c0{color:#222}.c1{color:#345}</style></head>\r\n<body><table>\r\n${rows.join("\r\n")}\r\n</table></body></html>`;
}

const TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  jpg: "image/jpeg",
  png: "image/png",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

function attachmentPart(plan: Plan, room: number, random: Random): Part {
  const file = random.pick(WORDS[plan.language].files);
  const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const name = /[^ -~]/.test(file) ? `filename*=utf-8''${encodeURIComponent(file)}` : `filename="${file}"`;
  return {
    header: [
      `Content-Type: ${type}; name="${encodeHeader(file, "utf-8", "B").replaceAll("\r\n ", " ")}"`,
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: attachment; ${name}`,
    ],
    body: Buffer.from(encodeBase64(random.octets(Math.floor((room * 72) / 100)))),
  };
}
