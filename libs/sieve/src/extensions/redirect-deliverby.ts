import type { CheckContext, Extension, Tag } from "../extension.ts";
import type { Preparation } from "../preparation.ts";
import { type Arguments, asText } from "../program.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";

/** RFC 3339 §5.6 date-time as epoch milliseconds; null for anything else. */
export function parseTimestamp(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

function modeOf(args: Arguments, preparation: Preparation): (state: RunState) => "notify" | "return" {
  if (args["bymode"] === undefined) return () => "return";
  const text = preparation.text(asText(args["bymode"]));
  return (state) => {
    const mode = text(state).toLowerCase();
    if (mode === "notify" || mode === "return") return mode;
    throw new RuntimeFault("tag-value-unknown", { tag: "bymode", value: mode, allowed: "notify, return" });
  };
}

function timeTag(name: string, kind: "number" | "string", check: Tag["check"]): Tag {
  return {
    name,
    on: ["redirect"],
    kind,
    ...(check === undefined ? {} : { check }),
    amend(value, preparation, args) {
      const text = typeof value === "number" || value === true ? null : preparation.text(asText(value));
      const mode = modeOf(args, preparation);
      return (action, state) => {
        if (action.kind !== "redirect") return action;
        const time =
          text === null
            ? state.facts.now + (typeof value === "number" ? value : 0) * 1000
            : parseTimestamp(text(state));
        if (time === null) throw new RuntimeFault("bad-deliver-time", { value: text?.(state) ?? "" });
        return { ...action, deliverBy: { time, mode: mode(state), trace: args["bytrace"] === true } };
      };
    },
  };
}

/** RFC 6009 §7: mode and trace say something only of a time. */
function needsTime(tag: string) {
  return (_value: unknown, args: Arguments, context: CheckContext): void => {
    if (args["bytimerelative"] !== undefined || args["bytimeabsolute"] !== undefined) return;
    context.report({ code: "tag-needs-other", at: tag, parameters: { tag, other: "bytimerelative" } });
  };
}

/** By when a redirected mail has to arrive (RFC 6009 §7). */
export const redirectDeliverby: Extension = {
  name: "redirect-deliverby",
  rfc: "RFC 6009 §7",
  state: "yes",
  needs: ["send"],
  tags: [
    timeTag("bytimerelative", "number", (_value, args, context) => {
      if (args["bytimeabsolute"] === undefined) return;
      const parameters = { tag: "bytimeabsolute", other: "bytimerelative" };
      context.report({ code: "tags-exclusive", at: "bytimeabsolute", parameters });
    }),
    timeTag("bytimeabsolute", "string", (value, _args, context) => {
      if (typeof value !== "string" || parseTimestamp(value) !== null) return;
      context.report({ code: "bad-deliver-time", at: "bytimeabsolute", parameters: { value } });
    }),
    {
      name: "bymode",
      on: ["redirect"],
      kind: "string",
      check(value, args, context) {
        needsTime("bymode")(value, args, context);
        if (typeof value !== "string" || /^(?:notify|return)$/i.test(value)) return;
        const parameters = { tag: "bymode", value, allowed: "notify, return" };
        context.report({ code: "tag-value-unknown", at: "bymode", parameters });
      },
    },
    { name: "bytrace", on: ["redirect"], kind: "flag", check: needsTime("bytrace") },
  ],
};
