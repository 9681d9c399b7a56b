import type { Decision, Target } from "@tamis/contracts";
import { isInbox } from "./imap/mailbox-name.ts";

export interface FlagChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What the flags of the mail were changed by so far, so that each target gets its own. */
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

/** Where a mail ends. `expunge`: its last copy is the move, on a server without MOVE. */
export interface End {
  readonly kind: "stay" | "move" | "expunge";
  readonly mailbox: string;
  readonly create: boolean;
  readonly discard: boolean;
  readonly addFlags: readonly string[];
  readonly removeFlags: readonly string[];
}

/** A plan as steps on this server. */
export interface Steps {
  readonly uid: number;
  readonly fingerprint: string;
  /** INTERNALDATE, epoch ms: MOVE and COPY keep it. */
  readonly internalDate: number;
  readonly copies: readonly { readonly target: Target }[];
  readonly end: End;
  /** UIDs of the copies made, where told. */
  readonly copied: (number | undefined)[];
  flagsNow: SourceFlags;
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
  if (end.kind !== "move" || ground.canMove) return { ...steps, copies, end };
  const { mailbox, create, addFlags, removeFlags } = end;
  return {
    ...steps,
    copies: [...copies, { target: { mailbox, create, addFlags, removeFlags } }],
    end: { ...end, kind: "expunge" },
  };
}

function endOf(destination: Decision["plan"]["destination"], { folder, trash }: Ground): End {
  const none = { addFlags: [], removeFlags: [], create: false, discard: false };
  switch (destination.kind) {
    case "stay":
      return { ...none, ...destination, kind: "stay", mailbox: folder };
    case "discard":
      return trash === folder
        ? { ...none, kind: "stay", mailbox: folder }
        : { ...none, kind: "move", mailbox: trash, create: true, discard: true };
    case "folder": {
      const { mailbox, create, addFlags, removeFlags } = destination;
      return {
        kind: isSame(mailbox, folder) ? "stay" : "move",
        mailbox,
        create,
        discard: false,
        addFlags,
        removeFlags,
      };
    }
    default:
      return destination satisfies never;
  }
}

const isSame = (a: string, b: string): boolean => a === b || (isInbox(a) && isInbox(b));

export const copiesKey = (steps: Steps): string => JSON.stringify(steps.copies);

export const flagsKey = (steps: Steps): string =>
  JSON.stringify([steps.end.addFlags, steps.end.removeFlags, copiesKey(steps)]);
