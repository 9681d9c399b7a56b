import type { Action } from "./actions.ts";
import type { Execute } from "./execute.ts";
import { argumentsOf } from "./header-source.ts";
import type { MessageEdit } from "./message-edits.ts";
import { act, type Preparation } from "./preparation.ts";
import type { Origin } from "./program.ts";
import type { RunState } from "./run-state.ts";

interface ActionCommand {
  readonly name: string;
  readonly args: unknown;
  readonly origin: Origin;
  /** The action without the effects of tags that extensions add. */
  make(state: RunState): Action;
}

type Amend = (action: Action, state: RunState) => Action;

/** The execution of an action command: make the action, let tags amend it, give it its flags, add it to the result. */
export function actionCommand(preparation: Preparation, { name, args, origin, make }: ActionCommand): Execute {
  const amends: Amend[] = [];
  const given = argumentsOf(args);
  for (const [key, value] of Object.entries(given)) {
    const amend = preparation.registry.tags.get(name)?.get(key)?.item.amend?.(value, preparation, given);
    if (amend !== undefined) amends.push(amend);
  }
  return (state) => {
    state.spend(1);
    state.origin = origin;
    let action = make(state);
    for (const amend of amends) action = amend(action, state);
    act(state, completed(action, state), origin);
    return "next";
  };
}

/** The action with what the script did before it: the flags it set, its changes to the mail. */
export function completed(action: Action, state: RunState): Action {
  const flagged = withFlags(action, state);
  return state.edits.length === 0 ? flagged : withEdits(flagged, state.edits, state.facts.imapEvent !== undefined);
}

/** RFC 5293 §6: what is stored or sent is the mail as it is then. RFC 5703 §6: a redirected mail is never enclosed. */
function withEdits(action: Action, edits: readonly MessageEdit[], isInMailbox: boolean): Action {
  switch (action.kind) {
    case "keep":
      // RFC 6785 §3.7, §3.9: a mail that is in its mailbox stays as it is.
      return isInMailbox ? action : { ...action, edits };
    case "fileinto":
    case "snooze":
    case "pipe":
      return { ...action, edits };
    case "redirect": {
      const enclosing = edits.findIndex(({ kind }) => kind === "enclose");
      return enclosing < 0 ? { ...action, edits } : { ...action, edits: edits.slice(0, enclosing) };
    }
    default:
      return action;
  }
}

/** RFC 5232 §5: without `:flags` the internal variable, where the script touched it, gives the flags. */
function withFlags(action: Action, state: RunState): Action {
  const isStored = action.kind === "keep" || action.kind === "fileinto" || action.kind === "snooze";
  if (state.flags === null || !isStored) return action;
  return action.flags === undefined ? { ...action, flags: state.flags } : action;
}
