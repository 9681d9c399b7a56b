import {
  constants,
  createCipheriv,
  createHash,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { RecipientCertificate } from "./certificate.ts";
import {
  bitString,
  context,
  derPieces,
  NULL,
  objectIdentifier,
  octetString,
  SEQUENCE,
  sequence,
  setOf,
  smallInteger,
} from "./der.ts";

/** How a content is encrypted: authenticated (RFC 5083, RFC 5084), or as older programs know it (RFC 5652 §6). */
export type ContentCipher = "aes-256-gcm" | "aes-256-cbc";

const DATA = objectIdentifier("1.2.840.113549.1.7.1");
const ENVELOPED_DATA = objectIdentifier("1.2.840.113549.1.7.3");
const AUTH_ENVELOPED_DATA = objectIdentifier("1.2.840.113549.1.9.16.1.23");
const RSA_ENCRYPTION = objectIdentifier("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY = objectIdentifier("1.2.840.10045.2.1");
const ECDH_SHA256 = objectIdentifier("1.3.132.1.11.1");
const AES256_WRAP = objectIdentifier("2.16.840.1.101.3.4.1.45");
const AES256_CBC = objectIdentifier("2.16.840.1.101.3.4.1.42");
const AES256_GCM = objectIdentifier("2.16.840.1.101.3.4.1.46");

const KEY_OCTETS = 32;
const TAG_OCTETS = 16;

/**
 * A content that only the owner of the certificate can read: a ContentInfo in DER (RFC 5652 §3) of AuthEnvelopedData, or of EnvelopedData.
 * For one recipient: what is sealed to several tells each of them who the others are.
 */
export function sealEnvelope(content: Uint8Array, certificate: RecipientCertificate, cipher: ContentCipher): Buffer {
  const key = randomBytes(KEY_OCTETS);
  const isAgreed = certificate.publicKey.asymmetricKeyType === "ec";
  const recipients = setOf(isAgreed ? agreedKey(certificate, key) : transportedKey(certificate, key));
  if (cipher === "aes-256-gcm") {
    const { encrypted, tag } = gcm(content, key);
    // RFC 5083 §2.1: version 0, and nothing is authenticated beside the content.
    return contentInfo(AUTH_ENVELOPED_DATA, [smallInteger(0), recipients, ...encrypted, octetString(tag)]);
  }
  // RFC 5652 §6.1: the version follows from that of the recipient.
  return contentInfo(ENVELOPED_DATA, [smallInteger(isAgreed ? 2 : 0), recipients, ...cbc(content, key)]);
}

/** `[0]`, around a content type. */
const EXPLICIT = 0xa0;
/** `[0]`, in the place of an OCTET STRING. */
const PRIMITIVE = 0x80;

const contentInfo = (type: Buffer, content: readonly Uint8Array[]): Buffer =>
  Buffer.concat(derPieces(SEQUENCE, [type, ...derPieces(EXPLICIT, derPieces(SEQUENCE, content))]));

/** EncryptedContentInfo (RFC 5652 §6.1). */
const encryptedContent = (algorithm: Buffer, pieces: readonly Uint8Array[]): readonly Uint8Array[] =>
  derPieces(SEQUENCE, [DATA, algorithm, ...derPieces(PRIMITIVE, pieces)]);

function gcm(content: Uint8Array, key: Buffer): { readonly encrypted: readonly Uint8Array[]; readonly tag: Buffer } {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const pieces = [cipher.update(content), cipher.final()];
  // RFC 5084 §3.2: the length of the tag is said where it is not 12.
  const algorithm = sequence(AES256_GCM, sequence(octetString(nonce), smallInteger(TAG_OCTETS)));
  return { encrypted: encryptedContent(algorithm, pieces), tag: cipher.getAuthTag() };
}

function cbc(content: Uint8Array, key: Buffer): readonly Uint8Array[] {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  return encryptedContent(sequence(AES256_CBC, octetString(iv)), [cipher.update(content), cipher.final()]);
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1). RFC 8551 §2.3: every program knows this padding, fewer know OAEP. */
function transportedKey({ issuerAndSerial, publicKey }: RecipientCertificate, key: Buffer): Buffer {
  const encrypted = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  return sequence(smallInteger(0), issuerAndSerial, sequence(RSA_ENCRYPTION, NULL), octetString(encrypted));
}

/** KeyAgreeRecipientInfo (RFC 5753 §3.1.1): a key pair for this mail alone, and the key wrapped with what it agrees on with the recipient's. */
function agreedKey({ issuerAndSerial, publicKey }: RecipientCertificate, key: Buffer): Buffer {
  // Proof: readCertificate lets no other curves through.
  const namedCurve = publicKey.asymmetricKeyDetails?.namedCurve ?? "";
  const ours = generateKeyPairSync("ec", { namedCurve });
  const secret = diffieHellman({ privateKey: ours.privateKey, publicKey });
  const wrapping = sequence(AES256_WRAP);
  const wrap = createCipheriv("id-aes256-wrap", keyFrom(secret, wrapping), Buffer.alloc(8, 0xa6));
  const wrapped = Buffer.concat([wrap.update(key), wrap.final()]);
  const originator = context(1, sequence(EC_PUBLIC_KEY), bitString(pointOf(ours.publicKey)));
  return context(
    1,
    smallInteger(3),
    context(0, originator),
    sequence(ECDH_SHA256, wrapping),
    sequence(sequence(issuerAndSerial, octetString(wrapped))),
  );
}

/** RFC 5753 §7.2: SHA-256 of the secret, a counter and what it is for; one digest is as long as the key. */
function keyFrom(secret: Buffer, wrapping: Buffer): Buffer {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(KEY_OCTETS * 8);
  const info = sequence(wrapping, context(2, octetString(bits)));
  return createHash("sha256")
    .update(secret)
    .update(Buffer.from([0, 0, 0, 1]))
    .update(info)
    .digest();
}

/** RFC 5480 §2.2: the point uncompressed. */
function pointOf(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}
