import { messageIdOf } from "./load-account.ts";
import { type RuleSet, ruleFor } from "./rule-sets.ts";

/** The fields of a mail's header that describe its body, unfolded fields kept as they are, and the body. */
function mimeEntity(raw: Buffer): Buffer {
  const end = raw.indexOf("\r\n\r\n");
  const header = raw.toString("latin1", 0, end < 0 ? raw.length : end);
  const fields = header.split(/\r\n(?![ \t])/).filter((field) => /^content-/i.test(field));
  const head = fields.length === 0 ? "Content-Type: text/plain" : fields.join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4)]);
}

/**
 * Dresses a mail for sorting: a subject, a Message-ID to find it by, and a footer as mailing lists add it, which holds
 * the word that a body rule looks for. Its own body stays what it was, one level deeper.
 */
export function sortableMail(raw: Buffer, key: number, set: RuleSet): Buffer {
  const rule = ruleFor(set, key);
  const word = (part: "subject" | "body"): string => (rule?.part === part ? `${rule.word} ` : "");
  const boundary = `=_load_${key}`;
  const head = [
    `Received: from front.load.test by store.load.test with LMTP id ${key}; Mon, 2 Nov 2026 08:00:00 +0100`,
    `From: Expediteur ${key} <sender${key % 97}@load.test>`,
    "To: Professeurs <professeurs@load.test>",
    `Subject: ${word("subject")}Conseil de classe ${key}`,
    "Date: Mon, 2 Nov 2026 08:00:00 +0100",
    `Message-ID: ${messageIdOf(key)}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const footer = `\r\n--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${word("body")}liste des professeurs\r\n--${boundary}--\r\n`;
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n--${boundary}\r\n`), mimeEntity(raw), Buffer.from(footer)]);
}
