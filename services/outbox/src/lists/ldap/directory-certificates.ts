import { type Certificates, CertificatesUnavailable } from "../../circulars/attachments/certificates.ts";
import type { ListsSettings } from "../config.ts";
import { ListFault } from "../list-fault.ts";
import type { BinaryEntry } from "./directory.ts";
import { filterValue } from "./filter-text.ts";
import { keptDirectory } from "./kept-directory.ts";

type LdapSettings = NonNullable<ListsSettings["ldap"]>;

/** Addresses of one search. */
const PAGE = 50;
/** Entries of one address: a person who works in two places has two. */
const ENTRIES = 10;

/**
 * The certificates of people in a directory (RFC 4523 §4.1, userCertificate, in DER), by their addresses; null where the settings name no attribute for
 * them. The connection is kept; one that was lost is made anew.
 */
export function directoryCertificates(ldap: LdapSettings): (Certificates & { close(): Promise<void> }) | null {
  const { people, base } = ldap;
  const { certificate } = people;
  if (certificate === undefined) return null;
  const directory = keptDirectory(ldap);
  const search = (addresses: readonly string[]): Promise<readonly BinaryEntry[]> =>
    directory.search("certificates", {
      base: people.base ?? base,
      scope: "sub",
      filter: `(&${people.filter}(|${addresses.map((one) => `(${people.mail}=${filterValue(one)})`).join("")}))`,
      attributes: [people.mail],
      binary: [certificate],
      most: addresses.length * ENTRIES,
    });
  return {
    async find(addresses) {
      const entries: BinaryEntry[] = [];
      try {
        for (let at = 0; at < addresses.length; at += PAGE)
          entries.push(...(await search(addresses.slice(at, at + PAGE))));
      } catch (cause) {
        await directory.close();
        throw new CertificatesUnavailable(cause instanceof ListFault ? cause.code : String(cause), { cause });
      }
      const known = byAddress(entries, people.mail, certificate);
      return new Map(addresses.map((address) => [address, known.get(plain(address)) ?? []]));
    },
    close: () => directory.close(),
  };
}

const plain = (address: string): string => address.normalize("NFC").toLowerCase();

function byAddress(entries: readonly BinaryEntry[], mail: string, certificate: string) {
  const known = new Map<string, Uint8Array[]>();
  for (const { values, octets } of entries)
    for (const address of values.get(mail.toLowerCase()) ?? []) {
      const found = octets.get(certificate.toLowerCase()) ?? [];
      known.set(plain(address), [...(known.get(plain(address)) ?? []), ...found]);
    }
  return known;
}
