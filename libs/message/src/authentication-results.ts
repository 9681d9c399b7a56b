/** What servers found out about a mail's sender, as they write it down (RFC 8601). */

import { commentEnd } from "./parameters.ts";

/** One field Authentication-Results. What it says is only worth what the server that wrote it is. */
export interface AuthenticationResults {
  /** Lower case; "" where the field names none. */
  readonly authservId: string;
  readonly results: readonly AuthenticationResult[];
}

/** What one method came to (RFC 8601 §2.2). */
export interface AuthenticationResult {
  /** Lower case: "spf", "dkim", "dmarc" … */
  readonly method: string;
  /** Lower case: "pass", "fail", "none" … */
  readonly result: string;
  /** By ptype and property in lower case, "smtp.mailfrom"; of two equal names the first counts. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Results of one field that are read; servers write a handful. */
const MAX_RESULTS = 50;
/** RFC 8601 §2.2: the one version there is. */
const VERSION = "1";

type Token = { readonly kind: "word"; readonly text: string } | { readonly kind: ";" | "=" };

/**
 * Reads the value of a field Authentication-Results. Null where it is none, or of a version that nobody knows here.
 * Never throws; what cannot be read is left out.
 */
export function parseAuthenticationResults(text: string): AuthenticationResults | null {
  const [head = [], ...rest] = segmentsOf(tokensOf(text));
  // QUIRK: Exchange Online writes "spf=pass smtp.mailfrom=…" at once, without saying who.
  const isAnonymous = head[1]?.kind === "=";
  const authservId = isAnonymous ? "" : wordOf(head[0]);
  if (authservId === null) return null;
  const version = isAnonymous || head[1] === undefined ? VERSION : wordOf(head[1]);
  if (version !== VERSION || (!isAnonymous && head.length > 2)) return null;
  const results = (isAnonymous ? [head, ...rest] : rest).slice(0, MAX_RESULTS).flatMap(resultOf);
  return { authservId: authservId.toLowerCase(), results };
}

/** The value of a field as tokens; comments are blanks (RFC 8601 §2.2: CFWS may stand nearly everywhere). */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === ";" || character === "=") {
      tokens.push({ kind: character });
      at++;
    } else if (character === "(") {
      const end = commentEnd(text, at);
      at = end < 0 ? text.length : end;
    } else if (/\s/.test(character)) {
      at++;
    } else {
      at = readWord(text, at, tokens);
    }
  }
  return tokens;
}

/** A word, a quoted-string, or both put together as in `"local part"@example.org`; the index after it. */
function readWord(text: string, from: number, tokens: Token[]): number {
  // RFC 8601 §2.2: a value may be an address, and "=" may stand in its local part.
  const plainRun = tokens.at(-1)?.kind === "=" ? /[^\s;("]+/y : /[^\s;=("]+/y;
  const quotedRun = /"((?:[^"\\]|\\.)*)"?/sy;
  let at = from;
  let word = "";
  for (;;) {
    const run = text[at] === '"' ? quotedRun : plainRun;
    run.lastIndex = at;
    const found = run.exec(text);
    if (found === null) break;
    word += run === quotedRun ? (found[1] ?? "").replace(/\\(.)/gs, "$1") : found[0];
    at = run.lastIndex;
  }
  tokens.push({ kind: "word", text: word });
  return at;
}

function segmentsOf(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ";") segments.push([]);
    else segments.at(-1)?.push(token);
  }
  return segments;
}

const wordOf = (token: Token | undefined): string | null =>
  token?.kind === "word" && token.text !== "" ? token.text : null;

/** `method[/version]=result`, then `ptype.property=value`; "none" and what is neither is no result. */
function resultOf(segment: readonly Token[]): readonly AuthenticationResult[] {
  const [first, ...others] = pairsOf(segment);
  const method = /^[a-z][a-z0-9-]*(?=$|\/)/.exec(first?.name ?? "")?.[0];
  if (first === undefined || method === undefined) return [];
  const properties = new Map<string, string>();
  for (const { name, value } of others) {
    if (/^[a-z]+\.[a-z][a-z0-9-]*$/.test(name) && !properties.has(name)) properties.set(name, value);
  }
  return [{ method, result: first.value.toLowerCase(), properties }];
}

/** Names in lower case with what stands behind their "="; blanks may stand around "/" and "." (RFC 8601 §2.2). */
function pairsOf(tokens: readonly Token[]): { readonly name: string; readonly value: string }[] {
  const pairs: { readonly name: string; readonly value: string }[] = [];
  let name = "";
  for (let at = 0; at < tokens.length; at++) {
    const value = wordOf(tokens[at + 1]);
    if (tokens[at]?.kind !== "=") {
      name += wordOf(tokens[at]) ?? "";
    } else {
      if (value !== null) pairs.push({ name: name.toLowerCase(), value });
      name = "";
      at++;
    }
  }
  return pairs;
}
