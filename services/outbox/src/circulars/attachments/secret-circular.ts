import type { Sealing, SealingCounts } from "@tamis/contracts";
import {
  type CertificateFault,
  type ContentCipher,
  chooseCertificate,
  type RecipientCertificate,
  sealEntity,
} from "@tamis/sealing";
import type { ComposedCircular, OpenCircular, Reader, SealedMail, Withheld } from "../composed-circular.ts";
import { type Certificates, CertificatesUnavailable } from "./certificates.ts";

export interface SecretCircularOptions {
  /** With the secrets, for mail that only its reader can open. */
  readonly whole: OpenCircular;
  /** With the archive; null where there is none: whoever has no certificate is held then. */
  readonly archived: OpenCircular | null;
  readonly certificates: Certificates;
  readonly cipher: ContentCipher;
}

/** CMS in base64 (RFC 8551 §3.1) makes a third more, with its line ends and what is about its reader. */
const SEALED = 1.4;

type Found = RecipientCertificate | CertificateFault | "none";

/**
 * A circular whose secrets are in the clear in no mail: each recipient has one of their own, S/MIME where a certificate is known, else with the
 * archive, else none. What is known is asked when the mail is made.
 */
export function secretCircular({ whole, archived, certificates, cipher }: SecretCircularOptions): ComposedCircular {
  const find = async (addresses: readonly string[], date: Date): Promise<readonly Found[]> => {
    const known = await certificates.find(addresses);
    return addresses.map((address) => chooseCertificate(known.get(address) ?? [], address, date));
  };
  return {
    perMail: 1,
    octets: Math.max(Math.ceil(whole.octets * SEALED), archived?.octets ?? 0),
    async mailFor([reader, ...others], date) {
      if (reader === undefined || others.length > 0) throw new RangeError("a secret is sent to one reader at a time");
      try {
        const [found = "none"] = await find([reader.address], date);
        const sealed =
          typeof found === "string" ? null : sealedMail(whole, reader, { date, certificate: found, cipher });
        if (sealed !== null) return sealed;
        const certificate = typeof found === "string" ? found : "unreadable";
        if (archived === null) return held({ by: "nothing", certificate });
        return { ...archived.mailFor([reader], date), sealing: { by: "archive", certificate } };
      } catch (error) {
        if (error instanceof CertificatesUnavailable) return { withheld: "later", problem: error.message };
        throw error;
      }
    },
    async foresee(addresses, date): Promise<SealingCounts> {
      const without = archived === null ? "nothing" : "archive";
      const counts = { smime: 0, archive: 0, nothing: 0 };
      for (const found of await find(addresses, date)) counts[typeof found === "string" ? without : "smime"]++;
      return counts;
    },
  };
}

interface SealedFor {
  readonly date: Date;
  readonly certificate: RecipientCertificate;
  readonly cipher: ContentCipher;
}

/** null where nothing can be sealed to the certificate after all: its key may be one that no program can use. */
function sealedMail(whole: OpenCircular, reader: Reader, { date, certificate, cipher }: SealedFor): SealedMail | null {
  try {
    const mail = whole.mailFor([reader], date, (entity) => sealEntity(entity, certificate, cipher));
    return { ...mail, sealing: { by: "smime" } };
  } catch {
    return null;
  }
}

const held = (sealing: Sealing): Withheld => ({
  withheld: "held",
  problem: `no usable certificate (${sealing.certificate}), and archives are not allowed`,
  sealing,
});
