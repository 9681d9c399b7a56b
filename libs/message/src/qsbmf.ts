import { readMessage } from "./message.ts";
import type { Entity } from "./model.ts";
import { asBuffer } from "./octets.ts";
import { bareDsn, type Dsn, NOTHING_SAID, type RecipientReport } from "./report-model.ts";

/** Octets that are read: the words come first, then the copy of the mail. */
const MAX_OCTETS = 100_000;
const MAX_RECIPIENTS = 1_000;

/**
 * A bounce of qmail and its kin (QSBMF, which is no RFC): text alone, that begins with "Hi. This is the"; a paragraph for each recipient that begins
 * with its address in angle brackets; and, behind a paragraph that begins with a hyphen, a copy of the mail. They tell of failures only.
 */
export function bounceInWords(root: Entity): Dsn | null {
  if (root.type !== "text/plain") return null;
  const text = asBuffer(root.bytes().subarray(0, MAX_OCTETS)).toString("latin1").trimStart();
  if (!/^hi\. this is the /i.test(text)) return null;
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line, at) => line.startsWith("-") && lines[at - 1]?.trim() === "");
  const recipients = paragraphs(end === -1 ? lines : lines.slice(0, end)).flatMap((one) => failedIn(one) ?? []);
  if (recipients.length === 0) return null;
  const copy =
    end === -1
      ? ""
      : lines
          .slice(end + 1)
          .join("\r\n")
          .trimStart();
  const { root: entity } = readMessage(Buffer.from(copy, "latin1"));
  const messageId = entity.headers("message-id")[0]?.raw() || null;
  return bareDsn(recipients.slice(0, MAX_RECIPIENTS), copy === "" ? null : { messageId, entity });
}

function paragraphs(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  let isInside = false;
  for (const line of lines) {
    const isBlank = line.trim() === "";
    if (!isBlank) found.push(isInside ? `${found.pop() ?? ""} ${line.trim()}` : line.trim());
    isInside = !isBlank;
  }
  return found;
}

/** `<anna@example.org>:` and why. */
function failedIn(paragraph: string): RecipientReport | null {
  const [, address, why = ""] = /^<([^<>\s]{1,500})>:(.*)$/.exec(paragraph) ?? [];
  if (address === undefined) return null;
  return {
    ...NOTHING_SAID,
    finalRecipient: { type: "rfc822", address },
    action: "failed",
    status: /\b5\.\d{1,3}\.\d{1,3}\b/.exec(why)?.[0] ?? null,
    diagnostic: why.trim() || null,
  };
}
