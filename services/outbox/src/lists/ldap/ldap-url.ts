import { isFilter } from "./filter-text.ts";

/** A search that a URL of the directory describes (RFC 4516). The host it names is not asked: it is our directory's own word. */
export interface UrlSearch {
  readonly base: string;
  readonly scope: "base" | "one" | "sub";
  readonly filter: string;
}

const SCHEME = /^ldaps?:\/\/[^/?]*\/?/i;
const DEFAULT_FILTER = "(objectClass=*)";

/** RFC 4516 §2: `ldap:///ou=people,dc=example?attributes?sub?(filter)`; null where it is none, or has an extension that is critical. */
export function readLdapUrl(url: string): UrlSearch | null {
  const scheme = SCHEME.exec(url);
  if (scheme === null) return null;
  const parts = url.slice(scheme[0].length).split("?");
  if (parts.length > 5) return null;
  const [base, , scope = "", filter = "", extensions = ""] = parts.map(decoded);
  if (base === undefined || base === null || scope === null || filter === null || extensions === null) return null;
  // RFC 4516 §2: what begins with ! must be understood, and none is.
  if (extensions.split(",").some((one) => one.startsWith("!"))) return null;
  const asked = scope.toLowerCase() === "" ? "base" : scope.toLowerCase();
  const wanted = filter === "" ? DEFAULT_FILTER : filter;
  if ((asked !== "base" && asked !== "one" && asked !== "sub") || !isFilter(wanted)) return null;
  return { base, scope: asked, filter: wanted };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
