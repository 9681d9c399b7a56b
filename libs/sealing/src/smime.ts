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
    body: Buffer.from(`${base64Lines(sealed)}\r\n`, "latin1"),
  };
}
