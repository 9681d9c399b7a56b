import type { Circular, CircularAsk } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import type { Problem } from "../http/problem.ts";
import { type Html, tokenField } from "./layout.ts";
import type { Tell } from "./tell.ts";

type When = Extract<CircularAsk, { readonly op: "schedule" }>["when"];

/** When a form says that it leaves; what is no time, `outbox` says. */
export function whenIn(form: FormData): When {
  if (textIn(form, "now") !== "") return { kind: "now" };
  const which = textIn(form, "which");
  return {
    kind: "wall",
    // Some browsers send seconds.
    wall: textIn(form, "at").trim().slice(0, 16),
    zone: textIn(form, "zone").trim(),
    ...(which === "earlier" || which === "later" ? { which } : {}),
  };
}

export interface ScheduleOptions {
  readonly circular: Circular;
  readonly tell: Tell;
  readonly timeZone: string;
  /** What was sent before, and what stood against it. */
  readonly before: { readonly problem: Problem; readonly form: FormData } | null;
}

/** Asks when it leaves, and which of two where clocks are set back then. */
export function scheduleForm(c: Call, { circular, tell, timeZone, before }: ScheduleOptions): Html {
  const { id, state, wall, zone, recipients } = circular;
  const at = before === null ? (wall ?? "") : textIn(before.form, "at");
  const where = (before === null ? zone : textIn(before.form, "zone")) || timeZone;
  return html`<form method="post" action="/circulars/${id}/schedule">${tokenField(c)}
<fieldset><legend>${tell("schedule-title")}</legend>
<label for="at">${tell("at")}</label><input id="at" name="at" type="datetime-local" value="${at}">
<label for="zone">${tell("zone")}</label><input id="zone" name="zone" value="${where}" maxlength="100">
${before === null ? "" : choice(before.problem, where, tell)}
<p><button type="submit">${tell(state === "scheduled" ? "schedule-again" : "schedule")}</button></p>
<details><summary>${tell("now")}</summary><p>${tell("now-sure", { count: recipients })}</p>
<p><button class="quiet" type="submit" name="now" value="1">${tell("yes-now")}</button></p></details>
</fieldset></form>`;
}

function choice({ more }: Problem, zone: string, tell: Tell): Html | "" {
  const times = more["times"];
  if (!isPair(times)) return "";
  const option = (
    which: "earlier" | "later",
  ): Html => html`<p><input type="radio" id="${which}" name="which" value="${which}">
<label class="choice" for="${which}">${tell(`which.${which}`, { time: tell.time(times[which], zone) })}</label></p>`;
  return html`<fieldset><legend>${tell("which")}</legend>${option("earlier")}${option("later")}</fieldset>`;
}

function isPair(value: unknown): value is { readonly earlier: number; readonly later: number } {
  return typeof value === "object" && value !== null && "earlier" in value && "later" in value;
}
