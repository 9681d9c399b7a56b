import { type Decision, isWakeKeyword, type Target } from "@tamis/contracts";
import type { ImapSession } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { storableFlags } from "./imap/permanent-flags.ts";

export interface FlagChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What the flags of the mail in INBOX were changed by so far, so that each target gets its own. */
export class SourceFlags {
  #added: ReadonlySet<string>;
  #removed: ReadonlySet<string>;

  /** `maybe`: what an earlier attempt, cut off somewhere, may have left on the mail. */
  constructor(maybe: readonly Pick<Target, "addFlags" | "removeFlags">[] = []) {
    this.#added = new Set(maybe.flatMap(({ addFlags }) => addFlags));
    this.#removed = new Set(maybe.flatMap(({ removeFlags }) => removeFlags));
  }

  clone(): SourceFlags {
    return new SourceFlags([{ addFlags: [...this.#added], removeFlags: [...this.#removed] }]);
  }

  /** The flags of a copy that is not made by the server, from those of the mail in INBOX as they are now. */
  asTarget(now: readonly string[], { addFlags, removeFlags }: Pick<Target, "addFlags" | "removeFlags">): string[] {
    const flags = new Map(now.map((flag) => [flag.toLowerCase(), flag]));
    for (const flag of [...this.#added, ...removeFlags]) flags.delete(flag.toLowerCase());
    for (const flag of this.#removed) if (!removeFlags.includes(flag)) flags.set(flag.toLowerCase(), flag);
    for (const flag of addFlags) flags.set(flag.toLowerCase(), flag);
    return [...flags.values()];
  }

  changesTo(wanted: { readonly addFlags: readonly string[]; readonly removeFlags: readonly string[] }): FlagChanges {
    const add = new Set(wanted.addFlags);
    const remove = new Set(wanted.removeFlags);
    const changes = {
      add: [...add]
        .filter((flag) => !this.#added.has(flag))
        .concat([...this.#removed].filter((flag) => !remove.has(flag))),
      remove: [...remove]
        .filter((flag) => !this.#removed.has(flag))
        .concat([...this.#added].filter((flag) => !add.has(flag))),
    };
    this.#added = add;
    this.#removed = remove;
    return changes;
  }
}

/** Where a mail ends. `expunge`: its last copy is the move, on a server without MOVE or because it was rewritten. */
export interface End {
  readonly kind: "stay" | "move" | "expunge";
  readonly mailbox: string;
  readonly create: boolean;
  readonly specialUse?: string | undefined;
  readonly discard: boolean;
  /** It is snoozed. */
  readonly wake?: Target["wake"];
  readonly addFlags: readonly string[];
  readonly removeFlags: readonly string[];
}

type Obstacle = "no-move" | "no-uidplus" | "no-delete" | "no-keywords";
type Inbox = Pick<ImapSession, "capabilities" | "selected">;

/** Where a copy of a mail lies. */
export interface CopyPlace {
  readonly newUid?: number;
  readonly newUidValidity?: number;
}

/** A plan as steps on this server. */
export interface Steps {
  readonly uid: number;
  readonly fingerprint: string;
  /** INTERNALDATE, epoch ms: MOVE and COPY keep it. */
  readonly internalDate: number;
  readonly copies: readonly { readonly target: Target }[];
  readonly end: End;
  /** Where the copies lie, as far as told. */
  readonly copied: (CopyPlace | undefined)[];
  flagsNow: SourceFlags;
}

/**
 * Why a plan cannot be carried out here: a code, or null. Without MOVE (RFC 6851) and without UIDPLUS (RFC 4315) nothing
 * can be moved safely, without UIDPLUS nothing rewritten, and where INBOX does not let us delete (RFC 4314 §5.2: its
 * PERMANENTFLAGS tell) nothing that would leave the original beside what was made of it. What is to wake must keep its keywords.
 */
export function obstacle({ plan }: Decision, { capabilities, selected }: Inbox): Obstacle | null {
  const { destination, copies } = plan;
  const sleeping = destination.kind === "folder" ? [...copies, destination] : copies;
  const keywords = sleeping.flatMap(wakeKeywordsIn);
  if (keywords.length > 0 && !capabilities.has("MOVE")) return "no-move";
  if (storableFlags(keywords, selected).length < keywords.length) return "no-keywords";
  const isRewritten = destination.kind !== "discard" && destination.edits !== undefined;
  const mayDelete = storableFlags(["\\Deleted"], selected).length > 0;
  if (capabilities.has("UIDPLUS")) {
    const isExpunged = isRewritten || (destination.kind !== "stay" && !capabilities.has("MOVE"));
    return isExpunged && !mayDelete ? "no-delete" : null;
  }
  if (isRewritten || copies.some(({ edits }) => edits !== undefined)) return "no-uidplus";
  const isMoved = destination.kind !== "stay" || copies.length > 0;
  return isMoved && !capabilities.has("MOVE") ? "no-move" : null;
}

/** What steps depend on beside the plan: the folders, and whether the server has MOVE. */
export interface Ground {
  /** Where the mails are. */
  readonly folder: string;
  readonly trash: string;
  readonly canMove: boolean;
}

export function asSteps({ uid, fingerprint, internalDate, plan }: Decision, ground: Ground): Steps {
  const copies = plan.copies.map((target) => ({ target }));
  const end = endOf(plan.destination, ground);
  const steps = { uid, fingerprint, internalDate, copied: [], flagsNow: new SourceFlags() };
  const edits = plan.destination.kind === "discard" ? undefined : plan.destination.edits;
  if (edits === undefined && (end.kind !== "move" || ground.canMove)) return { ...steps, copies, end };
  const { mailbox, create, specialUse, addFlags, removeFlags } = end;
  const last = { mailbox, create, specialUse, addFlags, removeFlags, edits };
  return { ...steps, copies: [...copies, { target: last }], end: { ...end, kind: "expunge" } };
}

function endOf(destination: Decision["plan"]["destination"], { folder, trash }: Ground): End {
  const none = { addFlags: [], removeFlags: [], create: false, discard: false };
  switch (destination.kind) {
    case "stay":
      return {
        ...none,
        addFlags: destination.addFlags,
        removeFlags: destination.removeFlags,
        kind: "stay",
        mailbox: folder,
      };
    case "discard":
      return trash === folder
        ? { ...none, kind: "stay", mailbox: folder }
        : { ...none, kind: "move", mailbox: trash, create: true, specialUse: "\\Trash", discard: true };
    case "folder": {
      const { mailbox, create, specialUse, addFlags, removeFlags, wake } = destination;
      const end = {
        create,
        specialUse,
        discard: false,
        addFlags,
        removeFlags,
        ...(wake === undefined ? {} : { wake }),
      };
      return isSame(mailbox, folder) ? { ...end, kind: "stay", mailbox: folder } : { ...end, kind: "move", mailbox };
    }
    default:
      return destination satisfies never;
  }
}

/** Those of a target's flags without which the mail would not wake. */
export function wakeKeywordsIn({ addFlags, wake }: Pick<Target, "addFlags" | "wake">): readonly string[] {
  return wake === undefined ? [] : addFlags.filter(isWakeKeyword);
}

const isSame = (a: string, b: string): boolean => a === b || (isInbox(a) && isInbox(b));

export const copiesKey = (steps: Steps): string => JSON.stringify(steps.copies);

export const flagsKey = (steps: Steps): string =>
  JSON.stringify([steps.end.addFlags, steps.end.removeFlags, copiesKey(steps)]);
