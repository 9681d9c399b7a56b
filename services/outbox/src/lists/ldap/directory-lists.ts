import { ListFault } from "../list-fault.ts";
import { type ListRead, type ListReader, type Member, type NamedList, sourceParts } from "../list-reader.ts";
import type { DirectoryEntry, DirectorySearch } from "./directory.ts";
import { filterFor, filterForAll } from "./filter-text.ts";
import { readLdapUrl } from "./ldap-url.ts";

/** A kind of list: those whom a filter finds, or a group whose members they are. */
export interface DirectoryKind {
  readonly base?: string | undefined;
  /** Finds the people of a list: `(rne={name})`. */
  readonly people?: string | undefined;
  /** Finds the group of that name: `(&(objectClass=groupOfNames)(cn={name}))`. */
  readonly group?: string | undefined;
}

/** What is taken of the entry of a person. */
export interface PeopleSettings {
  readonly base?: string | undefined;
  readonly filter: string;
  readonly mail: string;
  readonly name: string;
  /** Merge field → attribute. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface DirectoryListsOptions {
  readonly directory: {
    search(list: string, search: DirectorySearch): Promise<readonly DirectoryEntry[]>;
    close(): Promise<void>;
  };
  readonly base: string;
  readonly people: PeopleSettings;
  readonly kinds: Readonly<Record<string, DirectoryKind>>;
  /** Addresses of one list. */
  readonly most: number;
}

/** A group within a group is named by its entry. */
const DN_KIND = "dn";
const GROUPS = ["groupOfNames", "groupOfUniqueNames", "groupOfURLs", "group"];
const ANY_GROUP = GROUPS.map((name) => `(objectClass=${name})`).join("");
/** RFC 4519 §2.17, §2.40; and what groups of the directories have whose members are found by a URL. */
const MEMBERS = ["member", "uniqueMember"];
const URLS = "memberURL";
const GROUP_ATTRIBUTES = ["objectClass", "cn", "description", ...MEMBERS, URLS];
/** Members that are looked up side by side. */
const AT_ONCE = 16;

/** The lists of a directory: `KIND:NAME`, as tamis.yaml says how they are found. */
export class DirectoryLists implements ListReader {
  readonly #options: DirectoryListsOptions;

  constructor(options: DirectoryListsOptions) {
    this.#options = options;
  }

  async read(source: string): Promise<ListRead> {
    const { kind, name } = sourceParts(source) ?? { kind: "", name: "" };
    if (kind === DN_KIND) return this.#group(source, await this.#entry(source, name));
    const setting = this.#options.kinds[kind];
    if (setting === undefined) throw new ListFault("unknown", source);
    if (setting.people !== undefined) return this.#people(source, setting, filterFor(setting.people, name));
    return this.#group(source, await this.#named(source, setting, name));
  }

