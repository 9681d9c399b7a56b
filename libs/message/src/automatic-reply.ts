import { firstWord } from "./machine-of.ts";
import type { Message } from "./model.ts";

/** Fields that programs set on replies of theirs and on nothing else, where they know no Auto-Submitted. */
const MARKS = ["x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply-from"];

/**
 * Whether a program answered for its owner, because he is away or to say that the mail came (RFC 3834): neither a report nor word
 * from a person. A mail that a program made without being asked, a newsletter say, is none.
 */
export function isAutomaticReply(message: Message): boolean {
  const submitted = firstWord(message, "auto-submitted");
  if (submitted === "auto-replied") return true;
  if (MARKS.some((name) => message.headers(name).length > 0)) return true;
  // QUIRK: old responders say so with Precedence alone, Exchange and Outlook with "auto-generated" and a field that asks for silence.
  if (/^auto[-_]?reply$/.test(firstWord(message, "precedence"))) return true;
  const isReply = message.headers("in-reply-to").length > 0 || message.headers("references").length > 0;
  return isReply && submitted === "auto-generated" && message.headers("x-auto-response-suppress").length > 0;
}
