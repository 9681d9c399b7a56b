import type { Circular, CircularAsk } from "@tamis/contracts";
import { readRecurrence, recurrenceText } from "@tamis/when";
import { html } from "hono/html";
import { textIn } from "../http/body.ts";
import type { Html } from "./layout.ts";
import type { Tell } from "./tell.ts";

type Schedule = Extract<CircularAsk, { readonly op: "schedule" }>;

/** Ways to say how often: the first is once. */
const REPEATS = [
  "",
  "daily",
  "workdays",
  "weekly",
  "fortnightly",
  "monthly-day",
  "monthly-weekday",
  "yearly",
  "said",
] as const;
type Repeat = (typeof REPEATS)[number];

/** In which hours it leaves: those of the installation, whichever, or its own. */
const HOURS = ["", "any", "own"] as const;

/** Weekdays as people count them, 0 is Sunday; in words that `outbox` reads, which tells them again where they are wrong. */
const DAYS = [
  [1, "Mon"],
  [2, "Tue"],
  [3, "Wed"],
  [4, "Thu"],
  [5, "Fri"],
  [6, "Sat"],
  [0, "Sun"],
] as const;

/** What is typed into these fields where nothing was before. */
const OFFICE = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00" } as const;

interface Wall {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

function wallIn(at: string): Wall | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T/.exec(at) ?? [];
  if (year === undefined) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return { month: Number(month), day: Number(day), weekday: date.getUTCDay() };
}

/** The rule as Send Later writes it, counted from the first time; `said`: as somebody said it. */
function ruleOf(repeat: Repeat, at: string, said: string): string {
  // Without a first time that is refused, whatever the rule.
  const { month, day, weekday } = wallIn(at) ?? { month: 1, day: 1, weekday: 1 };
  switch (repeat) {
    case "daily":
    case "weekly":
      return repeat;
    case "workdays":
      return "daily on 1 2 3 4 5";
    case "fortnightly":
      return "weekly / 2";
    case "monthly-day":
      return `monthly ${day}`;
    case "monthly-weekday":
      return `monthly ${weekday} ${Math.ceil(day / 7)}`;
    case "yearly":
      return `yearly ${month} ${day}`;
    case "said":
    case "":
      return said;
    default:
      return repeat satisfies never;
  }
}

const oneOf = <const T extends string>(all: readonly T[], text: string): T | undefined =>
  all.find((one) => one === text);

const timeOfDay = (text: string): string => text.trim().slice(0, 5);

/** When a form says that it leaves, how often, and in which hours; what is wrong with that, `outbox` says. */
export function leavingIn(form: FormData): Pick<Schedule, "when" | "every" | "hours"> {
  const typed = (name: string): string => textIn(form, name).trim();
  const zone = typed("zone").slice(0, 100);
  const hours = hoursIn(form, zone);
  if (typed("now") !== "") return { when: { kind: "now" }, ...hours };
  // Some browsers send seconds.
  const at = typed("at").slice(0, 16);
  const which = oneOf(["earlier", "later"], typed("which"));
  const repeat = oneOf(REPEATS, typed("repeat")) ?? "";
  const isFirst = repeat === "said" && at === "";
  const when = isFirst
    ? ({ kind: "first", zone } as const)
    : ({ kind: "wall", wall: at, zone, ...(which === undefined ? {} : { which }) } as const);
  if (repeat === "") return { when, ...hours };
  const rule = ruleOf(repeat, at, typed("rule").slice(0, 200)) || "?";
  const times = /^\d{1,4}$/.test(typed("times")) ? Number(typed("times")) : 0;
  const until = typed("until").slice(0, 10);
  const every = {
    rule,
    ...(times >= 1 && times <= 1000 ? { times } : {}),
    ...(until === "" ? {} : { until }),
  };
  return { when, every, ...hours };
}

function hoursIn(form: FormData, zone: string): Pick<Schedule, "hours"> {
  const chosen = oneOf(HOURS, textIn(form, "hours")) ?? "";
  if (chosen === "") return {};
  if (chosen === "any") return { hours: { kind: "any" } };
  const days = DAYS.filter(([day]) => form.getAll("day").includes(String(day))).map(([, name]) => name);
  const text = `${days.join(",")} ${timeOfDay(textIn(form, "from"))}-${timeOfDay(textIn(form, "to"))}`;
  return { hours: { kind: "own", text, zone } };
}

