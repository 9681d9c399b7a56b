import { messageIdOf } from "./load-account.ts";
import { type RuleSet, ruleFor } from "./rule-sets.ts";

interface Entity {
  /** Fields about the mail itself. */
  readonly fields: readonly string[];
  /** Fields about its content. */
  readonly content: readonly string[];
  readonly body: Buffer;
}

const REPLACED = /^(subject|message-id|mime-version|content-[a-z-]+):/i;

/** Cuts a mail into its unfolded header fields, as they are, and its body. */
function entityOf(raw: Buffer): Entity {
  const end = raw.indexOf("\r\n\r\n");
  const fields = raw
    .toString("latin1", 0, Math.max(0, end))
    .split(/\r\n(?![ \t])/)
    .filter((field) => field !== "");
  return {
    fields: fields.filter((field) => !REPLACED.test(field)),
    content: fields.filter((field) => /^content-/i.test(field)),
    body: end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4),
  };
}

/**
 * Dresses a mail for sorting: a subject with the word that a header rule looks for, a Message-ID to find it by, and a
 * footer as mailing lists add it, with the word that a body rule looks for. Its content stays what it was, one level
 * deeper.
 */
export function sortableMail(raw: Buffer, key: number, set: RuleSet): Buffer {
  const rule = ruleFor(set, key);
  const word = (part: "subject" | "body"): string => (rule?.part === part ? `${rule.word} ` : "");
  const boundary = `=_load_${key}`;
  const { fields, content, body } = entityOf(raw);
  const head = [
    ...fields,
    `Subject: ${word("subject")}Conseil de classe ${key}`,
    `Message-ID: ${messageIdOf(key)}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const inner = content.length === 0 ? ["Content-Type: text/plain"] : content;
  const footer = [
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    `${word("body")}liste des professeurs`,
    `--${boundary}--`,
    "",
  ];
  return Buffer.concat([
    Buffer.from([...head, "", `--${boundary}`, ...inner, "", ""].join("\r\n"), "latin1"),
    body,
    Buffer.from(footer.join("\r\n")),
  ]);
}
