/** What somebody typed, or a script has. */
export interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads `Basic …` (RFC 7617) in UTF-8; `malformed` where it is Basic and cannot be read, null for no or another scheme. */
export function parseBasic(header: string | undefined): NameAndPassword | "malformed" | null {
  const [, scheme = "", credentials = ""] = /^ *(\S+) *(.*?) *$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() !== "basic") return null;
  if (!BASE64.test(credentials) || credentials === "") return "malformed";
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(credentials, "base64"));
    const colon = text.indexOf(":");
    // RFC 7617 §2: no colon in the name, no control characters in either. An empty password is nobody's.
    if (colon < 1 || colon === text.length - 1 || /\p{Cc}/u.test(text)) return "malformed";
    return { name: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return "malformed";
  }
}
