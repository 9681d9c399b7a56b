/** Somebody in a list. */
export interface Member {
  readonly address: string;
  readonly name?: string | undefined;
  /** Merge fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A list as it is written: who is in it, and which lists are. */
export interface ListRead {
  readonly members: readonly Member[];
  /** Their names, as {@link ListReader.read} takes them. */
  readonly nested: readonly string[];
  /** Another name of it, by which lists in it may hold it; null where it has none. */
  readonly alias: string | null;
  /** Members of the directory that are no entries any more. */
  readonly gone: number;
  /** Entries without an address. */
  readonly noAddress: number;
}

/** A list that can be named. */
export interface NamedList {
  readonly name: string;
  /** Its description, where it has one. */
  readonly about: string | null;
}

/** Where lists come from, for as long as one question takes. */
export interface ListReader {
  /** Throws a `ListFault`. */
  read(name: string): Promise<ListRead>;
  /** At most so many, of that kind where it is given. Throws a `ListFault`. */
  names(limit: number, kind?: string): Promise<readonly NamedList[]>;
  /** Lets go of what it opened. */
  close(): Promise<void>;
}

/** `KIND:NAME`, taken apart; null where it is none. The kind is in small letters. */
export function sourceParts(source: string): { readonly kind: string; readonly name: string } | null {
  const found = /^([A-Za-z][A-Za-z0-9-]{0,39}):(.+)$/su.exec(source.trim());
  const [, kind = "", name = ""] = found ?? [];
  return name.trim() === "" ? null : { kind: kind.toLowerCase(), name: name.trim() };
}
