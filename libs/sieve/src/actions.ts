import type { Notify, Rejection, Vacation } from "./answers.ts";
import type { MessageEdit } from "./message-edits.ts";
import type { Origin } from "./program.ts";

/** What a run decided, in script order (RFC 5228 §4). Nothing is carried out here. */
export type Action =
  | Keep
  | Fileinto
  | Redirect
  | Discard
  | Pipe
  | Report
  | Vacation
  | Rejection
  | Notify
  | Snooze
  | ProcessCalendar
  | DuplicateMark;

/** Leave the mail in its mailbox. `flags`, when there, is the whole set that the script wants it to have (RFC 5232 §5). */
export interface Keep {
  readonly kind: "keep";
  /** No action cancelled the implicit keep (RFC 5228 §2.10.2), or the run failed. */
  readonly implicit: boolean;
  readonly flags?: readonly string[];
  /** Changes to the mail before it is stored (RFC 5293, RFC 5703); `applyEdits` makes them. */
  readonly edits?: readonly MessageEdit[];
  /** The command that asked for it; null for an implicit keep. */
  readonly origin: Origin | null;
}

/** File into a mailbox: UTF-8 name, the server's own hierarchy separator. */
export interface Fileinto {
  readonly kind: "fileinto";
  readonly mailbox: string;
  /** RFC 3894: the implicit keep stands. */
  readonly copy: boolean;
  /** RFC 5490 §3.2: create the mailbox when it is missing. */
  readonly create: boolean;
  /** RFC 8579 §4: the attribute that the mailbox is given should it have to be created. */
  readonly specialUse?: string;
  readonly flags?: readonly string[];
  readonly edits?: readonly MessageEdit[];
  readonly origin: Origin;
}

/** Send on to one address. */
export interface Redirect {
  readonly kind: "redirect";
  readonly address: string;
  readonly copy: boolean;
  /** `address` is the name of an external list: each of its members gets the mail (RFC 6134 §2.3). */
  readonly list?: true;
  /** RFC 6009 §6: what delivery reports to ask for; the sender is then the owner, or nobody as before. */
  readonly dsn?: { readonly notify?: readonly string[]; readonly ret?: "FULL" | "HDRS" };
  /** RFC 6009 §7: when it has to arrive; the sender as with `dsn`. */
  readonly deliverBy?: DeliverBy;
  readonly edits?: readonly MessageEdit[];
  readonly origin: Origin;
}

/** Epoch milliseconds, and what happens after them (RFC 2852). */
export interface DeliverBy {
  readonly time: number;
  readonly mode: "notify" | "return";
  readonly trace: boolean;
}

/** Cancels the implicit keep; has no other effect beside an action that stores the mail (RFC 5228 §4.4). */
export interface Discard {
  readonly kind: "discard";
  readonly origin: Origin;
}

/** Hide the mail until later (draft-ietf-extra-email-snooze). */
export interface Snooze {
  readonly kind: "snooze";
  /** Epoch milliseconds at which it comes back. */
  readonly until: number;
  /** Where it comes back. */
  readonly mailbox: string;
  readonly create: boolean;
  readonly specialUse?: string;
  /** What it gains and loses when it comes back. */
  readonly addFlags: readonly string[];
  readonly removeFlags: readonly string[];
  /** As of `fileinto`: what it is like while it sleeps. */
  readonly flags?: readonly string[];
  readonly edits?: readonly MessageEdit[];
  readonly origin: Origin;
}

/** Bring what the mail says of events into the owner's calendar (RFC 9671). */
export interface ProcessCalendar {
  readonly kind: "processcalendar";
  /** Calendar objects that are no invitations count too. */
  readonly allowPublic: boolean;
  /** Addresses of the owner beside those known. */
  readonly addresses: readonly string[];
  readonly updatesOnly: boolean;
  /** null: the owner's own choice. */
  readonly calendarId: string | null;
  readonly deleteCanceled: boolean;
  /** The external list that organizers must be on (RFC 6134); null: anybody. */
  readonly organizers: string | null;
  readonly origin: Origin;
}

/** Remember that this was seen, once the other actions have succeeded (RFC 7352 §3). */
export interface DuplicateMark {
  readonly kind: "duplicate-mark";
  /** As in `Facts.duplicates`. */
  readonly key: string;
  readonly seconds: number;
  readonly origin: Origin;
}

/** Hand the mail to a program (vnd.dovecot.pipe). */
export interface Pipe {
  readonly kind: "pipe";
  readonly program: string;
  readonly arguments: readonly string[];
  readonly copy: boolean;
  /** A failure is no error: the mail is kept. */
  readonly try: boolean;
  readonly edits?: readonly MessageEdit[];
  readonly origin: Origin;
}

/** Send an abuse report about the mail as it came (vnd.dovecot.report, RFC 5965). */
export interface Report {
  readonly kind: "report";
  readonly feedbackType: string;
  /** What the report says to a person. */
  readonly message: string;
  readonly address: string;
  /** Only the header of the mail goes with it. */
  readonly headersOnly: boolean;
  readonly origin: Origin;
}

