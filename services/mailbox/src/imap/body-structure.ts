import { asNumber, asText, type Value } from "./response-values.ts";

/** A part of a mail as the server sees it (RFC 9051 §7.5.2). */
export type Structure =
  /** `type` in lower case, `text/plain`; `octets` as transferred, encoded. */
  | { readonly kind: "leaf"; readonly type: string; readonly octets: number }
  | { readonly kind: "multipart"; readonly boundary: string; readonly parts: readonly Structure[] };

/** Reads the value of BODYSTRUCTURE; null where it is none, or does not tell the boundary of a multipart. */
export function readStructure(value: Value | undefined): Structure | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return Array.isArray(value[0]) ? readMultipart(value) : readLeaf(value);
}

function readLeaf(values: readonly Value[]): Structure | null {
  const [type, subtype, , , , , octets] = values;
  if (asText(type) === "" || asText(subtype) === "") return null;
  return { kind: "leaf", type: `${asText(type)}/${asText(subtype)}`.toLowerCase(), octets: asNumber(octets) };
}

/** The parts, then the subtype, then the parameters of the Content-Type. */
function readMultipart(values: readonly Value[]): Structure | null {
  const parts: Structure[] = [];
  for (const value of values) {
    if (!Array.isArray(value)) break;
    const part = readStructure(value);
    if (part === null) return null;
    parts.push(part);
  }
  const boundary = parameterOf(values[parts.length + 1], "boundary");
  return boundary === "" ? null : { kind: "multipart", boundary, parts };
}

function parameterOf(list: Value | undefined, name: string): string {
  if (!Array.isArray(list)) return "";
  for (let i = 0; i + 1 < list.length; i += 2) if (asText(list[i]).toLowerCase() === name) return asText(list[i + 1]);
  return "";
}
