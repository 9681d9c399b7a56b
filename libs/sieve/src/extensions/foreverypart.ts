import type { Entity } from "@tamis/message";
import { type CheckContext, defineCommand, type Extension } from "../extension.ts";
import type { PartPath } from "../message-edits.ts";
import { currentPart, isInLoop } from "../part-in-loop.ts";
import type { Arguments } from "../program.ts";
import type { RunState } from "../run-state.ts";

/** The name that a loop or break gives; a literal, as its shape says. */
function nameOf({ name }: { readonly name?: unknown }): string | null {
  return typeof name === "string" ? name : null;
}

function loopsAround({ around }: CheckContext): readonly Arguments[] {
  return around.filter(({ command }) => command === "foreverypart").map(({ args }) => args);
}

/** The ways to all parts inside one, depth first (RFC 5703 §3). */
function waysInto(part: Entity, way: PartPath): readonly PartPath[] {
  return part.children.flatMap((child, index) => {
    const inner = [...way, index];
    return [inner, ...waysInto(child, inner)];
  });
}

/** RFC 5703 §5: parts of what was replaced are gone. What makes another mail of the whole ends all loops over the old one. */
function isGone(state: RunState, way: PartPath, since: number): boolean {
  return state.edits.slice(since).some((edit) => {
    if (edit.kind === "enclose" || edit.kind === "program-output") return true;
    if (edit.kind !== "replace-part" && edit.kind !== "convert-part") return false;
    return edit.part.length < way.length && edit.part.every((index, depth) => index === way[depth]);
  });
}

const foreverypart = defineCommand({
  name: "foreverypart",
  shape: { tags: { name: "string!" } },
  block: true,
  check(_args, context) {
    context.use({ body: true });
    const { loops: limit } = context.limits;
    if (loopsAround(context).length >= limit) context.report({ code: "too-many-loops", parameters: { limit } });
  },
  prepare: () => () => "next",
  prepareBlock(args, origin, { run }) {
    const name = nameOf(args);
    return (state) => {
      state.origin = origin;
      const outer = state.part;
      const inside = waysInto(currentPart(state), outer ?? []);
      const since = state.edits.length;
      let signal: ReturnType<typeof run> = "next";
      for (const way of outer === null ? [[], ...inside] : inside) {
        state.spend(1);
        if (isGone(state, way, since)) continue;
        state.part = way;
        signal = run(state);
        if (signal !== "next") break;
      }
      state.part = outer;
      if (signal !== "break" || (state.leaving !== null && state.leaving !== name)) return signal;
      state.leaving = null;
      return "next";
    };
  },
});

// RFC 5703 §3: the innermost loop, or the one of that name.
const breakCommand = defineCommand({
  name: "break",
  shape: { tags: { name: "string!" } },
  ends: true,
  check(args, context) {
    if (!isInLoop(context)) {
      context.report({ code: "outside-loop", parameters: { name: "break" } });
      return;
    }
    const name = nameOf(args);
    if (name === null || loopsAround(context).some((loop) => nameOf(loop) === name)) return;
    context.report({ code: "unknown-loop", at: "name", parameters: { name } });
  },
  prepare(args) {
    const name = nameOf(args);
    return (state) => {
      state.leaving = name;
      return "break";
    };
  },
});

/** A loop over the MIME parts of a mail, and the way out of it (RFC 5703 §3). */
export const foreverypartExtension: Extension = {
  name: "foreverypart",
  rfc: "RFC 5703 §3",
  state: "yes",
  commands: [foreverypart, breakCommand],
};
