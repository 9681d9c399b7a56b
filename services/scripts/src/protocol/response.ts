/** A response code (RFC 5804 §1.3). */
export type ResponseCode =
  | "ACTIVE"
  | "ALREADYEXISTS"
  | "ENCRYPT-NEEDED"
  | "NONEXISTENT"
  | "QUOTA/MAXSCRIPTS"
  | "QUOTA/MAXSIZE"
  | "TRYLATER"
  | "WARNINGS"
  | { readonly tag: string };

const CRLF = "\r\n";
/** `quoted` holds so many octets. */
const QUOTED_MAX = 1024;

/** A string of the server: quoted where that can hold it, else a literal. */
export function stringOf(text: string): string {
  const isPlain = !/[\0\r\n]/.test(text) && Buffer.byteLength(text) <= QUOTED_MAX;
  return isPlain ? `"${text.replace(/["\\]/g, "\\$&")}"` : literalOf(text);
}

/** `literal-s2c`. */
export const literalOf = (text: string): string => `{${Buffer.byteLength(text)}}${CRLF}${text}`;

function response(word: "OK" | "NO" | "BYE", text: string | undefined, code: ResponseCode | undefined): string {
  const codeText = typeof code === "object" ? `TAG ${stringOf(code.tag)}` : code;
  const parts = [
    word,
    ...(codeText === undefined ? [] : [`(${codeText})`]),
    ...(text === undefined ? [] : [stringOf(text.replace(/\r?\n/g, CRLF))]),
  ];
  return parts.join(" ") + CRLF;
}

/**
 * QUIRK: without a text where none is needed. sieveshell (cyrus-admin) takes `OK "…"` for a broken protocol and ends.
 */
export const ok = (text?: string, code?: ResponseCode): string => response("OK", text, code);
export const no = (text: string, code?: ResponseCode): string => response("NO", text, code);
export const bye = (text: string, code?: ResponseCode): string => response("BYE", text, code);

/** One line of a list: `"name"` or `"name" "value"` or `"name" ACTIVE`. */
export function listLine(name: string, rest?: { readonly value: string } | { readonly atom: "ACTIVE" }): string {
  const tail = rest === undefined ? "" : ` ${"value" in rest ? stringOf(rest.value) : rest.atom}`;
  return `${stringOf(name)}${tail}${CRLF}`;
}

/** The challenge of a SASL exchange: a string alone on its line. */
export const challenge = (base64: string): string => stringOf(base64) + CRLF;
