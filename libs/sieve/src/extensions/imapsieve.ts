import type { Extension } from "../extension.ts";
import type { ImapEventFacts } from "../facts.ts";

/** The items that a script started by an IMAP event can test with `environment` (RFC 6785 §4). */
export function imapItems(event: ImapEventFacts | undefined): ReadonlyMap<string, string> {
  if (event === undefined) return ofDelivery;
  return new Map([
    ["imap.cause", event.cause],
    ["imap.mailbox", event.mailbox],
    ["imap.user", event.user ?? ""],
    ["imap.email", event.email ?? ""],
    ["imap.changedflags", event.changedFlags?.join(" ") ?? ""],
  ]);
}

/** RFC 6785 §4.2, §4.5: nobody is the cause of a delivery. */
const ofDelivery: ReadonlyMap<string, string> = new Map([
  ["imap.user", ""],
  ["imap.email", ""],
  ["imap.changedflags", ""],
]);

/** Scripts that run when mail is stored or changed over IMAP (RFC 6785): its items are those of `environment`. */
export const imapsieve: Extension = {
  name: "imapsieve",
  rfc: "RFC 6785",
  state: "yes",
  needs: ["imap-events"],
};
