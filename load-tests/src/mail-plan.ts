/** What is settled about a generated mail before its text is written, and the header that follows from it. */

import { type Charset, encodeBase64, encodeHeader, type TransferEncoding } from "./mail-encoding.ts";
import { type Language, LISTS, WORDS } from "./mail-words.ts";

/** `personal` and `reply` are written by one person to another; `notice` by a program. */
export type MailKind = "personal" | "reply" | "list" | "circular" | "newsletter" | "notice";

/** mulberry32: small, even, and the same everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error("nothing to pick from");
    return choice;
  }

  octets(length: number): Buffer {
    const out = Buffer.allocUnsafe(length);
    let at = 0;
    for (; at + 4 <= length; at += 4) out.writeUInt32LE(Math.floor(this.next() * 4_294_967_296), at);
    for (; at < length; at++) out[at] = this.below(256);
    return out;
  }
}

export interface Plan {
  readonly id: string;
  readonly kind: MailKind;
  readonly language: Language;
  readonly multipart: boolean;
  readonly list: (typeof LISTS)[number] | null;
  readonly author: readonly [string, string];
  readonly domain: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Date;
  readonly charset: Charset;
  /** Of the text parts. */
  readonly encoding: TransferEncoding;
  readonly boundary: string;
}

/** First date: later mails follow by up to half an hour each. */
const EPOCH = Date.UTC(2026, 8, 1, 6, 0, 0);

/** Settles mail number `number`; `multipartShare` is 0 to 1. */
export function makePlan(number: number, multipartShare: number, random: Random): Plan {
  const multipart = random.next() < multipartShare;
  const kind = random.pick<MailKind>(
    multipart ? ["circular", "circular", "newsletter", "personal"] : ["personal", "reply", "list", "list", "notice"],
  );
  const list = kind === "list" ? random.pick(LISTS) : null;
  const language = list?.language ?? (random.next() < 0.65 ? "fr" : "en");
  const words = WORDS[language];
  const bare = random.pick(words.subjects);
  return {
    id: `mail-${String(number).padStart(6, "0")}`,
    kind,
    language,
    multipart,
    list,
    author: random.pick(words.people),
    domain: random.pick(words.domains),
    to: addressOf(random.pick(WORDS.fr.people), "ac-montagne.example"),
    subject: list === null ? (kind === "reply" ? `Re: ${bare}` : bare) : `[${list.tag}] ${bare}`,
    date: new Date(EPOCH + number * 900_000 + random.below(1_800_000)),
    charset: random.pick<Charset>(["utf-8", "utf-8", "utf-8", "iso-8859-1", "windows-1252"]),
    encoding: random.pick<TransferEncoding>(
      language === "fr"
        ? ["quoted-printable", "quoted-printable", "8bit", "base64"]
        : ["7bit", "7bit", "quoted-printable"],
    ),
    boundary: `----=_Part_${random.below(1e9)}_${random.below(1e9)}.${number}`,
  };
}

/** `first.last@domain`, without accents. */
export const addressOf = ([first, last]: readonly [string, string], domain: string): string =>
  `${plain(first)}.${plain(last)}@${domain}`;

const plain = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[^A-Za-z-]/g, "")
    .toLowerCase();

const HEX = "0123456789abcdef";
const hex = (random: Random, length: number): string => Array.from({ length }, () => HEX[random.below(16)]).join("");

/** The header without its Content fields, one folded field an element. */
export function headerLines(plan: Plan, random: Random): string[] {
  const from = addressOf(plan.author, plan.domain);
  const name = encodeHeader(plan.author.join(" "), plan.charset, random.pick(["B", "Q"] as const));
  const subject =
    random.next() < 0.1 ? plan.subject : encodeHeader(plan.subject, plan.charset, random.pick(["B", "Q"] as const));
  const lines = [`Return-Path: <${plan.list === null ? from : `${plan.list.tag}-bounces@${plan.list.id}`}>`];
  const hops = 2 + random.below(4);
  for (let hop = hops; hop > 0; hop--) lines.push(received(plan, hop, random));
  lines.push(
    `Authentication-Results: mx1.ac-montagne.example; dkim=pass (2048-bit key)\r\n\theader.d=${plan.domain} header.i=@${plan.domain}; spf=pass (sender SPF authorized)\r\n\tsmtp.mailfrom=${from}`,
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${plan.domain}; s=mail2026;\r\n\th=From:To:Subject:Date:Message-ID; bh=${random.octets(32).toString("base64")};\r\n\tb=${encodeBase64(random.octets(256)).replaceAll("\r\n", "\r\n\t ")}`,
    `Date: ${plan.date.toUTCString().replace("GMT", "+0000")}`,
    `From: ${name} <${from}>`,
    `To: ${plan.list === null ? plan.to : `${plan.list.tag}@${plan.list.id.replace(/^[^.]+\./, "")}`}`,
    `Subject: ${subject}`,
    `Message-ID: <${plan.id}.${hex(random, 12)}@${plan.domain}>`,
  );
  lines.push(...kindLines(plan, random), "MIME-Version: 1.0");
  return lines;
}

function received(plan: Plan, hop: number, random: Random): string {
  const at = new Date(plan.date.getTime() + hop * 1000).toUTCString().replace("GMT", "+0000 (UTC)");
  const host = `relay${hop}.${hop === 1 ? plan.domain : "ac-montagne.example"}`;
  return `Received: from ${host} (${host} [192.0.2.${random.below(255)}])\r\n\tby mx${hop}.ac-montagne.example (Postfix) with ESMTPS id ${hex(random, 10).toUpperCase()}\r\n\tfor <${plan.to}>; ${at}`;
}

function kindLines(plan: Plan, random: Random): string[] {
  switch (plan.kind) {
    case "list": {
      const id = plan.list?.id ?? "";
      return [
        `List-Id: <${id}>`,
        `List-Unsubscribe: <https://${id}/unsubscribe>,\r\n <mailto:${plan.list?.tag ?? ""}-request@${id}?subject=unsubscribe>`,
        `List-Post: <mailto:${plan.list?.tag ?? ""}@${id}>`,
        "Precedence: list",
        `Sender: ${plan.list?.tag ?? ""}-bounces@${id}`,
      ];
    }
    case "reply":
      return [
        `In-Reply-To: <${hex(random, 20)}@ac-montagne.example>`,
        `References: <${hex(random, 20)}@ac-montagne.example>`,
      ];
    case "newsletter":
      return ["Precedence: bulk", `List-Unsubscribe: <https://${plan.domain}/u/${hex(random, 16)}>`];
    case "notice":
      return ["Auto-Submitted: auto-generated", `X-Mailer: suivi ${1 + random.below(9)}.${random.below(20)}`];
    default:
      return [`User-Agent: Courrier ${100 + random.below(30)}.0`];
  }
}
