import { KEEP, type Plan, type Target } from "@tamis/contracts";
import type { Action } from "@tamis/sieve";

/** Where the mail is now, and the IMAP flags it has there. */
export interface MailPlace {
  readonly folder: string;
  readonly flags: readonly string[];
}

/** Where the deciding command stands in the script. */
export interface Decider {
  readonly rule: string;
  readonly line: number;
}

/** What could not become part of a plan; the mail is stored all the same. */
export type PlanFault =
  | "redirect"
  | "empty-mailbox"
  | "vacation"
  | "reject"
  | "notify"
  | "snooze"
  | "processcalendar"
  | "pipe"
  | "report"
  | "edits"
  | "duplicate";

/** What a script's actions come to for one mail. */
export interface Planned {
  readonly plan: Plan;
  /** The command that gave the mail its place; null where the implicit keep stood. */
  readonly decider: Decider | null;
  readonly fault: PlanFault | null;
}

interface Draft {
  stay: { readonly flags: readonly string[] | undefined; readonly decider: Decider | null } | null;
  readonly targets: Map<string, { readonly target: Target; readonly decider: Decider }>;
  discard: Decider | null;
  fault: PlanFault | null;
}

/**
 * Turns the actions of a run into what `mailbox` is to do: copies first, the mail itself last (RFC 5228 §2.10.2, RFC 3894).
 * Whatever cannot be carried out leaves the mail stored: in its folder where no other action stores it.
 */
export function planOf(actions: readonly Action[], place: MailPlace): Planned {
  const draft: Draft = { stay: null, targets: new Map(), discard: null, fault: null };
  for (const action of actions) take(draft, action, place);
  const targets = [...draft.targets.values()];
  const last = targets.at(-1);
  if (draft.stay === null && last === undefined && draft.fault === null && draft.discard !== null) {
    return { plan: { copies: [], destination: { kind: "discard" } }, decider: draft.discard, fault: null };
  }
  if (draft.stay === null && last !== undefined) {
    const copies = targets.slice(0, -1).map((entry) => entry.target);
    return {
      plan: { copies, destination: { kind: "folder", ...last.target } },
      decider: last.decider,
      fault: draft.fault,
    };
  }
  const change = difference(draft.stay?.flags, place.flags);
  const untouched = targets.length === 0 && change.addFlags.length === 0 && change.removeFlags.length === 0;
  const plan: Plan = untouched
    ? KEEP
    : { copies: targets.map((entry) => entry.target), destination: { kind: "stay", ...change } };
  return { plan, decider: draft.stay?.decider ?? last?.decider ?? null, fault: draft.fault };
}

function take(draft: Draft, action: Action, place: MailPlace): void {
  switch (action.kind) {
    case "keep":
      if (isEdited(action)) draft.fault ??= "edits";
      draft.stay = { flags: action.flags, decider: action.origin };
      return;
    case "fileinto":
      if (isEdited(action)) draft.fault ??= "edits";
      takeFileinto(draft, action, place);
      return;
    case "discard":
      draft.discard = action.origin;
      return;
    case "redirect":
      // Nothing here sends mail yet: what the script wanted to leave only elsewhere must not be lost.
      draft.fault ??= "redirect";
      return;
    case "reject":
    case "snooze":
    case "processcalendar":
    case "pipe":
    case "report":
      draft.fault ??= action.kind;
      return;
    case "vacation":
      // A reply that must not be sent is no fault.
      if (action.reply !== null) draft.fault ??= "vacation";
      return;
    case "notify":
      if (action.silence === undefined) draft.fault ??= "notify";
      return;
    case "duplicate-mark":
      draft.fault ??= "duplicate";
      return;
    default:
      action satisfies never;
  }
}

/** Mail is stored as it came: nothing here rewrites any yet. */
const isEdited = ({ edits }: Extract<Action, { kind: "keep" | "fileinto" }>): boolean => (edits?.length ?? 0) > 0;

function takeFileinto(draft: Draft, action: Extract<Action, { kind: "fileinto" }>, place: MailPlace): void {
  const key = canonical(action.mailbox);
  if (key === "") {
    draft.fault ??= "empty-mailbox";
  } else if (key === canonical(place.folder)) {
    draft.stay = { flags: action.flags, decider: action.origin };
  } else {
    const before = draft.targets.get(key)?.target;
    const create = action.create || before?.create === true;
    // RFC 5228 §2.10.3: the same mailbox twice stores once.
    const target: Target = {
      mailbox: before?.mailbox ?? action.mailbox,
      create,
      ...difference(action.flags, place.flags),
    };
    draft.targets.set(key, { target, decider: action.origin });
  }
}

/** RFC 9051 §5.1: INBOX is the one name without case. */
function canonical(mailbox: string): string {
  return mailbox.toUpperCase() === "INBOX" ? "INBOX" : mailbox;
}

const NO_CHANGE = { addFlags: [], removeFlags: [] } as const;

/** Flags change one by one: what is set meanwhile by a person stays. Flag names have no case (RFC 9051 §2.3.2). */
function difference(
  wanted: readonly string[] | undefined,
  has: readonly string[],
): Pick<Target, "addFlags" | "removeFlags"> {
  if (wanted === undefined) return NO_CHANGE;
  const wantedNames = new Set(wanted.map(lower));
  const hasNames = new Set(has.map(lower));
  return {
    addFlags: wanted.filter((flag) => !hasNames.has(lower(flag)) && lower(flag) !== RECENT),
    removeFlags: has.filter((flag) => !wantedNames.has(lower(flag)) && lower(flag) !== RECENT),
  };
}

/** RFC 3501 §2.3.2: no client may change it. */
const RECENT = "\\recent";
const lower = (flag: string): string => flag.toLowerCase();
