import type { Circular } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { circularStates } from "../texts/state-texts.ts";
import { type Html, page } from "./layout.ts";
import type { Tell } from "./tell.ts";

/** All circulars of whoever is signed in, the newest first. */
export function circularsPage(c: Call, circulars: readonly Circular[], tell: Tell): Response | Promise<Response> {
  const body = html`<p><a class="button" href="/circulars/new">${tell("new")}</a></p>
${circulars.length === 0 ? html`<p>${tell("none")}</p>` : table(circulars, tell)}`;
  return page(c, { title: tell("circulars"), body });
}

function table(circulars: readonly Circular[], tell: Tell): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${tell("circulars")}"><table>
<thead><tr><th scope="col">${tell("subject")}</th><th scope="col">${tell("state")}</th><th scope="col">${tell("time")}</th>
<th scope="col" class="number">${tell("recipients")}</th></tr></thead>
<tbody>${circulars.map((one) => row(one, tell))}</tbody>
</table></div>`;
}

function row({ id, subject, state, dueAt, zone, recipients, testOf }: Circular, tell: Tell): Html {
  return html`<tr><td><a href="/circulars/${id}">${subject}</a>${testOf === null ? "" : html` (${tell("test-title")}, ${testOf})`}</td>
<td>${circularStates[state][tell.language]}</td><td>${dueAt === null ? "" : tell.time(dueAt, zone)}</td><td class="number">${tell.number(recipients)}</td></tr>
`;
}
