import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where certificates of recipients are known. */
export interface Certificates {
  /**
   * By address, as it was asked for, what is known of it (PEM or DER, usable or not); an address of which nothing is known may be absent.
   * Throws {@link CertificatesUnavailable} where it cannot be said now.
   */
  find(addresses: readonly string[]): Promise<ReadonlyMap<string, readonly Uint8Array[]>>;
}

/** Whether there are certificates cannot be said now: nothing leaves on a guess. */
export class CertificatesUnavailable extends Error {
  constructor(code: string, options?: ErrorOptions) {
    super(`certificates cannot be looked up: ${code}`, options);
    this.name = "CertificatesUnavailable";
  }
}

/** What several places know together. */
export function certificatesOf(places: readonly Certificates[]): Certificates {
  return {
    async find(addresses) {
      const found = await Promise.all(places.map((place) => place.find(addresses)));
      return new Map(addresses.map((address) => [address, found.flatMap((known) => known.get(address) ?? [])]));
    },
  };
}

const NAME = /^(.+@.+)\.(?:pem|crt|cer|der)$/i;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * A folder with a file for each address, or several: `anna@example.org.pem`, `.crt`, `.cer`, `.der`, with one certificate or, in PEM,
 * more. Files are read when they are asked for; the folder is listed again when it changed. `count`: how many addresses it knows.
 */
export function certificateFolder(folder: string): Certificates & { count(): Promise<number> } {
  let listedAt = Number.NaN;
  let files: ReadonlyMap<string, readonly string[]> = new Map();
  const list = async (): Promise<void> => {
    const { mtimeMs } = await stat(folder);
    if (mtimeMs === listedAt) return;
    const names = (await readdir(folder)).flatMap((name) => {
      const address = NAME.exec(name.normalize("NFC"))?.[1]?.toLowerCase();
      return address === undefined ? [] : [{ address, name }];
    });
    files = new Map(
      [...Map.groupBy(names, ({ address }) => address)].map(([address, of]) => [address, of.map(({ name }) => name)]),
    );
    // What changes within the same tick of the clock as the listing is seen by the next one.
    listedAt = Date.now() - mtimeMs > 2_000 ? mtimeMs : Number.NaN;
  };
  return {
    count: () =>
      told(async () => {
        await list();
        return files.size;
      }),
    find: (addresses) =>
      told(async () => {
        await list();
        const found = new Map<string, readonly Uint8Array[]>();
        for (const address of addresses) {
          const names = files.get(address.normalize("NFC").toLowerCase()) ?? [];
          const read = await Promise.all(names.map(async (name) => certificatesIn(await readFile(join(folder, name)))));
          if (names.length > 0) found.set(address, read.flat());
        }
        return found;
      }),
  };
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CertificatesUnavailable(code, { cause });
  }
}

function certificatesIn(octets: Buffer): readonly Uint8Array[] {
  const written = octets.toString("latin1").match(PEM);
  return written === null ? [octets] : written.map((pem) => Buffer.from(pem, "latin1"));
}
