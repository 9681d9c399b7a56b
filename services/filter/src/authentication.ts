import { domainToASCII } from "node:url";
import { type AuthenticationResult, type Message, parseAuthenticationResults } from "@tamis/message";

/** Whose word on a mail's sender counts. */
export interface AuthenticationSettings {
  /** Names under which the operator's own servers write Authentication-Results, lower case (RFC 8601 §2.5). */
  readonly authservIds: ReadonlySet<string>;
  /** How many such fields they put on top of each mail: whatever stands below came with it. */
  readonly fields: number;
}

/** Nobody's word counts: no mail is authenticated. */
export const NOBODY: AuthenticationSettings = { authservIds: new Set(), fields: 0 };

/**
 * Whether the operator's own server saw that the mail comes from whoever its Return-Path names: by SPF for that very domain
 * (RFC 7208), or by DMARC for it or one above it (RFC 7489 §3.1). Anybody can write such a field: only the topmost ones count.
 */
export function isAuthenticated(message: Message, returnPath: string, settings: AuthenticationSettings): boolean {
  const sender = domainOf(returnPath);
  if (sender === "") return false;
  return message
    .headers("authentication-results")
    .slice(0, settings.fields)
    .map((field) => parseAuthenticationResults(field.raw()))
    .filter((read) => read !== null && settings.authservIds.has(read.authservId))
    .some((read) => read?.results.some((result) => isAligned(result, sender)) === true);
}

function isAligned({ method, result, properties }: AuthenticationResult, sender: string): boolean {
  if (result !== "pass") return false;
  if (method === "spf") return domainOf(properties.get("smtp.mailfrom") ?? "") === sender;
  if (method !== "dmarc") return false;
  const from = domainOf(properties.get("header.from") ?? "");
  // Who owns a domain owns those below it; a name without a dot is nobody's.
  return from.includes(".") && (sender === from || sender.endsWith(`.${from}`));
}

/** Lower case and in A-labels; of a bare domain itself. */
function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf("@") + 1).replace(/\.$/, ""));
}
