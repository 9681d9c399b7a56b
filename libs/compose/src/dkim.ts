import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { type Field, relaxed } from "./header-fields.ts";

/** One key of the operator's. */
export interface DkimKey {
  /** Whose signature it is: d=. */
  readonly domain: string;
  /** s=: the public key is in the TXT record of `selector._domainkey.domain`. */
  readonly selector: string;
  /** PEM, not encrypted: RSA of 1024 bits at least (2048 is usual), or Ed25519. */
  readonly privateKey: string;
}

/** Signs mails. One signature for each key: who does not know ed25519 yet finds the other (RFC 8463 §3). */
export interface DkimSigner {
  readonly keys: readonly SigningKey[];
}

interface SigningKey {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  readonly key: KeyObject;
}

/** What is wrong with a key. */
export type DkimFault =
  | "no-key"
  | "bad-domain"
  | "bad-selector"
  | "key-not-read"
  | "key-too-short"
  | "key-of-other-kind";

/** Reads the keys; the first one that cannot be used is the fault. */
export function dkimSigner(
  keys: readonly DkimKey[],
):
  | { readonly ok: true; readonly signer: DkimSigner }
  | { readonly ok: false; readonly fault: DkimFault; readonly selector: string } {
  const read: SigningKey[] = [];
  for (const key of keys) {
    const found = signingKey(key);
    if (typeof found === "string") return { ok: false, fault: found, selector: key.selector };
    read.push(found);
  }
  return read.length === 0 ? { ok: false, fault: "no-key", selector: "" } : { ok: true, signer: { keys: read } };
}

const LABELS = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

function signingKey({ domain, selector, privateKey }: DkimKey): SigningKey | DkimFault {
  if (!LABELS.test(domain) || !domain.includes(".") || domain.length > 253) return "bad-domain";
  if (!LABELS.test(selector) || selector.length > 100) return "bad-selector";
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey);
  } catch {
    return "key-not-read";
  }
  if (key.asymmetricKeyType === "ed25519") return { domain, selector, algorithm: "ed25519-sha256", key };
  if (key.asymmetricKeyType !== "rsa") return "key-of-other-kind";
  // RFC 8301 §3.2: shorter ones are not valid.
  const isLongEnough = (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 1024;
  return isLongEnough ? { domain, selector, algorithm: "rsa-sha256", key } : "key-too-short";
}

/** The TXT record under which receivers find the public key (RFC 6376 §3.6.1, RFC 8463 §4). */
export function dkimRecord(signer: DkimSigner): readonly { readonly name: string; readonly value: string }[] {
  return signer.keys.map(({ domain, selector, algorithm, key }) => {
    const der = createPublicKey(key).export({ type: "spki", format: "der" });
    const isRsa = algorithm === "rsa-sha256";
    // RFC 8463 §4.2: the key itself, without what DER has around it.
    const value = (isRsa ? der : der.subarray(-32)).toString("base64");
    return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${value}` };
  });
}

/** Fields that a signature covers where they are (RFC 6376 §5.4.1; RFC 8058 §4 for the last two). */
const SIGNED: ReadonlySet<string> = new Set(
  "from to cc subject date message-id reply-to in-reply-to references mime-version content-type content-transfer-encoding auto-submitted precedence list-id disposition-notification-to list-unsubscribe list-unsubscribe-post".split(
    " ",
  ),
);

/** Fields that nobody may add, though the mail has none. RFC 6376 §8.15: From above all. */
const GUARDED = ["from", "to", "cc", "subject", "date", "reply-to", "content-type"] as const;

/** What is signed. */
export interface Signable {
  /** The header, in order. */
  readonly fields: readonly Field[];
  /** SHA-256 of the body, relaxed (RFC 6376 §3.4.4). */
  readonly bodyHash: Buffer;
  readonly date: Date;
}

/** The DKIM-Signature fields of a mail, each with its folds and line end; they belong before all others. */
export function signatures(signer: DkimSigner, { fields, bodyHash, date }: Signable): readonly string[] {
  // RFC 6376 §5.4.2: fields of one name are taken from the last one up; no name of ours is there twice.
  const covered = fields.filter(({ name }) => SIGNED.has(name.toLowerCase()));
  const names = covered.map(({ name }) => name.toLowerCase());
  // RFC 8058: a second List-Unsubscribe would be as good as a first one.
  const guarded = [...GUARDED, ...names.filter((name) => name.startsWith("list-unsubscribe"))];
  const listed = foldedList([...names, ...guarded]);
  const header = covered.map(({ canonical }) => canonical).join("");
  const hash = bodyHash.toString("base64");
  const seconds = Math.floor(date.getTime() / 1000);
  return signer.keys.map((key) => {
    const field = `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${key.domain};\r\n s=${key.selector}; t=${seconds};\r\n h=${listed};\r\n bh=${hash};\r\n b=`;
    // RFC 6376 §3.7: the field itself comes last, with an empty b= and without its line end.
    const octets = Buffer.from(header + relaxed(field).slice(0, -2), "utf8");
    return `${field}${signed(key, octets)
      .toString("base64")
      .replace(/.{72}(?=.)/g, "$&\r\n ")}\r\n`;
  });
}

function signed({ algorithm, key }: SigningKey, octets: Buffer): Buffer {
  if (algorithm === "rsa-sha256") return sign("sha256", octets, key);
  // RFC 8463 §3: the hash is what is signed.
  return sign(null, createHash("sha256").update(octets).digest(), key);
}

/** `a:b:c`, its lines folded after colons. */
function foldedList(names: readonly string[]): string {
  let line = "";
  let out = "";
  for (const [index, name] of names.entries()) {
    const piece = index === names.length - 1 ? name : `${name}:`;
    if (line.length + piece.length > 70) {
      out += `${line}\r\n  `;
      line = "";
    }
    line += piece;
  }
  return out + line;
}
