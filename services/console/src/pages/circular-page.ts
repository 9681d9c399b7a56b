import type {
  Circular,
  CircularAnswer,
  CircularOutlook,
  ReceiptsAnswer,
  ReportedRecipient,
  SendingState,
} from "@tamis/contracts";
import { receiptState, sendingState } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { listsField, listsIn } from "../lists/lists-field.ts";
import type { NamedLists } from "../lists/lists-of.ts";
import { ruleText } from "../texts/rule-text.ts";
import { circularStates, receiptStates, sendingStates } from "../texts/state-texts.ts";
import { type Html, page, tokenField } from "./layout.ts";
import { type Notice, noticeHtml, problemHtml, statusOf } from "./notices.ts";
import { scheduleForm } from "./schedule-form.ts";
import { table } from "./table.ts";
import type { Tell } from "./tell.ts";

/** Recipients of one page. */
export const RECIPIENTS_ON_A_PAGE = 100;
/** Domains that are told by name. */
const DOMAINS = 5;

export type RecipientSources = Extract<CircularAnswer, { readonly kind: "sources" }>["sources"];
export type ReceiptCounts = Extract<ReceiptsAnswer, { readonly kind: "counts" }>;

export interface CircularPageOptions {
  readonly circular: Circular;
  readonly recipients: { readonly recipients: readonly ReportedRecipient[]; readonly next: string | null };
  /** What is known of those whom it reached; null: nothing is shown. */
  readonly receipts: ReceiptCounts | null;
  /** Only recipients in this state are shown; null: all. */
  readonly state: SendingState | null;
  /** It is not on the first page of them. */
  readonly isLater: boolean;
  /** What would leave, or why nothing can; null: nothing is to leave any more, or it has begun. */
  readonly outlook: CircularOutlook | Problem | null;
  /** The lists that recipients may be added from; null: they cannot be read. */
  readonly lists: NamedLists | null;
  /** Where the recipients of a draft come from. */
  readonly sources: RecipientSources;
  readonly notice: Notice | null;
  readonly tell: Tell;
  readonly timeZone: string;
}

/** One circular: how far it is, what may be done with it now, and its recipients. */
export function circularPage(c: Call, options: CircularPageOptions): Response | Promise<Response> {
  const { circular, notice, tell } = options;
  const { state, dueAt, zone, held, every, hours } = circular;
  const due = dueAt === null ? "" : `, ${tell("due", { time: tell.time(dueAt, zone) })}`;
  const body = html`${noticeHtml(notice, tell)}
<p><strong>${circularStates[state][tell.language]}</strong>${due}</p>
${every === undefined ? "" : html`<p>${tell(every.left === null ? "recurs" : "recurs-left", { rule: ruleText(every.rule, tell.language, zone), left: every.left ?? 0 })}</p>`}
${hours === undefined || state === "done" ? "" : html`<p>${tell("in-hours", { opens: tell.time(hours.opensAt, zone), closes: tell.time(hours.closesAt, zone) })}</p>`}
${held === null ? "" : html`<p class="notice bad">${tell(`held.${held}`)}</p>`}
${changes(c, circular, tell)}
${edits(c, circular, tell)}
${counts(circular, options.state, tell)}
${outlookHtml(options.outlook, tell)}
${options.receipts === null ? "" : known(circular, options.receipts, tell)}
${state === "draft" ? html`${sourcesHtml(c, options)}${recipientsForm(c, options)}` : ""}
${circular.recipients === 0 ? "" : looks(c, options)}
${schedulable(c, options)}
${recipientTable(c, options)}`;
  return page(c, { title: circular.subject, body, status: statusOf(notice) });
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
  return html`<div class="row">${CHANGES[state].map((op) => {
    const form = (button: Html): Html =>
      html`<form method="post" action="/circulars/${id}/${op}">${tokenField(c)}${button}</form>`;
    if (op !== "cancel") return form(html`<button type="submit" class="quiet">${tell(op)}</button>`);
    const word = state === "draft" ? "discard" : "cancel";
    const sure = html`<p>${tell(`${word}-sure`)}</p><button type="submit" class="grave">${tell(`yes-${word}`)}</button>`;
    return html`<details><summary class="grave">${tell(word)}</summary>${form(sure)}</details>`;
  })}</div>`;
}

