import type { Extension } from "../extension.ts";
import type { ImapEventFacts } from "../facts.ts";

/** The items that a script started by an IMAP event can test with `environment` (RFC 6785 §4). */
export function imapItems(event: ImapEventFacts | undefined): ReadonlyMap<string, string> {
  const items = new Map<string, string>();
  if (event === undefined) return items;
  if (event.cause !== "unknown") items.set("imap.cause", event.cause);
  items.set("imap.mailbox", event.mailbox);
  if (event.user !== undefined) items.set("imap.user", event.user);
  if (event.email !== undefined) items.set("imap.email", event.email);
  if (event.changedFlags !== undefined) items.set("imap.changedflags", event.changedFlags.join(" "));
  return items;
}

/** Scripts that run when mail is stored or changed over IMAP (RFC 6785): its items are those of `environment`. */
export const imapsieve: Extension = {
  name: "imapsieve",
  rfc: "RFC 6785",
  state: "partial",
  needs: ["imap-events"],
};
