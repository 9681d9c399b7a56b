import type { ListsSettings } from "../config.ts";
import { ListFault } from "../list-fault.ts";
import { filterValue } from "./filter-text.ts";
import { keptDirectory } from "./kept-directory.ts";

/** Further addresses that people may write as. */
export interface Identities {
  /** Those of who has this address; throws {@link IdentitiesUnavailable}. */
  find(address: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** It cannot be known now: whoever asks asks again. */
export class IdentitiesUnavailable extends Error {
  override readonly name = "IdentitiesUnavailable";
}

/** Of this process, as long as it runs. */
interface Running {
  readonly settings: { readonly outbox: { readonly lists: ListsSettings } };
  readonly signal: AbortSignal;
}

/** Who knows further addresses by the settings of a service; null: nobody does. */
export function openIdentities({ settings, signal }: Running): Identities | null {
  const { ldap } = settings.outbox.lists;
  const identities = ldap === undefined ? null : directoryIdentities(ldap);
  signal.addEventListener("abort", () => void identities?.close(), { once: true });
  return identities;
}

/** Entries of one address: a person who works in two places has two. */
const ENTRIES = 10;

/** The addresses of people in a directory, in the attribute that the settings name; null where they name none. */
export function directoryIdentities(ldap: NonNullable<ListsSettings["ldap"]>): Identities | null {
  const { people, base } = ldap;
  const { identities: attribute } = people;
  if (attribute === undefined) return null;
  const directory = keptDirectory(ldap);
  return {
    async find(address) {
      try {
        const entries = await directory.search("identities", {
          base: people.base ?? base,
          scope: "sub",
          filter: `(&${people.filter}(${people.mail}=${filterValue(address)}))`,
          attributes: [attribute],
          most: ENTRIES,
        });
        return entries.flatMap(({ values }) => values.get(attribute.toLowerCase()) ?? []);
      } catch (cause) {
        await directory.close();
        throw new IdentitiesUnavailable(cause instanceof ListFault ? cause.code : String(cause), { cause });
      }
    },
    close: () => directory.close(),
  };
}
