/** A value in DER (X.690 §8.1). */
export interface DerValue {
  /** The identifier octet: class, whether it is constructed, number. */
  readonly tag: number;
  readonly content: Buffer;
  /** Identifier, length and content. */
  readonly whole: Buffer;
}

/** The values that stand one after the other in these octets; null where they are none, or have what no certificate needs (tags of several octets). */
export function readDer(octets: Uint8Array): readonly DerValue[] | null {
  const all = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const values: DerValue[] = [];
  for (let at = 0; at < all.length; ) {
    const value = valueAt(all, at);
    if (value === null) return null;
    values.push(value);
    at += value.whole.length;
  }
  return values;
}

const LONGEST_LENGTH = 4;

function valueAt(all: Buffer, at: number): DerValue | null {
  const [tag = 0x1f, first = 0x80] = all.subarray(at, at + 2);
  const more = first < 0x80 ? 0 : first & 0x7f;
  // X.690 §10.1: a length is there; 0x80 would leave the end to be found.
  if ((tag & 0x1f) === 0x1f || first === 0x80 || more > LONGEST_LENGTH || at + 2 + more > all.length) return null;
  const length = more === 0 ? first : all.readUIntBE(at + 2, more);
  const from = at + 2 + more;
  if (from + length > all.length) return null;
  return { tag, content: all.subarray(from, from + length), whole: all.subarray(at, from + length) };
}

/** A value: its tag, its length in as few octets as it needs, its content. */
export const der = (tag: number, ...content: readonly Uint8Array[]): Buffer => Buffer.concat(derPieces(tag, content));

/** As {@link der}, in pieces: a long content is not copied for each value around it. */
export function derPieces(tag: number, content: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [Buffer.from([tag, ...lengthOctets(length)]), ...content];
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** The tag of a SEQUENCE (X.690 §8.9). */
export const SEQUENCE = 0x30;
/** SEQUENCE. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => der(SEQUENCE, ...items);
/** SET OF one value: several would have to be sorted (X.690 §11.6). */
export const setOf = (item: Uint8Array): Buffer => der(0x31, item);
/** OCTET STRING. */
export const octetString = (content: Uint8Array): Buffer => der(0x04, content);
/** BIT STRING of whole octets, none of their bits unused. */
export const bitString = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
/** NULL. */
export const NULL = der(0x05);
/** INTEGER from 0 to 127. */
export const smallInteger = (value: number): Buffer => der(0x02, Buffer.from([value]));
/** `[n]`, constructed: explicit around one value, or implicit in the place of a SEQUENCE's tag. */
export const context = (number: number, ...content: readonly Uint8Array[]): Buffer => der(0xa0 | number, ...content);

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...others].flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}
