import type { CircularAnswer, CircularAsk } from "@tamis/contracts";
import { instantOf } from "@tamis/when";
import type { Due } from "../tables/circulars.ts";
import type { Language } from "../texts.ts";
import { tellOf } from "./circular-texts.ts";

type When = Exclude<Extract<CircularAsk, { readonly op: "schedule" }>["when"], { readonly kind: "first" }>;
type Refused = Extract<CircularAnswer, { readonly kind: "refused" }>;

export interface DueOptions {
  readonly now: Date;
  /** How long what leaves at once can be stopped, ms. */
  readonly undoMs: number;
  readonly language: Language;
}

/** When a circular leaves, or why that is no time for it. */
export function dueOf(when: When, { now, undoMs, language }: DueOptions): Due | Refused {
  if (when.kind === "now") return { at: new Date(now.getTime() + undoMs), wall: null, zone: null, which: null };
  const { wall, zone, which = null } = when;
  const at = atOf(wall, zone, which);
  const no = (name: Parameters<typeof tellOf>[0]): Refused => ({
    kind: "refused",
    code: "bad-time",
    reason: tellOf(name, language, { wall, zone }),
  });
  if (at === "time-twice") {
    const found = instantOf(wall, zone);
    if (found.kind !== "twice") return no("bad-time");
    return { ...no(at), times: { earlier: found.earlier.getTime(), later: found.later.getTime() } };
  }
  if (typeof at === "string") return no(at);
  return at < now ? no("time-past") : { at, wall, zone, which };
}

/** The instant of a wall time, or what stands against it. */
function atOf(wall: string, zone: string, which: Due["which"]): Date | "bad-time" | "time-missing" | "time-twice" {
  const found = instantOf(wall, zone);
  switch (found.kind) {
    case "instant":
      return found.at;
    case "missing":
      return "time-missing";
    case "twice":
      return which === null ? "time-twice" : found[which];
    case "fault":
      return "bad-time";
    default:
      return found satisfies never;
  }
}

/** The instant by the rules that zones have now; null where there is none any more, and what was computed before stays. */
export function dueAgain({ wall, zone, which }: Pick<Due, "wall" | "zone" | "which">): Date | null {
  if (wall === null || zone === null) return null;
  const at = atOf(wall, zone, which);
  return typeof at === "string" ? null : at;
}
