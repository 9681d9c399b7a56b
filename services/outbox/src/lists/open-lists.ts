import { canonicalMailbox } from "../smtp/address.ts";
import type { ListsSettings } from "./config.ts";
import { Directory } from "./ldap/directory.ts";
import { DirectoryLists } from "./ldap/directory-lists.ts";
import { tlsOf } from "./ldap/tls-of.ts";
import { ListFault } from "./list-fault.ts";
import { FOLDER_KIND, ListFolder } from "./list-folder.ts";
import { type ListReader, type NamedList, sourceParts } from "./list-reader.ts";
import { type ResolvedSource, resolveLists } from "./resolve-lists.ts";

/** The lists of an installation: files of a folder, and those of a directory. Each question reads them anew. */
export interface Lists {
  /** Everybody in these sources. Throws a {@link ListFault}, for all of them. */
  resolve(sources: readonly string[]): Promise<readonly ResolvedSource[]>;
  /** Those that can be named, at most so many. Throws a {@link ListFault}. */
  names(limit: number, kind?: string): Promise<readonly NamedList[]>;
}

/** Whoever asks is answered within this, ms: what comes of a question after that, nobody would hear. */
const LONGEST_MS = 120_000;

/** The lists of the settings; a question that takes longer than `longestMs` fails. */
export function openLists(settings: ListsSettings, longestMs = LONGEST_MS): Lists {
  const limits = { depth: settings.max_depth, members: settings.max_members };
  const use = async <T>(work: (reader: ListReader) => Promise<T>): Promise<T> => {
    const reader = readerOf(settings);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const detail = `no end within ${longestMs / 1000} s`;
    const timer = setTimeout(() => reject(new ListFault("away", "lists", { detail })), longestMs);
    try {
      return await Promise.race([work(reader), late]);
    } finally {
      clearTimeout(timer);
      await reader.close();
    }
  };
  return {
    resolve: (sources) => use((reader) => resolveLists(sources, { reader, limits, mailboxOf: canonicalMailbox })),
    names: (limit, kind) => use((reader) => reader.names(limit, kind)),
  };
}

function readerOf({ folder, ldap, max_members: most }: ListsSettings): ListReader {
  const files = folder === undefined ? null : new ListFolder(folder);
  const directory = ldap === undefined ? null : directoryLists(ldap, most);
  return {
    read: async (source) => {
      const kind = sourceParts(source)?.kind;
      if (kind === undefined) throw new ListFault("unnamed", source);
      const reader = kind === FOLDER_KIND ? files : directory;
      if (reader === null) throw new ListFault(kind === FOLDER_KIND ? "unknown" : "no-directory", source);
      return reader.read(source);
    },
    names: async (limit, kind) => {
      const own = kind === undefined || kind === FOLDER_KIND ? ((await files?.names(limit)) ?? []) : [];
      const others = kind === FOLDER_KIND ? [] : ((await directory?.names(limit, kind)) ?? []);
      return [...own, ...others].slice(0, limit);
    },
    close: async () => {
      await directory?.close();
    },
  };
}

function directoryLists(ldap: NonNullable<ListsSettings["ldap"]>, most: number): DirectoryLists {
  const { base, people, kinds } = ldap;
  return new DirectoryLists({ directory: new Directory({ ...ldap, tls: tlsOf(ldap) }), base, people, kinds, most });
}
