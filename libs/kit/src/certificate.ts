import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate as it is now. */
export interface Certificate {
  context(): SecureContext;
}

interface CertificateOptions extends CertificateFiles {
  /** A new pair that cannot be used: the old one stays. */
  readonly onFault: (error: unknown) => void;
  readonly onRenewed: (fields: { readonly validTo: string }) => void;
}

/** Loads the pair, and again whenever one of the files changes: a renewal needs no restart. Throws what is wrong at the start. */
export function openCertificate(options: CertificateOptions): Certificate {
  let version = versionOf(options);
  let current = load(options);
  return {
    context() {
      const now = versionOf(options);
      if (now !== version) {
        version = now;
        try {
          current = load(options);
          options.onRenewed({ validTo: validTo(options) });
        } catch (error) {
          options.onFault(error);
        }
      }
      return current;
    },
  };
}

/** When the certificate ends, in its own words. */
export function validTo({ certFile }: Pick<CertificateFiles, "certFile">): string {
  return new X509Certificate(readFileSync(certFile)).validTo;
}

function load({ certFile, keyFile }: CertificateFiles): SecureContext {
  return createSecureContext({
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    // RFC 8996: nothing older.
    minVersion: "TLSv1.2",
  });
}

function versionOf({ certFile, keyFile }: CertificateFiles): string {
  return [certFile, keyFile]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return `${found?.mtimeMs} ${found?.size} ${found?.ino}`;
    })
    .join("\n");
}
