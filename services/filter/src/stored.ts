import type { RuledAction } from "./layers.ts";

/** Actions that no run over stored mail carries out, in Sieve's own words. */
export function leftOutOf(actions: readonly RuledAction[]): readonly string[] {
  const names = actions.flatMap(({ action }) => {
    switch (action.kind) {
      case "keep":
      case "fileinto":
      case "discard":
        return action.kind !== "discard" && action.edits?.length ? ["edits"] : [];
      case "vacation":
        // A reply that must not be sent is not left out.
        return action.reply === null ? [] : ["vacation"];
      case "duplicate-mark":
        return ["duplicate"];
      default:
        return [action.kind];
    }
  });
  return [...new Set(names)];
}
