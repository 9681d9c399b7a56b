import type { Message } from "./model.ts";

/** Whether a machine made the mail, so that none must answer it (RFC 3834 §2); `list` where it came over a mailing list. By its header. */
export function machineOf(message: Message): "list" | "automatic" | null {
  // RFC 5230 §4.6: any field of RFC 2369 and its kin.
  if (message.headerFields().some(({ lowerName }) => lowerName.startsWith("list-"))) return "list";
  const precedence = firstWord(message, "precedence");
  if (precedence === "list") return "list";
  if (precedence === "bulk" || precedence === "junk") return "automatic";
  if (isSubmittedByMachine(message)) return "automatic";
  // QUIRK: Exchange's own way to ask for silence, which Microsoft 365 sends with every notice.
  const suppressed = message.headers("x-auto-response-suppress")[0]?.raw().toLowerCase() ?? "";
  return /\b(?:all|oof|autoreply)\b/.test(suppressed) ? "automatic" : null;
}

/** RFC 3834 §5: anything but "no" was made by a machine. */
export function isSubmittedByMachine(message: Message): boolean {
  const value = firstWord(message, "auto-submitted");
  return value !== "" && value !== "no";
}

/** Of the first field of that name, in lower case; empty where there is none. */
export function firstWord(message: Message, name: string): string {
  const value = message.headers(name)[0]?.raw() ?? "";
  return /^[^\s;(]*/.exec(value.trim())?.[0].toLowerCase() ?? "";
}
