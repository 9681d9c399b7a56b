import { type CertificateFiles, openCertificate, validTo } from "./certificate.ts";
import { remarks } from "./doctor-texts.ts";
import { type Finding, findingOf } from "./finding.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** What a doctor says of a certificate; `section` of tamis.yaml has its `cert_file` and `key_file`. */
export function certificateFinding(id: string, section: string, files: CertificateFiles): Finding {
  try {
    openCertificate({ ...files, onFault: () => {}, onRenewed: () => {} });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return findingOf(id, remarks["certificate-unusable"], { problem, section });
  }
  const until = validTo(files);
  const days = Math.floor((Date.parse(until) - Date.now()) / DAY_MS);
  if (days >= SOON_DAYS) return findingOf(id, remarks.certificate, { until });
  return findingOf(id, days < 0 ? remarks["certificate-ended"] : remarks["certificate-ends"], { days, until });
}
