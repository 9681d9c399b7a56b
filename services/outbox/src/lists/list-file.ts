import { mailboxOf, readRecipientsCsv } from "@tamis/circulars";
import { ListFault } from "./list-fault.ts";
import type { Member } from "./list-reader.ts";

/** A line of a list: somebody, or another list by its name. */
export type ListEntry =
  | { readonly kind: "member"; readonly member: Member }
  | { readonly kind: "include"; readonly name: string };

/** As many as `max_members` may be. */
const MOST_LINES = 1_000_000;
const INCLUDE = /^@include\s+(\S.*)$/i;

/**
 * Reads a list: one address a line, `Name <address>` too, lines that begin with `#` are none; as CSV a header row, then one address a line,
 * each column a merge field. `@include NAME` in the place of an address is another list. Throws a {@link ListFault}.
 */
export function listEntries(list: string, octets: Uint8Array, form: "lines" | "csv"): readonly ListEntry[] {
  return form === "csv" ? csvEntries(list, octets) : lineEntries(list, octets);
}

function lineEntries(list: string, octets: Uint8Array): readonly ListEntry[] {
  return decoded(list, octets)
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => included(line) ?? { kind: "member", member: { ...mailboxOf(line), fields: {} } });
}

function csvEntries(list: string, octets: Uint8Array): readonly ListEntry[] {
  const read = readRecipientsCsv(octets, undefined, MOST_LINES);
  if (!read.ok) {
    const { fault } = read;
    const detail = "line" in fault ? String(fault.line) : "column" in fault ? fault.column : "";
    throw new ListFault(fault.kind === "too-many" ? "too-large" : fault.kind, list, { detail });
  }
  return read.recipients
    .filter(({ address }) => address !== "")
    .map(({ address, name, fields }) => included(address) ?? { kind: "member", member: { address, name, fields } });
}

function decoded(list: string, octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch (cause) {
    throw new ListFault("not-utf8", list, { cause });
  }
}

function included(text: string): ListEntry | null {
  const name = INCLUDE.exec(text)?.[1];
  return name === undefined ? null : { kind: "include", name: name.trim() };
}