/** Nothing of it has left, and nothing will before somebody says so, or before its time. */
const isEditable = ({ state, held, startedAt, testOf }: Circular): boolean =>
  testOf === null && (state === "draft" || state === "scheduled" || (held === "late" && startedAt === null));

function edits(c: Call, circular: Circular, tell: Tell): Html | "" {
  if (!isEditable(circular)) return "";
  const { id, state, recipients } = circular;
  const form = (op: string, button: Html): Html =>
    html`<form method="post" action="/circulars/${id}/${op}">${tokenField(c)}${button}</form>`;
  const withdraw = html`<details><summary>${tell("withdraw")}</summary>${form(
    "withdraw",
    html`<p>${tell("withdraw-sure")}</p><button type="submit" class="quiet">${tell("yes-withdraw")}</button>`,
  )}</details>`;
  const empty = html`<details><summary>${tell("remove-all")}</summary>${form(
    "remove",
    html`<p>${tell("remove-all-sure", { count: recipients })}</p><button type="submit" class="grave">${tell("yes-remove-all")}</button>`,
  )}</details>`;
  return html`<div class="row"><a class="button" href="/circulars/${id}/edit">${tell("edit")}</a>
${state === "draft" ? "" : withdraw}${state === "draft" && recipients > 0 ? empty : ""}</div>`;
}

function counts({ id, recipients, counts: by }: Circular, state: SendingState | null, tell: Tell): Html {
  const shown = sendingState.options.filter((one) => (by[one] ?? 0) > 0);
  const link = (to: SendingState | null, text: string): Html =>
    html`<a href="/circulars/${id}${to === null ? "" : `?state=${to}`}#recipients"${to === state ? html` aria-current="true"` : ""}>${text}</a>`;
  return html`<h2>${tell("counts")}</h2>
<dl><dt>${link(null, tell("recipients"))}</dt><dd>${tell.number(recipients)}</dd>
${shown.map((one) => html`<dt>${link(one, sendingStates[one][tell.language])}</dt><dd>${tell.number(by[one] ?? 0)}</dd>`)}</dl>`;
}

function known({ id }: Circular, { counts: by, autoReplies, complaints }: ReceiptCounts, tell: Tell): Html {
  const rows: ReadonlyArray<readonly [string, number]> = [
    ...receiptState.options.map((one) => [receiptStates[one][tell.language], by[one] ?? 0] as const),
    [tell("auto-replies"), autoReplies],
    [tell("complaints"), complaints],
  ];
  return html`<h2>${tell("receipts-known")}</h2>
<p><a href="/circulars/${id}/receipts">${tell("known-each")}</a></p>
<dl>${rows.filter(([, count]) => count > 0).map(([text, count]) => html`<dt>${text}</dt><dd>${tell.number(count)}</dd>`)}</dl>`;
}

function outlookHtml(outlook: CircularOutlook | Problem | null, tell: Tell): Html | "" {
  if (outlook === null) return "";
  const title = html`<h2>${tell("outlook")}</h2>`;
  if (outlook instanceof Problem) return html`${title}${problemHtml(outlook, tell)}`;
  const { recipients, suppressed, size, domains, domainCount } = outlook;
  const count = recipients - suppressed;
  const others = domainCount - DOMAINS;
  return html`${title}
<p>${tell("outlook.mails", { count, size: tell.size(size), total: tell.size(count * size) })}</p>
${suppressed === 0 ? "" : html`<p>${tell("outlook.suppressed", { count: suppressed })}</p>`}
<ul>${domains.slice(0, DOMAINS).map((one) => html`<li>${tell("outlook.domain", { ...one })}</li>`)}
${others > 0 ? html`<li>${tell("outlook.domains", { count: others })}</li>` : ""}</ul>`;
}

/** What was typed into a form that could not be carried out. */
function typedIn(notice: Notice | null): (name: string) => string {
  return (name) => (notice !== null && "problem" in notice ? textIn(notice.form, name) : "");
}

/** Where they come from, each to be taken out as a whole. */
function sourcesHtml(c: Call, { circular: { id }, sources, tell }: CircularPageOptions): Html | "" {
  if (sources.length === 0) return "";
  const columns = [{ head: tell("source-name") }, { head: tell("recipients"), kind: "number" as const }, { head: "" }];
  const rows = sources.map(({ source, recipients }) => [
    source ?? tell("source-none"),
    tell.number(recipients),
    html`<form method="post" action="/circulars/${id}/remove">${tokenField(c)}
<input type="hidden" name="source" value="${source ?? ""}"><button class="quiet" type="submit">${tell("remove")}</button></form>`,
  ]);
  return html`<h2>${tell("sources")}</h2><p class="hint">${tell("sources-hint")}</p>
${table({ label: tell("sources"), columns, rows })}`;
}

