import type { Circular, ReceiptsAnswer, ReportedRecipient, SendingState } from "@tamis/contracts";
import { receiptState, sendingState } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { problems } from "../texts/problem-texts.ts";
import { circularStates, receiptStates, sendingStates } from "../texts/state-texts.ts";
import { type Html, page, tokenField } from "./layout.ts";
import { type Notice, noticeHtml } from "./notices.ts";
import { scheduleForm } from "./schedule-form.ts";
import type { Tell } from "./tell.ts";

/** Recipients of one page. */
export const RECIPIENTS_ON_A_PAGE = 100;

export type ReceiptCounts = Extract<ReceiptsAnswer, { readonly kind: "counts" }>;

export interface CircularPageOptions {
  readonly circular: Circular;
  readonly recipients: { readonly recipients: readonly ReportedRecipient[]; readonly next: string | null };
  /** What is known of those whom it reached; null: nothing is shown. */
  readonly receipts: ReceiptCounts | null;
  /** Only recipients in this state are shown; null: all. */
  readonly state: SendingState | null;
  readonly notice: Notice | null;
  readonly tell: Tell;
  readonly timeZone: string;
}

/** One circular: how far it is, what may be done with it now, and its recipients. */
export function circularPage(c: Call, options: CircularPageOptions): Response | Promise<Response> {
  const { circular, notice, tell } = options;
  const { state, dueAt, zone, held } = circular;
  const due = dueAt === null ? "" : `, ${tell("due", { time: tell.time(dueAt, zone) })}`;
  const body = html`${noticeHtml(notice, tell)}
<p><strong>${circularStates[state][tell.language]}</strong>${due}</p>
${held === null ? "" : html`<p class="notice bad">${tell(`held.${held}`)}</p>`}
${changes(c, circular, tell)}
${counts(circular, options.state, tell)}
${options.receipts === null ? "" : known(options.receipts, tell)}
${state === "draft" ? recipientsForm(c, circular, tell) : ""}
${circular.recipients === 0 ? "" : looks(c, circular, tell)}
${schedulable(c, options)}
${recipientTable(c, options)}`;
  const failed = notice !== null && "problem" in notice ? problems[notice.problem.code].status : 200;
  return page(c, { title: circular.subject, body, status: failed });
}

const CHANGES: Readonly<Record<Circular["state"], readonly ("pause" | "resume" | "cancel")[]>> = {
  draft: ["cancel"],
  scheduled: ["cancel"],
  started: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  held: ["resume", "cancel"],
  done: [],
  cancelled: [],
};

function changes(c: Call, { id, state }: Circular, tell: Tell): Html {
  return html`<div class="row">${CHANGES[state].map(
    (op) => html`<form method="post" action="/circulars/${id}/${op}">${tokenField(c)}
<button type="submit" class="${op === "cancel" ? "grave" : "quiet"}">${tell(op === "cancel" && state === "draft" ? "discard" : op)}</button></form>`,
  )}</div>`;
}

function counts({ id, recipients, counts: by }: Circular, state: SendingState | null, tell: Tell): Html {
  const shown = sendingState.options.filter((one) => (by[one] ?? 0) > 0);
  const link = (to: SendingState | null, text: string): Html =>
    html`<a href="/circulars/${id}${to === null ? "" : `?state=${to}`}#recipients"${to === state ? html` aria-current="true"` : ""}>${text}</a>`;
  return html`<h2>${tell("counts")}</h2>
<dl><dt>${link(null, tell("recipients"))}</dt><dd>${recipients}</dd>
${shown.map((one) => html`<dt>${link(one, sendingStates[one][tell.language])}</dt><dd>${by[one]}</dd>`)}</dl>`;
}

function known({ counts: by, autoReplies, complaints }: ReceiptCounts, tell: Tell): Html {
  const rows: ReadonlyArray<readonly [string, number]> = [
    ...receiptState.options.map((one) => [receiptStates[one][tell.language], by[one] ?? 0] as const),
    [tell("auto-replies"), autoReplies],
    [tell("complaints"), complaints],
  ];
  return html`<h2>${tell("receipts-known")}</h2>
<dl>${rows.filter(([, count]) => count > 0).map(([text, count]) => html`<dt>${text}</dt><dd>${count}</dd>`)}</dl>`;
}

function recipientsForm(c: Call, { id }: Circular, tell: Tell): Html {
  return html`<form method="post" action="/circulars/${id}/recipients" enctype="multipart/form-data">${tokenField(c)}
<fieldset><legend>${tell("add-recipients")}</legend>
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint" required>
<p><button type="submit">${tell("add")}</button></p></fieldset></form>`;
}

function looks(c: Call, { id }: Circular, tell: Tell): Html {
  const as = (name: string): Html =>
    html`<label for="${name}">${tell("as-whom")}</label><input id="${name}" name="as" type="email" maxlength="320">`;
  return html`<form method="get" action="/circulars/${id}/preview"><fieldset><legend>${tell("preview")}</legend>
${as("preview-as")}<p><button class="quiet" type="submit">${tell("preview")}</button></p></fieldset></form>
<form method="post" action="/circulars/${id}/test">${tokenField(c)}<fieldset><legend>${tell("test-title")}</legend>
<label for="to">${tell("test-to")}</label>
<input id="to" name="to" type="email" maxlength="320" value="${c.get("visitor").account.address}" required>
${as("test-as")}<p><button class="quiet" type="submit">${tell("test")}</button></p></fieldset></form>`;
}

function schedulable(c: Call, { circular, tell, timeZone, notice }: CircularPageOptions): Html | "" {
  const { state, recipients, testOf } = circular;
  if ((state !== "draft" && state !== "scheduled") || recipients === 0 || testOf !== null) return "";
  const before = notice !== null && "problem" in notice ? notice : null;
  return scheduleForm(c, { circular, tell, timeZone, before });
}

function recipientTable(
  c: Call,
  { circular, recipients: { recipients, next }, state, tell }: CircularPageOptions,
): Html {
  const { id } = circular;
  const only = state === null ? "" : `state=${state}`;
  const table = html`<div class="scroll" role="region" tabindex="0" aria-labelledby="recipients"><table>
<thead><tr><th scope="col">${tell("address")}</th><th scope="col">${tell("state")}</th><th scope="col">${tell("changed")}</th>
<th scope="col">${tell("answer")}</th></tr></thead>
<tbody>${recipients.map((one) => recipientRow(c, one, { id, tell }))}</tbody></table></div>`;
  return html`<h2 id="recipients">${tell("recipients-in", { state: state === null ? tell("all") : sendingStates[state][tell.language] })}</h2>
${recipients.length === 0 ? html`<p>${tell("nobody-in")}</p>` : table}
<p class="row">${next === null ? "" : html`<a href="/circulars/${id}?${only === "" ? "" : `${only}&`}after=${next}#recipients">${tell("next")}</a>`}
<a href="/circulars/${id}/recipients.csv${only === "" ? "" : `?${only}`}">${tell("download")}</a></p>`;
}

function recipientRow(
  c: Call,
  { id: number, address, state, changedAt, reply }: ReportedRecipient,
  { id, tell }: { readonly id: string; readonly tell: Tell },
): Html {
  const release = html`<form method="post" action="/circulars/${id}/release">${tokenField(c)}
<input type="hidden" name="recipient" value="${number}"><button class="quiet" type="submit">${tell("release")}</button></form>`;
  return html`<tr><td>${address}</td><td>${sendingStates[state][tell.language]}${state === "unknown" ? release : ""}</td>
<td>${tell.time(changedAt)}</td><td>${reply ?? ""}</td></tr>
`;
}
