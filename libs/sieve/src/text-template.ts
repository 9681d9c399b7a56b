import type { TemplatePart, Text } from "./program.ts";

/** What is wrong inside a string. */
export interface TextProblem {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

interface TemplateRules {
  readonly encodedCharacter: boolean;
  readonly variables: boolean;
  /** Namespaces that may be read. */
  readonly hasNamespace: (name: string) => boolean;
  readonly matchVariables: number;
  readonly variableName: number;
  readonly problem: (problem: TextProblem) => void;
}

const encoded = /\$\{(hex|unicode):([ \t\r\n0-9a-f]*)\}/gi;
const reference = /\$\{(?:([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|((?:[A-Za-z_]\w*\.)*)(\d+))\}/g;

/** A literal of the script as the program has it: encoded characters first, then variables (RFC 5229 §3.1). */
export function readText(literal: string, rules: TemplateRules): Text {
  const text = rules.encodedCharacter ? decodeCharacters(literal, rules) : literal;
  return rules.variables ? readReferences(text, rules) : text;
}

// RFC 5228 §2.4.2.4: encoded-arb-octets and encoded-unicode-char; what is malformed stays as it is.
function decodeCharacters(text: string, rules: TemplateRules): string {
  let octets: number[] = [];
  let decoded = "";
  let end = 0;
  const flush = (): void => {
    decoded += octetsToText(octets);
    octets = [];
  };
  for (const found of text.matchAll(encoded)) {
    const digits = (found[2] ?? "").trim();
    const isHex = found[1]?.toLowerCase() === "hex";
    const wellFormed = isHex ? /^[0-9a-f]{1,2}(\s+[0-9a-f]{1,2})*$/i : /^[0-9a-f]+(\s+[0-9a-f]+)*$/i;
    const numbers = digits.split(/\s+/).map((digit) => Number.parseInt(digit, 16));
    if (!wellFormed.test(digits)) continue;
    if (found.index > end) {
      flush();
      decoded += text.slice(end, found.index);
    }
    end = found.index + found[0].length;
    if (isHex) octets.push(...numbers);
    else {
      flush();
      decoded += unicode(numbers, rules);
    }
  }
  flush();
  return decoded + text.slice(end);
}

function unicode(numbers: readonly number[], rules: TemplateRules): string {
  let text = "";
  for (const point of numbers) {
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      rules.problem({ code: "bad-character", parameters: { value: point.toString(16).toUpperCase() } });
    } else text += String.fromCodePoint(point);
  }
  return text;
}

/** Octets as UTF-8; each octet that is not part of UTF-8 stands for itself, as mail is read (windows-1252 aside). */
function octetsToText(octets: readonly number[]): string {
  if (octets.length === 0) return "";
  try {
    return decodeURIComponent(octets.map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return String.fromCharCode(...octets);
  }
}

// RFC 5229 §3: variable-ref = "${" [namespace] variable-name "}"; anything else is literal text.
function readReferences(text: string, rules: TemplateRules): Text {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const found of text.matchAll(reference)) {
    const part = referencePart(found, rules);
    if (part === null) continue;
    if (found.index > end) parts.push(text.slice(end, found.index));
    parts.push(part);
    end = found.index + found[0].length;
  }
  if (parts.length === 0) return text;
  if (end < text.length) parts.push(text.slice(end));
  return { parts };
}

function referencePart(found: RegExpMatchArray, rules: TemplateRules): TemplatePart | null {
  const name = found[1] ?? `${found[2] ?? ""}${found[3] ?? ""}`;
  const space = name.includes(".") ? name.slice(0, name.indexOf(".")) : null;
  if (space !== null) {
    if (rules.hasNamespace(space.toLowerCase())) return { variable: name.toLowerCase() };
    rules.problem({ code: "unknown-namespace", parameters: { name: space } });
    return null;
  }
  if (found[3] === undefined) {
    if (name.length > rules.variableName) {
      rules.problem({ code: "variable-name-too-long", parameters: { limit: rules.variableName } });
    }
    return { variable: name.toLowerCase() };
  }
  const index = Number.parseInt(name, 10);
  if (index < rules.matchVariables) return { match: index };
  rules.problem({ code: "match-variable-too-high", parameters: { index, limit: rules.matchVariables - 1 } });
  return null;
}
