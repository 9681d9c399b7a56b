import type { Action } from "./actions.ts";
import type { Execute } from "./extension.ts";
import { argumentsOf } from "./header-source.ts";
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
  for (const [key, value] of Object.entries(argumentsOf(args))) {
    const amend = preparation.registry.tags.get(name)?.get(key)?.item.amend?.(value, preparation);
    if (amend !== undefined) amends.push(amend);
  }
  return (state) => {
    state.spend(1);
    state.origin = origin;
    let action = make(state);
    for (const amend of amends) action = amend(action, state);
    act(state, withFlags(action, state), origin);
    return "next";
  };
}

/** RFC 5232 §5: without `:flags` the internal variable, where the script touched it, gives the flags. */
export function withFlags(action: Action, state: RunState): Action {
  if (state.flags === null || (action.kind !== "keep" && action.kind !== "fileinto")) return action;
  return action.flags === undefined ? { ...action, flags: state.flags } : action;
}
