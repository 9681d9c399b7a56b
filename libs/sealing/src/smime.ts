import { base64Lines } from "@tamis/message";
import type { RecipientCertificate } from "./certificate.ts";
import { type ContentCipher, sealEnvelope } from "./envelope.ts";

/** What stands in the place of a MIME entity that was sealed: the lines of its header, and its body, lines ended by CRLF. */
export interface SealedEntity {
  readonly header: string;
  readonly body: Buffer;
}

/** A MIME entity, its header and its body, as S/MIME for one recipient (RFC 8551 §3.3, §3.4). */
export function sealEntity(entity: Uint8Array, certificate: RecipientCertificate, cipher: ContentCipher): SealedEntity {
  const type = cipher === "aes-256-gcm" ? "authEnveloped-data" : "enveloped-data";
  const sealed = sealEnvelope(entity, certificate, cipher);
  return {
    header:
      `Content-Type: application/pkcs7-mime; smime-type=${type};\r\n name="smime.p7m"\r\n` +
      'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n',
    body: inLines(sealed),
  };
}

/** Octets of so many whole lines of base64 (RFC 2045 §6.8): what is long is written piece by piece, as texts take far more memory. */
const AT_ONCE = 57 * 4_096;

function inLines(octets: Buffer): Buffer {
  const pieces = Array.from({ length: Math.ceil(octets.length / AT_ONCE) }, (_, index) =>
    Buffer.from(`${base64Lines(octets.subarray(index * AT_ONCE, (index + 1) * AT_ONCE))}\r\n`, "latin1"),
  );
  return Buffer.concat(pieces);
}
