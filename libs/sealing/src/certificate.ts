import { type KeyObject, X509Certificate } from "node:crypto";
import { objectIdentifier, readDer, sequence } from "./der.ts";

/** A certificate to whose owner mail can be sealed. */
export interface RecipientCertificate {
  /** IssuerAndSerialNumber in DER (RFC 5652 §10.2.4): names the certificate in a sealed mail. */
  readonly issuerAndSerial: Buffer;
  readonly publicKey: KeyObject;
  readonly validTo: Date;
}

/** Why mail is not sealed to a certificate. From what is likest the one that was meant to what is least. */
export const CERTIFICATE_FAULTS = [
  "expired",
  "not-yet-valid",
  "wrong-purpose",
  "weak-key",
  "other-address",
  "unreadable",
] as const;
export type CertificateFault = (typeof CERTIFICATE_FAULTS)[number];

/** RFC 8551 §4.4: RSA keys below 2048 bits do not protect for long. */
const LEAST_RSA_BITS = 2048;
/** Curves that openssl, NSS and Windows know (RFC 8551 §2.3 asks for the first). */
const CURVES: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"]);
const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
const ANY_PURPOSE = "2.5.29.37.0";

/**
 * A certificate (DER, or PEM) as far as mail to this address can be sealed to it at that moment: valid, meant for mail and for the
 * encryption of keys, of that address where it names any (RFC 8550 §3, §4.4). Who issued it, and whether it was revoked, is not asked:
 * whoever keeps the certificates answers for them.
 */
export function readCertificate(
  octets: Uint8Array,
  address: string,
  now: Date,
): RecipientCertificate | CertificateFault {
  const certificate = parsed(octets);
  const fields = certificate === null ? null : fieldsOf(certificate);
  if (certificate === null || fields === null) return "unreadable";
  if (now > certificate.validToDate) return "expired";
  if (now < certificate.validFromDate) return "not-yet-valid";
  const publicKey = publicKeyOf(certificate);
  if (publicKey === null || !isForMail(certificate, publicKey, fields.keyUsage)) return "wrong-purpose";
  if (publicKey.asymmetricKeyType === "rsa" && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS)
    return "weak-key";
  const addresses = addressesOf(certificate);
  if (addresses.length > 0 && !addresses.includes(comparable(address))) return "other-address";
  return { issuerAndSerial: fields.issuerAndSerial, publicKey, validTo: certificate.validToDate };
}

/** Of all that are known for an address the usable one that is valid the longest; else what is wrong with the best of them, `none` where there is none. */
export function chooseCertificate(
  known: readonly Uint8Array[],
  address: string,
  now: Date,
): RecipientCertificate | CertificateFault | "none" {
  const read = known.map((octets) => readCertificate(octets, address, now));
  const usable = read.filter((one) => typeof one !== "string");
  const [best] = usable.toSorted((a, b) => b.validTo.getTime() - a.validTo.getTime());
  return best ?? CERTIFICATE_FAULTS.find((fault) => read.includes(fault)) ?? "none";
}

function parsed(octets: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(octets);
  } catch {
    return null;
  }
}

function publicKeyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

interface Fields {
  readonly issuerAndSerial: Buffer;
  /** The bits of the extension, the first of them the highest; null where it is absent: then everything is allowed. */
  readonly keyUsage: number | null;
}

const INTEGER = 0x02;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const KEY_USAGE = objectIdentifier("2.5.29.15");

/** RFC 5280 §4.1: what `X509Certificate` does not give. */
function fieldsOf({ raw }: X509Certificate): Fields | null {
  const [certificate] = readDer(raw) ?? [];
  const [tbs] = readDer(certificate?.content ?? raw) ?? [];
  const fields = readDer(tbs?.content ?? raw) ?? [];
  const [serial, , issuer] = fields[0]?.tag === VERSION ? fields.slice(1) : fields;
  if (serial?.tag !== INTEGER || issuer === undefined) return null;
  const [list] = readDer(fields.find(({ tag }) => tag === EXTENSIONS)?.content ?? Buffer.alloc(0)) ?? [];
  return {
    issuerAndSerial: sequence(issuer.whole, serial.whole),
    keyUsage: keyUsageIn(list?.content ?? Buffer.alloc(0)),
  };
}

function keyUsageIn(extensions: Buffer): number | null {
  for (const { content } of readDer(extensions) ?? []) {
    const [id, ...rest] = readDer(content) ?? [];
    if (id === undefined || !id.whole.equals(KEY_USAGE)) continue;
    const [bits] = readDer(rest.at(-1)?.content ?? Buffer.alloc(0)) ?? [];
    return bits?.content[1] ?? 0;
  }
  return null;
}

/** RFC 5280 §4.2.1.3: keyEncipherment (bit 2) for RSA, keyAgreement (bit 4) for curves; §4.2.1.12: emailProtection, where purposes are named. */
function isForMail({ keyUsage: purposes }: X509Certificate, key: KeyObject, keyUsage: number | null): boolean {
  const isMail = purposes === undefined || purposes.includes(EMAIL_PROTECTION) || purposes.includes(ANY_PURPOSE);
  const bitOf = { rsa: 0x20, ec: 0x08 }[String(key.asymmetricKeyType)] ?? 0;
  const isCurve = key.asymmetricKeyType !== "ec" || CURVES.has(key.asymmetricKeyDetails?.namedCurve ?? "");
  return isMail && isCurve && bitOf !== 0 && (keyUsage === null || (keyUsage & bitOf) !== 0);
}

const comparable = (address: string): string => address.trim().normalize("NFC").toLowerCase();

/** As `X509Certificate` writes them: of ASCII, and of others (RFC 9598 §3). */
const MAILBOX = /(?:^|, )(?:email|othername: ?SmtpUTF8Mailbox):("(?:[^"\\]|\\.)*"|[^,]*)/g;

/** RFC 8550 §3: in the subject's alternative name, or in its name; in lower case. */
function addressesOf({ subject, subjectAltName = "" }: X509Certificate): readonly string[] {
  const alternative = [...subjectAltName.matchAll(MAILBOX)].map(([, text = ""]) =>
    text.startsWith('"') ? String(JSON.parse(text)) : text,
  );
  const named = [...(subject ?? "").matchAll(/^emailAddress=(.*)$/gm)].map(([, text = ""]) => text);
  return [...alternative, ...named].map(comparable);
}
