import { createHmac, timingSafeEqual } from "node:crypto";
import { fromBase32, toBase32 } from "./base32.ts";

/** One secret with the name that its tokens carry: two characters of base32. */
export interface TokenKey {
  readonly id: string;
  /** 32 octets. */
  readonly secret: Uint8Array;
}

/** What tokens are made with, and what older ones were made with. */
export interface TokenKeys {
  readonly current: TokenKey;
  readonly old: readonly TokenKey[];
}

const KEY_ID = 2;
const MAC_OCTETS = 12;
/** Octets of the largest number. */
const MAX_NUMBER = 8;
/** So that no other use of the secret gives the same digest. */
const PURPOSE = "tamis receipt token 1\n";

/** The most characters that a token has: a local part of 64 octets (RFC 5321 §4.5.3.1.1) has room for 30 more. */
export const MAX_TOKEN_LENGTH = KEY_ID + Math.ceil(((MAX_NUMBER + MAC_OCTETS) * 8) / 5);
const MIN_TOKEN_LENGTH = KEY_ID + Math.ceil(((1 + MAC_OCTETS) * 8) / 5);

/** Characters of a text in which tokens are sought. */
const MAX_TEXT = 2_000;
const CANDIDATE = new RegExp(`[a-z2-7]{${MIN_TOKEN_LENGTH},${MAX_TOKEN_LENGTH}}`, "g");

/**
 * The token of a recipient of the ledger: 23 to 34 characters of lower-case base32 (RFC 4648 §6), of which 96 bits are an HMAC-SHA-256.
 * `recipientId` is a decimal number below 2^64; throws `RangeError` on another.
 */
export function makeToken(recipientId: string, { current }: TokenKeys): string {
  const number = octetsOf(recipientId);
  return `${current.id}${toBase32(Buffer.concat([number, macOf(number, current)]))}`;
}

/** The recipient that a token names; null where no key made it. In any case; the time taken tells nothing of the secret. */
export function readToken(token: string, { current, old }: TokenKeys): string | null {
  if (token.length < MIN_TOKEN_LENGTH || token.length > MAX_TOKEN_LENGTH) return null;
  const written = token.toLowerCase();
  const key = [current, ...old].find(({ id }) => id === written.slice(0, KEY_ID));
  const octets = fromBase32(written.slice(KEY_ID));
  if (key === undefined || octets === null) return null;
  const number = octets.subarray(0, octets.length - MAC_OCTETS);
  const mac = octets.subarray(octets.length - MAC_OCTETS);
  if (number.length === 0 || !timingSafeEqual(mac, macOf(number, key))) return null;
  return BigInt(`0x${Buffer.from(number).toString("hex")}`).toString();
}

/**
 * What may be tokens in an address, a Message-ID or an ENVID, in lower case: runs of base32 of a token's length with nothing of a word
 * beside them. {@link readToken} says which of them is one.
 */
export function tokensIn(text: string): readonly string[] {
  const written = text.slice(0, MAX_TEXT).toLowerCase();
  return [...written.matchAll(/[a-z0-9]+/g)]
    .map(([word]) => word)
    .filter((word) => word.match(CANDIDATE)?.[0] === word);
}

function octetsOf(recipientId: string): Uint8Array {
  const number = /^(?:0|[1-9]\d{0,19})$/.test(recipientId) ? BigInt(recipientId) : -1n;
  if (number < 0n || number >= 1n << BigInt(8 * MAX_NUMBER))
    throw new RangeError("a token is made of the number of a recipient");
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

const macOf = (number: Uint8Array, { id, secret }: TokenKey): Uint8Array =>
  createHmac("sha256", secret).update(PURPOSE).update(id).update(number).digest().subarray(0, MAC_OCTETS);
