import { z } from "zod";

const flags = z.array(z.string()).readonly();

/** What happens to a snoozed mail at its time (draft-ietf-extra-email-snooze). */
export const wake = z.object({
  /** Epoch ms; whoever carries it out may be late, never early. */
  until: z.number(),
  /** Where it comes back; INBOX where there is no such folder then and none may be made. */
  mailbox: z.string().min(1),
  create: z.boolean(),
  /** RFC 8579 §4: as in a target. */
  specialUse: z.string().optional(),
  addFlags: flags,
  removeFlags: flags,
});
export type Wake = Readonly<z.infer<typeof wake>>;

/** The name under which snoozed mail is planned for; which folder it is in an account, its executor knows. */
export const SNOOZED = { mailbox: "Snoozed", specialUse: "\\Snoozed" } as const;

const MINUTE_MS = 60_000;
const WHEN = "$TamisWake-";
const DO = "$TamisDo-";
/** Dovecot keeps 50 characters of a keyword. */
const CHUNK = 38;
/** A folder keeps only so many keywords on some servers: 256 octets of instructions. */
const MAX_CHUNKS = 9;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const ALPHABET = new Map([...LETTERS].map((letter, i) => [letter, i]));

/** The minute (epoch minutes) at which a mail wakes: the first that does not begin before `until`. */
export function wakeMinute({ until }: Pick<Wake, "until">): number {
  return Math.max(0, Math.ceil(until / MINUTE_MS));
}

/** The keyword of all mails that wake at that minute. Keywords have no case (RFC 9051 §2.3.2). */
export function wakeKeyword(minute: number): string {
  return `${WHEN}${minute.toString(36)}`;
}

/**
 * The keywords that tell, on the mail itself, when it wakes and what is done then: one for INBOX without flags, else more,
 * the same for all mails that one command snoozes. Null where the instructions are too long for keywords.
 */
export function wakeKeywords(plan: Wake): readonly string[] | null {
  const text = instructionsOf(plan);
  const letters = text === "" ? "" : toLetters(new TextEncoder().encode(text));
  const count = Math.ceil(letters.length / CHUNK);
  if (count > MAX_CHUNKS) return null;
  const chunks = Array.from({ length: count }, (_, i) => letters.slice(i * CHUNK, (i + 1) * CHUNK));
  return [wakeKeyword(wakeMinute(plan)), ...chunks.map((chunk, i) => `${DO}${i + 1}${count}-${chunk}`)];
}

/** Whether a flag is one of ours about waking. */
export function isWakeKeyword(flag: string): boolean {
  const name = flag.toLowerCase();
  return name.startsWith(WHEN.toLowerCase()) || name.startsWith(DO.toLowerCase());
}

/**
 * What the flags of a mail say of its waking; null where none says when. Instructions that cannot be read, of which keywords
 * are missing, say nothing: then it comes back to INBOX.
 */
export function readWake(given: Iterable<string>): Wake | null {
  const names = [...given].map((flag) => flag.toLowerCase());
  // Of several, set by hand or copied together, the earliest.
  const minutes = names.map(minuteOf).filter((minute) => minute !== null);
  if (minutes.length === 0) return null;
  const until = Math.min(...minutes) * MINUTE_MS;
  return { until, ...(readInstructions(names) ?? TO_INBOX) };
}

type Instructions = Omit<Wake, "until">;

const TO_INBOX: Instructions = { mailbox: "INBOX", create: false, addFlags: [], removeFlags: [] };

function minuteOf(name: string): number | null {
  const found = /^\$tamiswake-([0-9a-z]{1,7})$/.exec(name)?.[1];
  return found === undefined ? null : Number.parseInt(found, 36);
}

/** Lines: folder, whether to make it, its use, flags that it gains, flags that it loses. Empty: the usual. */
function instructionsOf({ mailbox, create, specialUse = "", addFlags, removeFlags }: Wake): string {
  const place = mailbox.toUpperCase() === "INBOX" ? "" : mailbox;
  const lines = [place, create && place !== "" ? "c" : "", place === "" ? "" : specialUse];
  return [...lines, addFlags.join(" "), removeFlags.join(" ")].join("\n").replace(/\n+$/, "");
}

function readInstructions(names: readonly string[]): Instructions | null {
  const chunks = names.flatMap((name) => {
    const [, index, count, chunk] = /^\$tamisdo-([1-9])([1-9])-([a-z2-7]+)$/.exec(name) ?? [];
    return chunk === undefined ? [] : [{ index: Number(index), count: Number(count), chunk }];
  });
  chunks.sort((a, b) => a.index - b.index);
  if (chunks.length === 0 || chunks.some(({ index, count }, i) => index !== i + 1 || count !== chunks.length))
    return null;
  const text = fromLetters(chunks.map(({ chunk }) => chunk).join(""));
  if (text === null) return null;
  const [place = "", create = "", specialUse = "", addFlags = "", removeFlags = ""] = text.split("\n");
  const words = (line: string): readonly string[] => line.split(" ").filter(Boolean);
  return {
    mailbox: place === "" ? "INBOX" : place,
    create: create === "c",
    ...(specialUse === "" ? {} : { specialUse }),
    addFlags: words(addFlags),
    removeFlags: words(removeFlags),
  };
}

/** RFC 4648 §6, in lower case and without padding. */
function toLetters(bytes: Uint8Array): string {
  let letters = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) letters += LETTERS[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? letters : letters + LETTERS[(held << (5 - bits)) & 31];
}

/** Null where it is no text. */
function fromLetters(letters: string): string | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of letters) {
    held = (held << 5) | (ALPHABET.get(letter) ?? 0);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
