import { type ReceiptPolicy, type ReceiptRequestLine, type ReceiptsAnswer, receiptPolicy } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { type Html, page, tokenField } from "../pages/layout.ts";
import { type Notice, noticeHtml, statusOf } from "../pages/notices.ts";
import { table } from "../pages/table.ts";
import type { Tell } from "../pages/tell.ts";
import { policyTexts, requestStates } from "../texts/state-texts.ts";

/** Which requests are shown. */
export type Shown = "asking" | "waiting" | "all";

const SHOWN: readonly Shown[] = ["asking", "waiting", "all"];

type Policy = Pick<Extract<ReceiptsAnswer, { readonly kind: "policy" }>, "chosen" | "effective">;

export interface RequestsPageOptions {
  readonly requests: readonly ReceiptRequestLine[];
  readonly next: string | null;
  readonly policy: Policy;
  readonly state: Shown;
  readonly notice: Notice | null;
  readonly tell: Tell;
}

/** The receipts that are asked of somebody, with what they may answer, and what is done by itself. */
export function requestsPage(c: Call, options: RequestsPageOptions): Response | Promise<Response> {
  const { requests, next, policy, state, notice, tell } = options;
  const body = html`${noticeHtml(notice, tell)}
<p>${tell("requests-about")}</p>
<nav class="row" aria-label="${tell("requests-shown")}">${SHOWN.map((one) => shownLink(one, state, tell))}</nav>
${requests.length === 0 ? html`<p>${tell(state === "asking" ? "requests-none-asking" : "requests-none")}</p>` : requestsTable(c, requests, tell)}
${next === null ? "" : html`<p><a href="/receipts?state=${state}&after=${next}">${tell("next")}</a></p>`}
${policyForm(c, policy, tell)}`;
  return page(c, { title: tell("menu.receipts"), body, status: statusOf(notice) });
}

/** For those whose mail program answers by itself. */
export function noRequestsPage(c: Call, tell: Tell): Response | Promise<Response> {
  return page(c, { title: tell("menu.receipts"), body: html`<p>${tell("requests-elsewhere")}</p>` });
}

const shownLink = (one: Shown, state: Shown, tell: Tell): Html =>
  html`<a href="/receipts?state=${one}"${one === state ? html` aria-current="true"` : ""}>${tell(`requests-${one}`)}</a>`;

function requestsTable(c: Call, requests: readonly ReceiptRequestLine[], tell: Tell): Html {
  const columns = (["requests-who", "subject", "requests-mail", "state", "requests-answer"] as const).map((key) => ({
    head: tell(key),
    kind: key === "requests-mail" ? ("time" as const) : undefined,
  }));
  return table({ label: tell("menu.receipts"), columns, rows: requests.map((one) => cellsOf(c, one, tell)) });
}

function cellsOf(
  c: Call,
  { id, to, sender, subject, at, state, reason, meaning }: ReceiptRequestLine,
  tell: Tell,
): readonly (Html | string)[] {
  const isOpen = state === "asking" || state === "waiting";
  // That they decide is what the state says.
  const why = meaning === null || reason === "policy" ? "" : html`<p class="hint">${meaning}</p>`;
  return [
    whoAsks({ id, to, sender }, tell),
    html`<bdi id="what-${id}">${subject ?? (sender === undefined ? "" : tell("requests-no-subject"))}</bdi>`,
    tell.stamp(at),
    html`${requestStates[state][tell.language]}${why}`,
    isOpen ? answerForm(c, id, tell) : "",
  ];
}

/** Who wrote the mail; and whoever else would learn that it was read. */
function whoAsks({ id, to, sender }: Pick<ReceiptRequestLine, "id" | "to" | "sender">, tell: Tell): Html {
  const others = to.join(", ");
  if (sender === undefined) return html`<span id="who-${id}">${others}</span>`;
  const isSender = to.length === 1 && addressIn(sender) === others.toLowerCase();
  const hint = isSender ? "" : html`<p class="hint">${tell("requests-to", { to: others })}</p>`;
  return html`<bdi id="who-${id}">${sender}</bdi>${hint}`;
}

/** `Anne <anne@college.example>`, or the address alone. */
const addressIn = (sender: string): string => (/<([^<>]*)>$/.exec(sender)?.[1] ?? sender).toLowerCase();

const answerForm = (c: Call, id: string, tell: Tell): Html =>
  html`<form class="row" method="post" action="/receipts/${id}">${tokenField(c)}
<button type="submit" name="answer" value="send" id="send-${id}" aria-labelledby="send-${id} who-${id} what-${id}">${tell("requests-send")}</button>
<button class="quiet" type="submit" name="answer" value="refuse" id="refuse-${id}" aria-labelledby="refuse-${id} who-${id} what-${id}">${tell("requests-refuse")}</button></form>`;

function policyForm(c: Call, { chosen, effective }: Policy, tell: Tell): Html {
  // What would hold without their choice is not told while there is one.
  const usual = chosen === null ? tell("policy-usual", { policy: policyTexts[effective] }) : tell("policy-reset");
  return html`<form method="post" action="/receipts/policy">${tokenField(c)}
<fieldset><legend>${tell("policy-title")}</legend>
${choice("usual", chosen === null, usual)}
${receiptPolicy.options.map((one) => choice(one, one === chosen, policyTexts[one][tell.language]))}
<p class="hint">${tell("policy-safe")}</p>
<p><button type="submit">${tell("policy-choose")}</button></p></fieldset></form>`;
}

const choice = (value: ReceiptPolicy | "usual", isChosen: boolean, text: string): Html =>
  html`<p><input type="radio" name="policy" id="policy-${value}" value="${value}" ${isChosen ? "checked" : ""}>
<label class="choice" for="policy-${value}">${text}</label></p>`;
