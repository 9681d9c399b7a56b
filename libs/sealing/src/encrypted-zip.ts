import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";

/** A file of an archive. */
export interface ArchivedFile {
  readonly filename: string;
  readonly octets: Uint8Array;
}

export interface ZipOptions {
  /** At least 128 random bits: the format derives keys in 1000 rounds, which protects no shorter one. */
  readonly password: string;
  /** When the files are said to be written. */
  readonly date: Date;
}

const deflate = promisify(deflateRaw);

/**
 * A ZIP archive whose files are encrypted with AES-256 (WinZip's AE-2: no checksum of a content, an HMAC of its ciphertext). Names and
 * sizes of the files can be read without the password. Of files with one name the later ones are numbered.
 */
export async function encryptedZip(files: readonly ArchivedFile[], { password, date }: ZipOptions): Promise<Buffer> {
  const names = distinct(files.map(({ filename }) => filename));
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [index, { octets }] of files.entries()) {
    const packed = await deflate(octets);
    const isPacked = packed.length < octets.length;
    const data = sealed(isPacked ? packed : octets, password);
    const name = Buffer.from(names[index] ?? "", "utf8");
    const entry = { name, isPacked, date, stored: lengthOf(data), size: octets.length };
    const local = [localHeader(entry), ...data];
    locals.push(...local);
    central.push(centralHeader(entry, offset));
    offset += lengthOf(local);
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...locals, directory, endOf(files.length, directory.length, offset)]);
}

function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = name.replace(/(\.[^.]*)?$/, ` (${n})$1`);
    taken.add(free.toLowerCase());
    return free;
  });
}

const SALT_OCTETS = 16;
const KEY_OCTETS = 32;
const CHECK_OCTETS = 2;
const MAC_OCTETS = 10;
/** The format's. */
const ROUNDS = 1000;

/** AE-2, in its pieces: salt, a check of the password, the ciphertext, the first half of its HMAC-SHA-1. */
function sealed(content: Uint8Array, password: string): readonly Buffer[] {
  const salt = randomBytes(SALT_OCTETS);
  const keys = pbkdf2Sync(password, salt, ROUNDS, 2 * KEY_OCTETS + CHECK_OCTETS, "sha1");
  const encrypted = counted(content, keys.subarray(0, KEY_OCTETS));
  const mac = createHmac("sha1", keys.subarray(KEY_OCTETS, 2 * KEY_OCTETS))
    .update(encrypted)
    .digest();
  return [salt, keys.subarray(2 * KEY_OCTETS), encrypted, mac.subarray(0, MAC_OCTETS)];
}

const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

const BLOCK = 16;
/** Blocks whose key stream is made at once. */
const AT_ONCE = 65_536;

/** AES in counter mode as the format has it: the counter begins at 1 and its lowest octet comes first, where that of `aes-256-ctr` comes last. */
function counted(content: Uint8Array, key: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  const out = Buffer.allocUnsafe(content.length);
  for (let from = 0; from < content.length; from += BLOCK * AT_ONCE) {
    const to = Math.min(content.length, from + BLOCK * AT_ONCE);
    const counters = Buffer.alloc(Math.ceil((to - from) / BLOCK) * BLOCK);
    for (let at = 0; at < counters.length; at += BLOCK) counters.writeUInt32LE((from + at) / BLOCK + 1, at);
    const stream = cipher.update(counters);
    for (let at = from; at < to; at++) out[at] = (content[at] ?? 0) ^ (stream[at - from] ?? 0);
  }
  return out;
}

interface Entry {
  readonly name: Buffer;
  readonly isPacked: boolean;
  readonly date: Date;
  /** Octets in the archive, and of the file. */
  readonly stored: number;
  readonly size: number;
}

const DEFLATED = 8;
const STORED = 0;
/** The extra field of AE-x: 7 octets, version 2, "AE", AES-256, and how the content is packed. */
const extra = (isPacked: boolean): Buffer =>
  Buffer.from([0x01, 0x99, 7, 0, 2, 0, 0x41, 0x45, 3, isPacked ? DEFLATED : STORED, 0]);

/** What both headers say in the same order: flags (encrypted, names in UTF-8), method 99, time, no checksum, sizes, lengths. */
function common({ name, isPacked, date, stored, size }: Entry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(51, 0);
  fields.writeUInt16LE(0x0801, 2);
  fields.writeUInt16LE(99, 4);
  fields.writeUInt32LE(dosTime(date), 6);
  fields.writeUInt32LE(stored, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(extra(isPacked).length, 24);
  return fields;
}

function localHeader(entry: Entry): Buffer {
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common(entry), entry.name, extra(entry.isPacked)]);
}

function centralHeader(entry: Entry, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  // 63: made by a program that knows AES, on MS-DOS, as attributes are nobody's concern.
  return Buffer.concat([
    Buffer.from("PK\x01\x02\x3f\x00", "latin1"),
    common(entry),
    rest,
    entry.name,
    extra(entry.isPacked),
  ]);
}

function endOf(files: number, directory: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(directory, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Seconds in pairs, years since 1980; the time in the lower half. */
function dosTime(date: Date): number {
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  return ((day << 16) | time) >>> 0;
}
