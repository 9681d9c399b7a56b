import { createHash } from "node:crypto";
import type { BatchHead, MailMeta, Plan, Target } from "@tamis/contracts";
import type { ImapEventFacts } from "@tamis/sieve";

type About = Pick<BatchHead, "address" | "folder" | "watched">;

/** What scripts may ask of the IMAP event that a mail is decided on because of (RFC 6785 §4); nothing of a delivery. */
export function imapEventOf({ address, folder, watched }: About, { event }: MailMeta): ImapEventFacts | undefined {
  if (event === undefined) return undefined;
  const { cause, changedFlags } = event;
  // From outside only the owner can be named, whoever it was.
  const user = watched?.user ?? address;
  return { cause, mailbox: folder.name, user, email: address, ...(changedFlags === undefined ? {} : { changedFlags }) };
}

/**
 * What tells the sendings and programs of one event from those of the mail's other events and of its delivery, whose fingerprint
 * is the same; empty for a delivery.
 */
export function eventSuffix({ folder }: Pick<BatchHead, "folder">, { uid, event }: MailMeta): string {
  if (event === undefined) return "";
  const name = JSON.stringify([folder.id, folder.uidValidity, uid, event.key]);
  return `/${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

/**
 * A plan as RFC 6785 §2.2.4, §3.3, §3.5 wants it: the mail that no action keeps is marked \\Deleted where it is. What `fileinto`
 * alone takes away is moved, which is the same as a copy, the mark and UID EXPUNGE of the original, in one step.
 */
export function planOfEvent(plan: Plan): Plan {
  const { destination } = plan;
  switch (destination.kind) {
    case "stay":
      return plan;
    case "discard":
      return deletedHere(plan.copies);
    case "folder": {
      const { kind: _, ...target } = destination;
      return target.edits === undefined ? plan : deletedHere([...plan.copies, target]);
    }
    default:
      return destination satisfies never;
  }
}

const deletedHere = (copies: readonly Target[]): Plan => ({
  copies,
  destination: { kind: "stay", addFlags: ["\\Deleted"], removeFlags: [] },
});