/** The fields as they are to be shown for what is scheduled already. */
export function leavingForm({ wall, zone, state, every, hours }: Circular): FormData {
  const form = new FormData();
  form.set("at", wall?.replace(" ", "T").slice(0, 16) ?? "");
  form.set("zone", zone ?? "");
  if (state !== "scheduled") return form;
  if (every !== undefined) {
    const { rule, until } = withoutEnd(every.rule, zone);
    const known = REPEATS.find((one) => one !== "" && one !== "said" && ruleOf(one, wall ?? "", "") === rule);
    form.set("repeat", known ?? "said");
    if (known === undefined) form.set("rule", rule);
    if (every.left !== null) form.set("times", String(every.left + 1));
    form.set("until", until);
  }
  form.set("hours", hoursOf(hours));
  const { days, from, to } = hours?.only ?? OFFICE;
  for (const day of days) form.append("day", String(day));
  form.set("from", from);
  form.set("to", to);
  return form;
}

/** The rule, and the last day that stands in it; "" where it has none. */
function withoutEnd(rule: string, zone: string | null): { readonly rule: string; readonly until: string } {
  const read = readRecurrence(rule);
  const recurrence = read.ok ? read.recurrence : null;
  if (recurrence === null || recurrence.until === null) return { rule, until: "" };
  const day = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: zone ?? "UTC" });
  return { rule: recurrenceText({ ...recurrence, until: null }), until: day.format(recurrence.until) };
}

function hoursOf(hours: Circular["hours"]): (typeof HOURS)[number] {
  if (hours === undefined) return "any";
  return hours.only === undefined ? "" : "own";
}

const option = (value: string, text: string, chosen: string): Html =>
  html`<option value="${value}" ${value === chosen ? "selected" : ""}>${text}</option>`;

/** The fields in which somebody says how often it leaves. */
export function repeatFields(form: FormData, tell: Tell): Html {
  const value = (name: string): string => textIn(form, name);
  return html`<label for="repeat">${tell("repeat")}</label>
<select id="repeat" name="repeat">${REPEATS.map((one) => option(one, tell(`repeat.${one === "" ? "once" : one}`), value("repeat")))}</select>
<details ${value("repeat") === "" ? "" : "open"}><summary>${tell("repeat-more")}</summary>
<label for="rule">${tell("rule")}</label><p class="hint" id="rule-hint">${tell("rule-hint")}</p>
<input id="rule" name="rule" value="${value("rule")}" maxlength="200" aria-describedby="rule-hint">
<label for="times">${tell("times")}</label><p class="hint" id="times-hint">${tell("times-hint")}</p>
<input id="times" name="times" type="number" min="1" max="1000" value="${value("times")}" aria-describedby="times-hint">
<label for="until">${tell("until")}</label>
<input id="until" name="until" type="date" value="${value("until")}"></details>`;
}

/** The fields in which somebody says in which hours it leaves. */
export function hoursFields(form: FormData, tell: Tell): Html {
  const value = (name: string, usual: string): string => textIn(form, name) || usual;
  const chosen = form.has("day") ? form.getAll("day") : OFFICE.days.map(String);
  const day = ([number]: (typeof DAYS)[number]): Html =>
    html`<span><input type="checkbox" id="day-${number}" name="day" value="${number}" ${chosen.includes(String(number)) ? "checked" : ""}>
<label class="choice" for="day-${number}">${tell.weekday(number)}</label></span>`;
  const hours = value("hours", "");
  return html`<label for="hours">${tell("hours")}</label><p class="hint" id="hours-hint">${tell("hours-hint")}</p>
<select id="hours" name="hours" aria-describedby="hours-hint">${HOURS.map((one) => option(one, tell(`hours.${one === "" ? "usual" : one}`), hours))}</select>
<details ${hours === "own" ? "open" : ""}><summary>${tell("hours-own")}</summary>
<fieldset class="choices"><legend>${tell("days")}</legend><div class="row">${DAYS.map(day)}</div></fieldset>
<label for="from-hour">${tell("from-hour")}</label><input id="from-hour" name="from" type="time" value="${value("from", OFFICE.from)}">
<label for="to-hour">${tell("to-hour")}</label><input id="to-hour" name="to" type="time" value="${value("to", OFFICE.to)}"></details>`;
}

/** All that {@link leavingIn} reads, to be sent once more. */
export const LEAVING_FIELDS = ["at", "zone", "which", "repeat", "rule", "times", "until", "hours", "day", "from", "to"];
