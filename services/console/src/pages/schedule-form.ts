import type { Circular } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import type { Problem } from "../http/problem.ts";
import { type Html, tokenField } from "./layout.ts";
import { hoursFields, leavingForm, repeatFields } from "./leaving-fields.ts";
import type { Tell } from "./tell.ts";

export interface ScheduleOptions {
  readonly circular: Circular;
  readonly tell: Tell;
  readonly timeZone: string;
  /** What was sent before, and what stood against it. */
  readonly before: { readonly problem: Problem | null; readonly form: FormData } | null;
}

/** Asks when it leaves, how often and in which hours, and which of two where clocks are set back then. The dates are shown before anything is done. */
export function scheduleForm(c: Call, { circular, tell, timeZone, before }: ScheduleOptions): Html {
  const { id, state, recipients } = circular;
  const form = before?.form ?? leavingForm(circular);
  const where = textIn(form, "zone") || timeZone;
  const problem = before?.problem ?? null;
  return html`<form method="post" action="/circulars/${id}/dates">${tokenField(c)}
<fieldset><legend>${tell(state === "scheduled" ? "schedule-again" : "schedule-title")}</legend>
<label for="at">${tell("at")}</label><input id="at" name="at" type="datetime-local" value="${textIn(form, "at")}">
<label for="zone">${tell("zone")}</label><input id="zone" name="zone" value="${where}" maxlength="100">
${problem === null ? "" : choice(problem, where, tell)}
${repeatFields(form, tell)}
${hoursFields(form, tell)}
<p><button type="submit">${tell("see-dates")}</button></p>
<details><summary>${tell("now")}</summary><p>${tell("now-sure", { count: recipients })}</p>
<p><button class="quiet" type="submit" name="now" value="1" formaction="/circulars/${id}/schedule">${tell("yes-now")}</button></p></details>
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
