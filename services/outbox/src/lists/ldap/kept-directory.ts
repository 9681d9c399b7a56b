import type { ListsSettings } from "../config.ts";
import { ListFault } from "../list-fault.ts";
import { type BinaryEntry, Directory, type DirectorySearch } from "./directory.ts";
import { tlsOf } from "./tls-of.ts";

/** A directory whose connection is kept; one that was lost is made anew. */
export interface KeptDirectory {
  /** Throws a {@link ListFault}: `list` is what it is asked for. */
  search(list: string, search: DirectorySearch): Promise<readonly BinaryEntry[]>;
  close(): Promise<void>;
}

/** The directory of these settings, connected when it is first asked. */
export function keptDirectory(ldap: NonNullable<ListsSettings["ldap"]>): KeptDirectory {
  const directory = new Directory({ ...ldap, tls: tlsOf(ldap) });
  return {
    async search(list, search) {
      try {
        return await directory.search(list, search);
      } catch (error) {
        if (!(error instanceof ListFault)) throw error;
        // The directory closed it in the meantime, or was started anew.
        await directory.close();
        return await directory.search(list, search);
      }
    },
    close: () => directory.close(),
  };
}
