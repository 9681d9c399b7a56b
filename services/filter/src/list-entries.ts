import { domainToASCII } from "node:url";
import { ConfigFault, csvRows } from "@tamis/kit";

/** What a list holds. */
export interface ListEntries {
  /**
   * Whether the value is in it (RFC 6134 §2.2): case does not count in ASCII, as with `i;ascii-casemap`, and a domain is the same in
   * Unicode and in ASCII. An entry `@example.org` stands for every address of that domain, and for the domain.
   */
  has(value: string): boolean;
  /** As they are written, each once; of a domain that is all of it none. */
  members(): readonly string[];
  /** About how many octets it takes in memory. */
  readonly weight: number;
}

/** Why a file is no list, for the log. */
export class NoList extends Error {
  override readonly name = "NoList";
  readonly code: "no-file" | "not-utf8" | "no-csv" | "no-such-column" | "too-large";

  constructor(code: NoList["code"], cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** Of each entry beside its text: the place in the map, and the string. */
const ENTRY_OCTETS = 100;

/** Reads a list: one entry a line, or a column of a CSV. Empty lines and lines that begin with `#` are none. Throws {@link NoList}. */
export function listEntries(octets: Uint8Array, column?: string): ListEntries {
  const text = decoded(octets);
  const written =
    column === undefined ? text.split(/\r?\n|\r/).filter((line) => !line.startsWith("#")) : cellsOf(text, column);
  const entries = new Map<string, string>();
  let weight = 0;
  for (const one of written) {
    const entry = bare(one);
    const key = canonicalEntry(entry);
    if (entry === "" || entries.has(key)) continue;
    entries.set(key, entry);
    weight += ENTRY_OCTETS + key.length + (key === entry ? 0 : entry.length);
  }
  return {
    has(value) {
      const key = canonicalEntry(value.trim());
      if (entries.has(key)) return key !== "";
      return entries.has(`@${key.slice(key.lastIndexOf("@") + 1)}`);
    },
    members: () => [...entries.values()].filter((entry) => !entry.startsWith("@")),
    weight,
  };
}

function decoded(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch (cause) {
    throw new NoList("not-utf8", cause);
  }
}

function cellsOf(text: string, column: string): readonly string[] {
  const [header, ...rows] = rowsOf(text);
  const at = header?.cells.findIndex((cell) => cell.toLowerCase() === column.toLowerCase()) ?? -1;
  if (at < 0) throw new NoList("no-such-column");
  return rows.map(({ cells }) => cells[at] ?? "");
}

function rowsOf(text: string): ReturnType<typeof csvRows> {
  try {
    return csvRows(text, "");
  } catch (cause) {
    if (cause instanceof ConfigFault) throw new NoList("no-csv", cause);
    throw cause;
  }
}

/** An address may stand after a name: `Bob <bob@example.org>`. */
function bare(written: string): string {
  const entry = written.trim();
  return /<([^<>\s]+@[^<>\s]+)>$/.exec(entry)?.[1] ?? entry;
}

/** An entry as it is compared: RFC 4790 §9.2 for what is ASCII; a domain, or what is after the @, in its ASCII form (RFC 5890 §2.3.2.1). */
export function canonicalEntry(entry: string): string {
  const folded = entry.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const at = folded.lastIndexOf("@");
  const domain = folded.slice(at + 1);
  if (!/^[^\s@]+\.[^\s@]+$/.test(domain) || !/[^\0-\x7f]/.test(domain)) return folded;
  return folded.slice(0, at + 1) + (domainToASCII(domain) || domain);
}
