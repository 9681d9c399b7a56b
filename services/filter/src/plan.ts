import { KEEP, type Layer, MDN_SENT, type Plan, SNOOZED, type Target, wakeKeywords } from "@tamis/contracts";
import type { Action } from "@tamis/sieve";
import type { RuledAction } from "./layers.ts";
import type { TextName } from "./texts.ts";

/** Where the mail is now, and what it is like there. */
export interface MailPlace {
  readonly folder: string;
  /** Its IMAP flags. */
  readonly flags: readonly string[];
  /** It must not be changed: it is signed or encrypted. */
  readonly isSealed: () => boolean;
}

/** Where the deciding command stands. */
export interface Decider {
  readonly layer: Layer;
  readonly rule: string;
  readonly line: number;
}

/** What could not be done; the mail is stored all the same. `action` is the command that the text is about. */
export interface Fault {
  readonly text: TextName;
  readonly action?: string;
}

/**
 * What became of something that was to leave: it `left`, and cancels what it cancels; the mail is `kept` where nothing else stores
 * it; it goes to `junk` because its sender must not be told; `beside`: the mail's place has nothing to do with it.
 */
export type Fate =
  | { readonly kind: "left" }
  | { readonly kind: "kept" | "beside"; readonly fault?: Fault }
  | { readonly kind: "junk"; readonly mailbox: string };

/** By action; one without an entry is taken as if it had `left`. */
export type Fates = ReadonlyMap<Action, Fate>;

/** What the actions come to for one mail. */
export interface Planned {
  readonly plan: Plan;
  /** The command that gave the mail its place; null where the implicit keep stood. */
  readonly decider: Decider | null;
  readonly fault: Fault | null;
}

interface Placed {
  readonly target: Target;
  readonly decider: Decider;
}

interface Draft {
  readonly place: MailPlace;
  readonly fates: Fates;
  stay: { readonly change: Change; readonly decider: Decider | null } | null;
  readonly targets: Map<string, Placed>;
  /** Snoozed: the last of the targets, so that the mail itself sleeps and others are its copies. */
  asleep: Placed | null;
  discard: Decider | null;
  mustStay: boolean;
  fault: Fault | null;
}

/** What happens to a mail where it is stored. */
type Change = Pick<Target, "addFlags" | "removeFlags" | "edits">;

/**
 * Turns actions into what `mailbox` is to do: copies first, the mail itself last (RFC 5228 §2.10.2, RFC 3894).
 * Whatever cannot be carried out leaves the mail stored: in its folder where no other action stores it.
 */
export function planOf(actions: readonly RuledAction[], place: MailPlace, fates: Fates = new Map()): Planned {
  const draft: Draft = {
    place,
    fates,
    stay: null,
    targets: new Map(),
    asleep: null,
    discard: null,
    mustStay: false,
    fault: null,
  };
  for (const ruled of actions) take(draft, ruled);
  const { fault } = draft;
  const targets = [...draft.targets.values(), ...(draft.asleep === null ? [] : [draft.asleep])];
  const last = targets.at(-1);
  const isDiscarded = draft.stay === null && last === undefined && !draft.mustStay && fault === null;
  if (isDiscarded && draft.discard !== null) {
    return { plan: { copies: [], destination: { kind: "discard" } }, decider: draft.discard, fault };
  }
  if (draft.stay === null && last !== undefined) {
    const copies = targets.slice(0, -1).map((entry) => entry.target);
    return { plan: { copies, destination: { kind: "folder", ...last.target } }, decider: last.decider, fault };
  }
  const change: Change = draft.stay?.change ?? NO_CHANGE;
  const untouched =
    targets.length === 0 &&
    change.addFlags.length === 0 &&
    change.removeFlags.length === 0 &&
    change.edits === undefined;
  const plan: Plan = untouched
    ? KEEP
    : { copies: targets.map((entry) => entry.target), destination: { kind: "stay", ...change } };
  return { plan, decider: draft.stay?.decider ?? last?.decider ?? null, fault };
}

function take(draft: Draft, ruled: RuledAction): void {
  const { action } = ruled;
  switch (action.kind) {
    case "keep":
      draft.stay = { change: changeOf(draft, action), decider: deciderOf(ruled) };
      return;
    case "fileinto":
      takeFileinto(draft, action, deciderOf(ruled));
      return;
    case "discard":
      draft.discard = deciderOf(ruled);
      return;
    case "redirect":
    case "reject":
    case "vacation":
    case "notify":
    case "report":
    case "pipe":
      takeFate(draft, ruled);
      return;
    case "snooze":
      takeSnooze(draft, action, deciderOf(ruled));
      return;
    case "processcalendar":
      draft.fault ??= { text: action.kind };
      return;
    case "duplicate-mark":
      return;
    default:
      action satisfies never;
  }
}

