/** What only its recipient can open: S/MIME for those whose certificate is known, an encrypted archive for the others. */

export {
  CERTIFICATE_FAULTS,
  type CertificateFault,
  chooseCertificate,
  type RecipientCertificate,
  readCertificate,
} from "./certificate.ts";
export { type ArchivedFile, encryptedZip, type ZipOptions } from "./encrypted-zip.ts";
export type { ContentCipher } from "./envelope.ts";
export { makePassword } from "./password.ts";
export { type SealedEntity, sealEntity } from "./smime.ts";
