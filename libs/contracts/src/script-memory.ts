/**
 * What scripts remember of one account: mails seen (RFC 7352) and senders answered (RFC 5230 §4.1), in one bounded record.
 * A mark is a 64-bit keyed hash of what is remembered, the key of the mail that made it, and when it ends. A mark never speaks
 * against its own mail, so a mail that is decided on twice is not its own duplicate. Ended marks are judged on reading.
 */
export interface ScriptMemory {
  /** 16 octets as hex: the key of this account's hashes. */
  readonly salt: string;
  readonly marks: readonly ScriptMark[];
}

export interface ScriptMark {
  /** 16 hex digits. */
  readonly hash: string;
  /** Fingerprint of the mail: 16 hex digits. */
  readonly mail: string;
  /** Epoch seconds. */
  readonly endsAt: number;
}

/** 20 octets each: 48 KB in base64. */
export const MAX_MARKS = 1_800;
const MARK_HEX = 16 + 16 + 8;

/** Marks that have ended are left out; of too many, those that end first. */
export function encodeScriptMemory({ salt, marks }: ScriptMemory, now: number): Uint8Array {
  const alive = marks
    .filter(({ endsAt }) => endsAt * 1000 > now)
    .toSorted((a, b) => a.endsAt - b.endsAt)
    .slice(-MAX_MARKS);
  const hex = alive.map(({ hash, mail, endsAt }) => `${hash}${mail}${endsAt.toString(16).padStart(8, "0")}`).join("");
  const packed = Buffer.from(hex, "hex").toString("base64");
  return Buffer.from(JSON.stringify({ v: 1, salt, marks: packed }));
}

/** Throws `SyntaxError` or `TypeError` where the octets are no record. */
export function decodeScriptMemory(octets: Uint8Array): ScriptMemory {
  const stored: unknown = JSON.parse(Buffer.from(octets).toString("utf8"));
  if (!isStored(stored)) throw new TypeError("script memory: not a record of this version");
  const hex = Buffer.from(stored.marks, "base64").toString("hex");
  const marks: ScriptMark[] = [];
  for (let at = 0; at + MARK_HEX <= hex.length; at += MARK_HEX) {
    marks.push({
      hash: hex.slice(at, at + 16),
      mail: hex.slice(at + 16, at + 32),
      endsAt: Number.parseInt(hex.slice(at + 32, at + 40), 16),
    });
  }
  return { salt: stored.salt, marks };
}

function isStored(value: unknown): value is { readonly salt: string; readonly marks: string } {
  if (typeof value !== "object" || value === null) return false;
  const { v, salt, marks } = value as Readonly<Record<string, unknown>>;
  return v === 1 && typeof salt === "string" && /^[0-9a-f]{32}$/.test(salt) && typeof marks === "string";
}

/** Whether another mail than `mail` marked this, and the mark has not ended. */
export function isMarked(
  memory: ScriptMemory,
  hash: string,
  { mail, now }: { readonly mail: string; readonly now: number },
): boolean {
  return memory.marks.some((mark) => mark.hash === hash && mark.mail !== mail && mark.endsAt * 1000 > now);
}

/** A mark again ends at the later of both. */
export function withMarks(memory: ScriptMemory, added: readonly ScriptMark[]): ScriptMemory {
  const marks = new Map(memory.marks.map((mark) => [`${mark.hash}${mark.mail}`, mark]));
  for (const mark of added) {
    const before = marks.get(`${mark.hash}${mark.mail}`);
    marks.set(`${mark.hash}${mark.mail}`, before === undefined || before.endsAt < mark.endsAt ? mark : before);
  }
  return { ...memory, marks: [...marks.values()] };
}

/** Without what this mail marked: its actions failed, it stays where it was. */
export function withoutMarksOf(memory: ScriptMemory, mail: string): ScriptMemory {
  return { ...memory, marks: memory.marks.filter((mark) => mark.mail !== mail) };
}
