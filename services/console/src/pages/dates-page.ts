import type { Circular, CircularAnswer } from "@tamis/contracts";
import { html } from "hono/html";
import type { ConsoleContext } from "../console-context.ts";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import { granted } from "../refusal.ts";
import { type Html, page, tokenField } from "./layout.ts";
import { LEAVING_FIELDS, leavingIn } from "./leaving-fields.ts";
import { scheduleForm } from "./schedule-form.ts";
import { type Tell, tellingIn } from "./tell.ts";

type Foreseen = Extract<CircularAnswer, { readonly kind: "foreseen" }>;

/** When it would leave by what somebody wrote into the form, to be confirmed. A `Problem` where it cannot. */
export async function datesPage(c: Call, form: FormData, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { language } = c.get("asked");
  const one = { accountId: c.get("visitor").account.id, id: (c.req.param("id") ?? "").slice(0, 20), language };
  const leaving = leavingIn(form);
  const foreseen = granted(await behind.ask({ op: "foresee", ...one, ...leaving }, "foreseen"));
  const { circular } = granted(await behind.ask({ op: "status", ...one }, "circular"));
  const tell = tellingIn(language, timeZone);
  const zone = "zone" in leaving.when ? leaving.when.zone : null;
  const body = html`<h2>${tell("dates")}</h2>
${datesHtml(foreseen, zone, tell)}
${confirmation(c, form, circular, tell)}
${scheduleForm(c, { circular, tell, timeZone, before: { problem: null, form } })}
<p><a href="/circulars/${circular.id}">${tell("back")}</a></p>`;
  return page(c, { title: circular.subject, body });
}

function datesHtml({ times, isMore, saidAt, hours }: Foreseen, zone: string | null, tell: Tell): Html {
  const isOnce = times.length === 1 && !isMore;
  return html`${saidAt === undefined ? "" : html`<p class="notice">${tell("dates-moved", { time: tell.time(saidAt, zone) })}</p>`}
<p>${tell(isOnce ? "dates-once" : "dates-several")}</p>
<ol>${times.map((time) => html`<li>${tell.time(time, zone)}</li>`)}${isMore ? html`<li>${tell("dates-more")}</li>` : ""}</ol>
${hours === undefined ? "" : html`<p>${tell("in-hours", { opens: tell.time(hours.opensAt, zone), closes: tell.time(hours.closesAt, zone) })}</p>`}`;
}

/** The same once more, for good. */
function confirmation(c: Call, form: FormData, { id, recipients }: Circular, tell: Tell): Html {
  const fields = LEAVING_FIELDS.flatMap((name) =>
    name === "day"
      ? form
          .getAll(name)
          .filter((value) => typeof value === "string")
          .map((value) => [name, value] as const)
      : [[name, textIn(form, name)] as const],
  );
  return html`<form method="post" action="/circulars/${id}/schedule">${tokenField(c)}
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p>${tell("dates-sure", { count: recipients })}</p>
<p><button type="submit">${tell("schedule")}</button></p></form>`;
}