function deciderOf({ layer, action }: RuledAction): Decider | null {
  return action.origin === null ? null : { layer, rule: action.origin.rule, line: action.origin.line };
}

function takeFate(draft: Draft, ruled: RuledAction): void {
  const { action } = ruled;
  const fate = draft.fates.get(action) ?? { kind: "left" };
  switch (fate.kind) {
    case "left":
      if (takesAway(action)) draft.discard ??= deciderOf(ruled);
      return;
    case "junk":
      takeTarget(draft, { mailbox: fate.mailbox, create: false, ...NO_CHANGE }, deciderOf(ruled));
      return;
    case "kept":
      draft.mustStay = true;
      draft.fault ??= fate.fault ?? null;
      return;
    case "beside":
      draft.fault ??= fate.fault ?? null;
      return;
    default:
      fate satisfies never;
  }
}

/** Where it left, nothing else keeps the mail. */
function takesAway(action: Action): boolean {
  return action.kind === "reject" || ((action.kind === "redirect" || action.kind === "pipe") && !action.copy);
}

function takeFileinto(draft: Draft, action: Extract<Action, { kind: "fileinto" }>, decider: Decider | null): void {
  if (action.mailbox === "") {
    draft.fault ??= { text: "empty-mailbox" };
    return;
  }
  const { mailbox, create, specialUse } = action;
  const use = specialUse === undefined ? {} : { specialUse };
  takeTarget(draft, { mailbox, create, ...use, ...changeOf(draft, action) }, decider);
}

/** What the wake does must be told by keywords (RFC 9051 §2.3.2), or nobody would know it later. */
function takeSnooze(draft: Draft, action: Extract<Action, { kind: "snooze" }>, decider: Decider | null): void {
  const { until, mailbox, create, specialUse, addFlags, removeFlags } = action;
  const wake = { until, mailbox, create, addFlags, removeFlags, ...(specialUse === undefined ? {} : { specialUse }) };
  if (decider === null || mailbox === "" || wakeKeywords(wake) === null) {
    draft.fault ??= { text: mailbox === "" ? "empty-mailbox" : "snooze-too-long" };
    return;
  }
  draft.asleep = { target: { ...SNOOZED, create: true, ...changeOf(draft, action), wake }, decider };
}

/** RFC 5228 §2.10.3: the same mailbox twice stores once. */
function takeTarget(draft: Draft, target: Target, decider: Decider | null): void {
  const key = canonical(target.mailbox);
  if (key === canonical(draft.place.folder)) {
    const { addFlags, removeFlags, edits } = target;
    draft.stay = { change: { addFlags, removeFlags, ...(edits === undefined ? {} : { edits }) }, decider };
    return;
  }
  if (decider === null) return;
  const before = draft.targets.get(key)?.target;
  const merged = {
    ...target,
    mailbox: before?.mailbox ?? target.mailbox,
    create: target.create || before?.create === true,
  };
  draft.targets.set(key, { target: merged, decider });
}

/** Flags as a difference, and the changes to the mail, where it may be changed. */
function changeOf(
  draft: Draft,
  { flags, edits = [] }: Extract<Action, { kind: "keep" | "fileinto" | "snooze" }>,
): Change {
  const difference = differenceOf(flags, draft.place.flags);
  if (edits.length === 0) return difference;
  if (!draft.place.isSealed()) return { ...difference, edits: edits.map((edit) => ({ ...edit })) };
  draft.fault ??= { text: "sealed" };
  return difference;
}

/** RFC 9051 §5.1: INBOX is the one name without case. */
function canonical(mailbox: string): string {
  return mailbox.toUpperCase() === "INBOX" ? "INBOX" : mailbox;
}

const NO_CHANGE = { addFlags: [], removeFlags: [] } as const;

/** Flags change one by one: what is set meanwhile by a person stays. Flag names have no case (RFC 9051 §2.3.2). */
function differenceOf(
  wanted: readonly string[] | undefined,
  has: readonly string[],
): Pick<Target, "addFlags" | "removeFlags"> {
  if (wanted === undefined) return NO_CHANGE;
  const wantedNames = new Set(wanted.map(lower));
  const hasNames = new Set(has.map(lower));
  return {
    addFlags: wanted.filter((flag) => !hasNames.has(lower(flag)) && lower(flag) !== RECENT),
    removeFlags: has.filter((flag) => !wantedNames.has(lower(flag)) && !LASTING.has(lower(flag))),
  };
}

/** RFC 3501 §2.3.2: no client may change it. */
const RECENT = "\\recent";
const lower = (flag: string): string => flag.toLowerCase();
/** RFC 3503 §3: $MDNSent is never taken away. */
const LASTING: ReadonlySet<string> = new Set([RECENT, lower(MDN_SENT)]);
