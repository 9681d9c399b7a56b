import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { fromBase32, toBase32 } from "./base32.ts";
import type { TokenKey, TokenKeys } from "./token.ts";

/** What a link lets one fetch, and until when. */
export interface Link {
  /** Name of the object, {@link makeObjectName}'s. */
  readonly object: string;
  /** Under which it is handed out; it stands in the URL, and cannot be changed there. */
  readonly filename: string;
  /** Epoch ms; whole seconds count. */
  readonly expiresAt: number;
  /** The number of the recipient whose link it is; null: everybody's. */
  readonly recipient: string | null;
}

/** So that no other use of the keys gives the same digest. */
const PURPOSE = "tamis link 1\n";
/** 128 bits each. */
const NAME_OCTETS = 16;
const MAC_OCTETS = 16;
const TOKEN = /^([a-z2-7]{26})\.([0-9a-z]{1,8})\.([0-9a-z]{0,13})\.([a-z2-7]{2})([a-z2-7]{26})$/;

/** A name for an object that nobody guesses: 26 characters of lower-case base32. */
export const makeObjectName = (): string => toBase32(randomBytes(NAME_OCTETS));

/**
 * The token of a link: letters, digits and dots, at most 80. A URL has it before the name of the file, percent-encoded:
 * `https://files.example.org/TOKEN/bilan.pdf`. Throws `RangeError` on what no link can be made of.
 */
export function signLink(link: Link, { current }: TokenKeys): string {
  const recipient = link.recipient === null ? "" : BigInt(link.recipient).toString(36);
  const text = `${link.object}.${Math.floor(link.expiresAt / 1000).toString(36)}.${recipient}`;
  const token = `${text}.${current.id}${toBase32(macOf(text, link.filename, current))}`;
  if (!TOKEN.test(token))
    throw new RangeError("a link is made of the name of an object, a time and the number of a recipient");
  return token;
}

/**
 * The link that a token and the decoded name of the file behind it are; null where no key made it, for that name. Whether it is over is
 * for the caller to say: `expiresAt`. The time taken tells nothing of the secret.
 */
export function readLink(token: string, filename: string, { current, old }: TokenKeys): Link | null {
  const [, object, seconds = "", recipient = "", keyId, mac = ""] = TOKEN.exec(token) ?? [];
  const key = [current, ...old].find(({ id }) => id === keyId);
  const octets = fromBase32(mac);
  if (object === undefined || key === undefined || octets === null) return null;
  if (!timingSafeEqual(octets, macOf(`${object}.${seconds}.${recipient}`, filename, key))) return null;
  const expiresAt = Number.parseInt(seconds, 36) * 1000;
  return { object, filename, expiresAt, recipient: recipient === "" ? null : numberIn(recipient) };
}

/** Signed by us, so it is a number in base 36. */
const numberIn = (text: string): string =>
  [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n).toString();

const macOf = (text: string, filename: string, { id, secret }: TokenKey): Uint8Array =>
  createHmac("sha256", secret)
    .update(`${PURPOSE}${id}\n${text}\n${filename.normalize("NFC")}`, "utf8")
    .digest()
    .subarray(0, MAC_OCTETS);