function recipientsForm(c: Call, { circular: { id }, lists, notice, tell }: CircularPageOptions): Html {
  const chosen = notice !== null && "problem" in notice ? listsIn(notice.form) : [];
  return html`<form method="post" action="/circulars/${id}/recipients" enctype="multipart/form-data">${tokenField(c)}
<fieldset><legend>${tell("add-recipients")}</legend>
${listsField(lists, chosen, tell)}
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint">
<p><button type="submit">${tell("add")}</button></p></fieldset></form>`;
}

function looks(c: Call, { circular: { id }, notice, tell }: CircularPageOptions): Html {
  const typed = typedIn(notice);
  const as = (name: string, value: string): Html =>
    html`<label for="${name}">${tell("as-whom")}</label><input id="${name}" name="as" type="email" maxlength="320" value="${value}">`;
  return html`<form method="get" action="/circulars/${id}/preview"><fieldset><legend>${tell("preview")}</legend>
${as("preview-as", "")}<p><button class="quiet" type="submit">${tell("preview")}</button></p></fieldset></form>
<form method="post" action="/circulars/${id}/test">${tokenField(c)}<fieldset><legend>${tell("test-title")}</legend>
<label for="to">${tell("test-to")}</label>
<input id="to" name="to" type="email" maxlength="320" value="${typed("to") || c.get("visitor").account.address}" required>
${as("test-as", typed("as"))}<p><button class="quiet" type="submit">${tell("test")}</button></p></fieldset></form>`;
}

function schedulable(c: Call, { circular, tell, timeZone, notice }: CircularPageOptions): Html | "" {
  const { state, recipients, testOf } = circular;
  if ((state !== "draft" && state !== "scheduled") || recipients === 0 || testOf !== null) return "";
  // Another form of the page says nothing of the time.
  const before = notice !== null && "problem" in notice && notice.form.has("at") ? notice : null;
  return scheduleForm(c, { circular, tell, timeZone, before });
}

function recipientTable(
  c: Call,
  { circular, recipients: { recipients, next }, state, isLater, tell }: CircularPageOptions,
): Html {
  const { id } = circular;
  const only = state === null ? "" : `state=${state}`;
  const query = only === "" ? "" : `?${only}`;
  const columns = (["address", "state", "changed", "answer"] as const).map((key) => ({
    head: tell(key),
    kind: key === "changed" ? ("time" as const) : undefined,
  }));
  const rows = recipients.map((one) => cellsOf(c, one, { id, isDraft: circular.state === "draft", tell }));
  return html`<h2 id="recipients">${tell("recipients-in", { state: state === null ? tell("all") : sendingStates[state][tell.language] })}</h2>
${recipients.length === 0 ? html`<p>${tell("nobody-in")}</p>` : table({ label: tell("recipients"), columns, rows })}
<p class="row">${isLater ? html`<a href="/circulars/${id}${query}#recipients">${tell("first-page")}</a>` : ""}
${next === null ? "" : html`<a href="/circulars/${id}?${only === "" ? "" : `${only}&`}after=${next}#recipients">${tell("next")}</a>`}
<a href="/circulars/${id}/recipients.csv${query}">${tell("download")}</a></p>`;
}

interface RowOf {
  readonly id: string;
  readonly isDraft: boolean;
  readonly tell: Tell;
}

function cellsOf(
  c: Call,
  { id: number, address, state, changedAt, reply }: ReportedRecipient,
  { id, isDraft, tell }: RowOf,
): readonly (Html | string)[] {
  const said = sendingStates[state][tell.language];
  const withButton = (
    op: "release" | "remove",
  ): Html => html`${said}<form method="post" action="/circulars/${id}/${op}">${tokenField(c)}
<input type="hidden" name="recipient" value="${number}"><button class="quiet" type="submit">${tell(op)}</button></form>`;
  const shown = isDraft ? withButton("remove") : state === "unknown" ? withButton("release") : said;
  return [address, shown, tell.stamp(changedAt), reply ?? ""];
}