/** How actions of one kind behave beside others. */
interface ActionCard {
  /** RFC 5228 §2.10.2: whether the implicit keep falls. */
  cancelsKeep(action: Action): boolean;
  /** Kinds that cannot stand in one result with it (RFC 5228 §2.10.1); the relation goes both ways. */
  readonly conflicts: readonly Action["kind"][];
  /** RFC 6785 §3.11: it has no meaning for a mail that somebody stored or changed over IMAP. */
  readonly notInImapEvent?: true;
}

/** One row per kind. In the base language nothing conflicts. */
const cards: { readonly [K in Action["kind"]]: ActionCard } = {
  keep: { cancelsKeep: () => true, conflicts: [] },
  fileinto: { cancelsKeep: (action) => !(action.kind === "fileinto" && action.copy), conflicts: [] },
  redirect: { cancelsKeep: (action) => !(action.kind === "redirect" && action.copy), conflicts: [] },
  discard: { cancelsKeep: () => true, conflicts: [] },
  // The same program twice is an error too; extensions/vnd-dovecot-pipe.ts sees to that.
  pipe: { cancelsKeep: (action) => !(action.kind === "pipe" && action.copy), conflicts: ["reject"] },
  report: { cancelsKeep: () => false, conflicts: [], notInImapEvent: true },
  // RFC 5230 §4.7: one reply to one mail.
  vacation: { cancelsKeep: () => false, conflicts: ["vacation"], notInImapEvent: true },
  // RFC 5429 §2.1, §2.2: who is told that a mail is refused must not get an answer, and it must not be delivered.
  reject: {
    cancelsKeep: () => true,
    conflicts: ["reject", "vacation", "keep", "fileinto", "redirect", "snooze"],
    notInImapEvent: true,
  },
  notify: { cancelsKeep: () => false, conflicts: [] },
  snooze: { cancelsKeep: () => true, conflicts: ["snooze"] },
  processcalendar: { cancelsKeep: () => false, conflicts: [], notInImapEvent: true },
  "duplicate-mark": { cancelsKeep: () => false, conflicts: [] },
};

/** Whether the action has a meaning in a script that an IMAP event started (RFC 6785 §3.11). */
export function allowedInImapEvent(action: Action): boolean {
  return cards[action.kind].notInImapEvent !== true;
}

/** Mailbox, address or method that the action is about, for the trace. */
export function targetOf(action: Action): string | undefined {
  switch (action.kind) {
    case "fileinto":
    case "snooze":
      return action.mailbox;
    case "redirect":
    case "report":
      return action.address;
    case "pipe":
      return action.program;
    case "vacation":
      return action.reply?.to ?? action.silence;
    case "reject":
      return action.to ?? action.silence;
    case "notify":
      return action.method;
    default:
      return undefined;
  }
}

/** Whether the action ends the implicit keep. */
export function cancelsKeep(action: Action): boolean {
  return cards[action.kind].cancelsKeep(action);
}

/** The first of `before` that cannot stand beside `action`. */
export function conflicting(before: readonly Action[], action: Action): Action | undefined {
  return before.find(
    ({ kind }) => cards[kind].conflicts.includes(action.kind) || cards[action.kind].conflicts.includes(kind),
  );
}

/**
 * One action for two that mean the same (RFC 5228 §2.10.3: no mail twice into one mailbox), else null.
 * The later one says the flags; a copy beside a plain one is plain; created if either asks for it.
 */
export function merged(before: Action, action: Action): Action | null {
  if (before.kind === "redirect" && action.kind === "redirect") {
    return sameAddress(before.address, action.address) ? { ...before, copy: before.copy && action.copy } : null;
  }
  if (before.kind === "discard" && action.kind === "discard") return before;
  if (before.kind === "duplicate-mark" && action.kind === "duplicate-mark") {
    return before.key === action.key ? { ...before, seconds: Math.max(before.seconds, action.seconds) } : null;
  }
  const isStored = before.kind === "keep" || before.kind === "fileinto";
  return isStored && (action.kind === "keep" || action.kind === "fileinto") ? mergedStores(before, action) : null;
}

function mergedStores(before: Keep | Fileinto, action: Keep | Fileinto): Action | null {
  if (mailboxOf(before) !== mailboxOf(action)) return null;
  const flags = action.flags ?? before.flags;
  const withFlags = flags === undefined ? {} : { flags };
  if (before.kind === "keep") return { ...before, ...withFlags };
  if (action.kind === "keep") return { ...action, ...withFlags };
  return { ...before, copy: before.copy && action.copy, create: before.create || action.create, ...withFlags };
}

/** Whether the action already puts the mail where a keep leaves it. */
export function staysInInbox(action: Action): boolean {
  return (action.kind === "keep" || action.kind === "fileinto") && mailboxOf(action) === "INBOX";
}

/** RFC 3501 §5.1: INBOX is the one name that is case-insensitive; a keep leaves the mail there. */
function mailboxOf(action: Keep | Fileinto): string {
  if (action.kind === "keep") return "INBOX";
  return action.mailbox.toUpperCase() === "INBOX" ? "INBOX" : action.mailbox;
}

/** The domain of an address is case-insensitive, its local part is not ours to judge (RFC 5321 §2.4). */
function sameAddress(left: string, right: string): boolean {
  if (left === right) return true;
  const at = left.lastIndexOf("@");
  return (
    at === right.lastIndexOf("@") &&
    left.slice(0, at) === right.slice(0, at) &&
    left.slice(at).toLowerCase() === right.slice(at).toLowerCase()
  );
}
