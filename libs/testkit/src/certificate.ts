import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A self-signed certificate with its private key, both PEM. */
export type Certificate = { readonly cert: string; readonly key: string };

// DER (X.690 §8): tag, length, content.
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...items: readonly Buffer[]): Buffer => der(0x30, ...items);
const setOf = (...items: readonly Buffer[]): Buffer => der(0x31, ...items);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const octets = (content: Buffer): Buffer => der(0x04, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
const utcTime = (at: Date): Buffer => der(0x17, Buffer.from(at.toISOString().replace(/^\d\d|[-:T]|\.\d+/g, "")));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const YEAR_MS = 365 * 86_400_000;

const name = (commonName: string): Buffer =>
  sequence(setOf(sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), octets(value));

/** RFC 5280 §4.2: a certificate that is its own authority, for `localhost` and 127.0.0.1. */
function extensions(): Buffer {
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const authority = sequence(der(0x01, Buffer.from([0xff])));
  return der(0xa3, sequence(extension("551d11", false, names), extension("551d13", true, authority)));
}

function toPem(content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Makes a certificate for loopback (P-256, valid for a year from yesterday) without any outside program. */
export function selfSignedCertificate(now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const validity = sequence(utcTime(new Date(+now - 86_400_000)), utcTime(new Date(+now + YEAR_MS)));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    name("localhost"),
    validity,
    name("localhost"),
    publicKey.export({ type: "spki", format: "der" }),
    extensions(),
  );
  const signature = sign("sha256", body, privateKey);
  return {
    cert: toPem(sequence(body, ECDSA_WITH_SHA256, bits(signature))),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
