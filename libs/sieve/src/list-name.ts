/** RFC 3986 §3: a scheme, a colon, and something after it without blanks. */
const absolute = /^[a-z][a-z0-9+.-]*:[^\s]+$/i;

const sieveUrn = "urn:ietf:params:sieve:";

/**
 * The one name of an external list (RFC 6134 §2.5): ":addrbook:default" for "urn:ietf:params:sieve:addrbook:default"
 * however these are written; other URIs percent-decoded; null for what is no absolute URI.
 */
export function listName(text: string): string | null {
  const short = text.toLowerCase().startsWith(sieveUrn) ? `:${text.slice(sieveUrn.length)}` : text;
  if (short.startsWith(":") ? !/^:[^\s:]+:[^\s]+$/.test(short) : !absolute.test(short)) return null;
  const name = decoded(short);
  // RFC 6134 §2.6: the parameter and the name "default" are without case, other names keep theirs.
  const found = /^:([^:]+):(.+)$/s.exec(name);
  if (found === null || !name.startsWith(":")) return name;
  const [, parameter = "", rest = ""] = found;
  return `:${parameter.toLowerCase()}:${rest.toLowerCase() === "default" ? "default" : rest}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
