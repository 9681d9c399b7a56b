import { type Entity, walk } from "@tamis/message";
import type { CheckContext } from "./extension.ts";
import { partAt } from "./message-edits.ts";
import { FactsMissing, type RunState } from "./run-state.ts";

/** What changes a part, or reads one that is no text, needs the whole mail. */
export function needWhole({ message }: RunState): void {
  if (!message.complete) throw new FactsMissing([{ kind: "whole-message" }]);
}

/** The texts, and the headers of all parts, cannot be read from a mail that was cut. */
export function needTexts({ message }: RunState): void {
  if (!message.hasTexts) throw new FactsMissing([{ kind: "whole-message" }]);
}

/** The part that a command is about: the one that the innermost loop is at, else the mail (RFC 5703 §3). */
export function currentPart(state: RunState): Entity {
  needTexts(state);
  return partAt(state.message, state.part ?? []);
}

/** The part that a command is about and all inside it. */
export function currentParts(state: RunState): Iterable<Entity> {
  return walk(currentPart(state));
}

/** Whether what is checked stands inside a `foreverypart` of the same script. */
export function isInLoop(context: CheckContext): boolean {
  return context.around.some(({ command }) => command === "foreverypart");
}
