import type { Action } from "../src/actions.ts";
import { type Case, outcomeOf } from "./decide.ts";

/** The first action of a kind that a script leads to. */
export function actionOf<K extends Action["kind"]>(kind: K, given: Case): Extract<Action, { readonly kind: K }> {
  const outcome = outcomeOf(given);
  const actions = outcome.kind === "done" ? outcome.actions : [];
  const isWanted = (action: Action): action is Extract<Action, { readonly kind: K }> => action.kind === kind;
  const found = actions.find(isWanted);
  if (found === undefined) throw new Error(`no ${kind} in ${JSON.stringify(outcome)}`);
  return found;
}
