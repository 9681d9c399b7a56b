import type { Circular } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { circularStates } from "../texts/state-texts.ts";
import { type Html, page } from "./layout.ts";
import { table } from "./table.ts";
import type { Tell } from "./tell.ts";

/** All circulars of whoever is signed in, the newest first. */
export function circularsPage(c: Call, circulars: readonly Circular[], tell: Tell): Response | Promise<Response> {
  const body = html`<p><a class="button" href="/circulars/new">${tell("new")}</a></p>
${circulars.length === 0 ? html`<p>${tell("none")}</p>` : circularsTable(circulars, tell)}`;
  return page(c, { title: tell("circulars"), body });
}

function circularsTable(circulars: readonly Circular[], tell: Tell): Html {
  const columns = [
    { head: tell("subject") },
    { head: tell("state") },
    { head: tell("time") },
    { head: tell("recipients"), kind: "number" as const },
  ];
  return table({ label: tell("circulars"), columns, rows: circulars.map((one) => cellsOf(one, tell)) });
}

function cellsOf(
  { id, subject, state, dueAt, zone, recipients, testOf }: Circular,
  tell: Tell,
): readonly (Html | string)[] {
  const test = testOf === null ? "" : html` (${tell("test-title")}, ${testOf})`;
  return [
    html`<a href="/circulars/${id}">${subject}</a>${test}`,
    circularStates[state][tell.language],
    dueAt === null ? "" : tell.time(dueAt, zone),
    tell.number(recipients),
  ];
}