  async names(limit: number, kind?: string): Promise<readonly NamedList[]> {
    const kinds = Object.entries(this.#options.kinds).filter(([one]) => kind === undefined || one === kind);
    const names: NamedList[] = [];
    for (const [one, setting] of kinds) {
      if (setting.group === undefined || names.length >= limit) continue;
      const entries = await this.#groups(one, setting, filterForAll(setting.group));
      for (const { values } of entries) {
        const name = values.get("cn")?.[0];
        if (name !== undefined) names.push({ name: `${one}:${name}`, about: values.get("description")?.[0] ?? null });
      }
    }
    return names.toSorted((a, b) => a.name.localeCompare(b.name)).slice(0, limit);
  }

  close(): Promise<void> {
    return this.#options.directory.close();
  }

  async #people(source: string, { base }: DirectoryKind, filter: string): Promise<ListRead> {
    const found = await this.#search(source, {
      base: base ?? this.#peopleBase,
      scope: "sub",
      filter: `(&${this.#options.people.filter}${filter})`,
    });
    // A list of the directory that nobody is in cannot be told from one that was never there.
    if (found.length === 0) throw new ListFault("unknown", source);
    return { ...this.#members(found), nested: [], alias: null, gone: 0 };
  }

  get #peopleBase(): string {
    return this.#options.people.base ?? this.#options.base;
  }

  async #named(source: string, setting: DirectoryKind, name: string): Promise<DirectoryEntry> {
    const [found, ...more] = await this.#groups(source, setting, filterFor(setting.group ?? "", name));
    if (found === undefined) throw new ListFault("unknown", source);
    if (more.length > 0)
      throw new ListFault("ambiguous", source, { detail: [found, ...more].map(({ dn }) => dn).join("; ") });
    return found;
  }

  #groups(source: string, { base }: DirectoryKind, filter: string): Promise<readonly DirectoryEntry[]> {
    return this.#options.directory.search(source, {
      base: base ?? this.#options.base,
      scope: "sub",
      filter,
      attributes: GROUP_ATTRIBUTES,
      most: this.#options.most,
    });
  }

  /** The entry of a group within a group. */
  async #entry(source: string, dn: string): Promise<DirectoryEntry> {
    const search = {
      base: dn,
      scope: "base",
      filter: "(objectClass=*)",
      attributes: GROUP_ATTRIBUTES,
      most: 1,
    } as const;
    const [found] = await this.#options.directory.search(source, search);
    if (found === undefined) throw new ListFault("unknown", source);
    return found;
  }

  async #group(source: string, { dn, values }: DirectoryEntry): Promise<ListRead> {
    const dns: string[] = [];
    for (const name of MEMBERS) dns.push(...(await this.#membersOf(source, { name, dn, values })));
    if (dns.length > this.#options.most) throw new ListFault("too-many", source);
    const found: DirectoryEntry[] = [];
    let gone = 0;
    for (let from = 0; from < dns.length; from += AT_ONCE) {
      const some = dns.slice(from, from + AT_ONCE).map((dn) => this.#member(source, dn));
      for (const entry of await Promise.all(some)) {
        if (entry === null) gone++;
        else found.push(entry);
      }
    }
    for (const url of values.get(URLS.toLowerCase()) ?? []) found.push(...(await this.#byUrl(source, url)));
    const nested = found.filter(isGroup).map((entry) => nameOf(entry.dn));
    return { ...this.#members(found.filter((entry) => !isGroup(entry))), nested, alias: nameOf(dn), gone };
  }

  /**
   * All values of an attribute. QUIRK: Active Directory gives those of a large group in parts, `member;range=0-1499` and so on
   * (MS-ADTS §3.1.1.3.1.3.3), and none under the name that was asked for.
   */
  async #membersOf(
    source: string,
    { name, dn, values }: DirectoryEntry & { readonly name: string },
  ): Promise<readonly string[]> {
    const all = [...(values.get(name.toLowerCase()) ?? [])];
    let part = partOf(values, name);
    while (part !== null) {
      all.push(...part.values);
      if (part.end === null || all.length > this.#options.most) break;
      const attributes = [`${name};range=${part.end + 1}-*`];
      const search = { base: dn, scope: "base", filter: "(objectClass=*)", attributes, most: 1 } as const;
      const [more] = await this.#options.directory.search(source, search);
      part = more === undefined ? null : partOf(more.values, name);
      if (part === null) throw new ListFault("directory", source, { detail: attributes.join() });
    }
    return all;
  }

  /** null: there is no such entry any more, or it is nobody whom the settings take for a person. */
  async #member(source: string, dn: string): Promise<DirectoryEntry | null> {
    const filter = `(|${this.#options.people.filter}${ANY_GROUP})`;
    const [entry] = await this.#search(source, { base: dn, scope: "base", filter });
    return entry ?? null;
  }

  async #byUrl(source: string, url: string): Promise<readonly DirectoryEntry[]> {
    const search = readLdapUrl(url);
    if (search === null) throw new ListFault("bad-url", source, { detail: url });
    return this.#search(source, { ...search, filter: `(&${this.#options.people.filter}${search.filter})` });
  }

  #search(
    source: string,
    search: Pick<DirectorySearch, "base" | "scope" | "filter">,
  ): Promise<readonly DirectoryEntry[]> {
    const { people, directory, most } = this.#options;
    const attributes = ["objectClass", people.mail, people.name, ...Object.values(people.fields)];
    return directory.search(source, { ...search, attributes, most });
  }

  #members(entries: readonly DirectoryEntry[]): Pick<ListRead, "members" | "noAddress"> {
    const members = entries.flatMap((entry) => this.#person(entry) ?? []);
    return { members, noAddress: entries.length - members.length };
  }

  #person({ values }: DirectoryEntry): Member | null {
    const { mail, name, fields } = this.#options.people;
    const first = (attribute: string): string | undefined => values.get(attribute.toLowerCase())?.[0];
    const address = first(mail);
    if (address === undefined) return null;
    const filled = Object.entries(fields).map(([field, attribute]) => [field, first(attribute) ?? ""]);
    return { address, name: first(name), fields: Object.fromEntries(filled) };
  }
}

/** A part of the values of an attribute, up to the one with the number `end`; null: it is the last. null where they are whole. */
function partOf(
  values: DirectoryEntry["values"],
  name: string,
): { readonly values: readonly string[]; readonly end: number | null } | null {
  for (const [key, some] of values) {
    const found = /^(.+);range=\d+-(\d+|\*)$/.exec(key);
    if (found?.[1] === name.toLowerCase()) return { values: some, end: found[2] === "*" ? null : Number(found[2]) };
  }
  return null;
}

const nameOf = (dn: string): string => `${DN_KIND}:${dn}`;

const isGroup = ({ values }: DirectoryEntry): boolean =>
  (values.get("objectclass") ?? []).some((name) => GROUPS.some((group) => group.toLowerCase() === name.toLowerCase()));
