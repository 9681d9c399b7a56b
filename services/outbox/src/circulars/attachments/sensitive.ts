import type { CircularDraftHead } from "@tamis/contracts";
import type { SensitiveRule } from "./config.ts";

type Named = CircularDraftHead["attachments"][number];

/** Whether an attachment is secret: its sender says so, or a rule does. What a rule says no sender takes back. */
export function isSecret(attachment: Named, senders: readonly string[], rules: readonly SensitiveRule[]): boolean {
  return attachment.secret === true || rules.some((rule) => fits(rule, attachment, senders));
}

function fits(rule: SensitiveRule, { filename, type }: Named, senders: readonly string[]): boolean {
  return (
    (rule.filename === undefined || isLike(filename, rule.filename)) &&
    (rule.type === undefined || isLike(type.split(";")[0]?.trim() ?? "", rule.type)) &&
    (rule.sender === undefined || senders.some((sender) => isLike(sender, rule.sender ?? "")))
  );
}

const folded = (text: string): string => text.normalize("NFC").toLowerCase();

/** Each `*` takes as little as it may, and is never tried again once a later one has begun: time is text × pattern at most. */
function isLike(text: string, pattern: string): boolean {
  const [letters, wanted] = [[...folded(text)], [...folded(pattern)]];
  let [at, to, star, from] = [0, 0, -1, 0];
  while (at < letters.length) {
    if (wanted[to] === "*") [star, from] = [to++, at];
    else if (to < wanted.length && (wanted[to] === "?" || wanted[to] === letters[at])) [at, to] = [at + 1, to + 1];
    else if (star === -1) return false;
    else [at, to] = [++from, star + 1];
  }
  return wanted.slice(to).every((letter) => letter === "*");
}
