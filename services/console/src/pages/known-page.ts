import { randomUUID } from "node:crypto";
import { type Circular, type Receipt, type ReceiptState, receiptState } from "@tamis/contracts";
import { html } from "hono/html";
import { askReceipts, asOwner } from "../ask-receipts.ts";
import type { ConsoleContext } from "../console-context.ts";
import type { Call } from "../http/asked.ts";
import { granted } from "../refusal.ts";
import { receiptStates } from "../texts/state-texts.ts";
import { type Html, page, tokenField } from "./layout.ts";
import { table } from "./table.ts";
import { type Tell, tellingIn } from "./tell.ts";

/** Recipients of one page. */
const ON_A_PAGE = 100;

/** What is known of each recipient of a circular: who got it, who read it, whose address is none. */
export async function knownPage(c: Call, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { account } = c.get("visitor");
  const { language } = c.get("asked");
  const circularId = (c.req.param("id") ?? "").slice(0, 20);
  const status = { op: "status", accountId: account.id, id: circularId, language } as const;
  const { circular } = granted(await behind.ask(status, "circular"));
  const state = receiptState.safeParse(c.req.query("state")).data ?? null;
  const after = /^\d{1,18}$/.exec(c.req.query("after") ?? "")?.[0];
  const paged = {
    limit: ON_A_PAGE,
    ...(after === undefined ? {} : { after }),
    ...(state === null ? {} : { states: [state] }),
  };
  const question = { op: "list", ...asOwner({ account, language }), circularId, ...paged } as const;
  const { receipts, next } = await askReceipts(behind, question, "listed");
  const tell = tellingIn(language, timeZone);
  const body = html`<p><a href="/circulars/${circular.id}">${tell("back")}</a></p>
${filters(circular, state, tell)}
${receipts.length === 0 ? html`<p>${tell("nobody-in")}</p>` : knownTable(receipts, tell)}
<p class="row">${next === null ? "" : html`<a href="${placeOf(circular, state)}${state === null ? "?" : "&"}after=${next}">${tell("next")}</a>`}
<a href="/circulars/${circular.id}/receipts.csv${state === null ? "" : `?state=${state}`}">${tell("download")}</a></p>
${remindForm(c, circular, tell)}`;
  return page(c, { title: tell("known-of", { subject: circular.subject }), body });
}

/** The same form sent twice is one circular. */
const remindForm = (c: Call, { id }: Circular, tell: Tell): Html =>
  html`<form method="post" action="/circulars/${id}/remind">${tokenField(c)}<input type="hidden" name="key" value="remind/${randomUUID()}">
<fieldset><legend>${tell("remind-title")}</legend><p class="hint">${tell("remind-hint")}</p>
<p><button class="quiet" type="submit">${tell("remind")}</button></p></fieldset></form>`;

const placeOf = ({ id }: Circular, state: ReceiptState | null): string =>
  `/circulars/${id}/receipts${state === null ? "" : `?state=${state}`}`;

function filters(circular: Circular, state: ReceiptState | null, tell: Tell): Html {
  const link = (one: ReceiptState | null, text: string): Html =>
    html`<a href="${placeOf(circular, one)}"${one === state ? html` aria-current="true"` : ""}>${text}</a>`;
  return html`<nav class="row" aria-label="${tell("known-shown")}">${link(null, tell("all"))}
${receiptState.options.map((one) => link(one, receiptStates[one][tell.language]))}</nav>`;
}

function knownTable(receipts: readonly Receipt[], tell: Tell): Html {
  const columns = (["address", "state", "changed", "meaning"] as const).map((key) => ({
    head: tell(key),
    kind: key === "changed" ? ("time" as const) : undefined,
  }));
  return table({ label: tell("receipts-known"), columns, rows: receipts.map((one) => cellsOf(one, tell)) });
}

function cellsOf({ address, state, stateAt, meaning, status, autoReplyAt }: Receipt, tell: Tell): readonly string[] {
  const said = [
    ...(meaning === null ? [] : [status === null ? meaning : `${meaning} (${status})`]),
    ...(autoReplyAt === null ? [] : [tell("auto-replied", { time: tell.stamp(autoReplyAt) })]),
  ];
  return [
    address ?? "",
    receiptStates[state][tell.language],
    stateAt === null ? "" : tell.stamp(stateAt),
    tell.join(said),
  ];
}
