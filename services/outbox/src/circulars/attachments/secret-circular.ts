import type { Sealing, SealingCounts } from "@tamis/contracts";
import {
  type CertificateFault,
  type ContentCipher,
  chooseCertificate,
  type RecipientCertificate,
  sealEntity,
} from "@tamis/sealing";
import type { ComposedCircular, OpenCircular, Withheld } from "../composed-circular.ts";
import { type Certificates, CertificatesUnavailable } from "./certificates.ts";

export interface SecretCircularOptions {
  /** With the secrets, for mail that only its reader can open. */
  readonly whole: OpenCircular;
  /** With the archive; null where there is none: whoever has no certificate is held then. */
  readonly archived: OpenCircular | null;
  readonly certificates: Certificates;
  readonly cipher: ContentCipher;
}

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
    async mailFor([reader, ...others], date) {
      if (reader === undefined || others.length > 0) throw new RangeError("a secret is sent to one reader at a time");
      try {
        const [found = "none"] = await find([reader.address], date);
        if (typeof found !== "string") {
          const seal = (entity: Buffer) => sealEntity(entity, found, cipher);
          return { ...whole.mailFor([reader], date, seal), sealing: { by: "smime" } };
        }
        const by = archived === null ? "nothing" : "archive";
        const sealing: Sealing = { by, certificate: found };
        return archived === null ? held(sealing) : { ...archived.mailFor([reader], date), sealing };
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

const held = (sealing: Sealing): Withheld => ({
  withheld: "held",
  problem: `no usable certificate (${sealing.certificate}), and archives are not allowed`,
  sealing,
});
