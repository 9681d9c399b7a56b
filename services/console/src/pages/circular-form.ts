import { randomUUID } from "node:crypto";
import { circularReceipts } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import { listsField, listsIn } from "../lists/lists-field.ts";
import type { NamedLists } from "../lists/lists-of.ts";
import { type Html, tokenField } from "./layout.ts";
import type { Tell } from "./tell.ts";
import { bodiesOf, writtenAttachments } from "./written-form.ts";

export interface CircularFormOptions {
  /** Those that may be written to; null: they cannot be read now. */
  readonly lists: NamedLists | null;
  readonly tell: Tell;
  /** As it was written before. */
  readonly form: FormData | undefined;
  /** Of all of it together. */
  readonly maxBytes: number;
  /** The circular that is written anew; null: it is a new one. */
  readonly editing: string | null;
}

/** The form in which a circular is written, its files last: what is read of it before them is all that was typed. */
export function circularForm(c: Call, { lists, tell, form: before, maxBytes, editing }: CircularFormOptions): Html {
  const form = before ?? new FormData();
  const value = (name: string): string => textIn(form, name);
  return html`<form method="post" action="${editing === null ? "/circulars" : `/circulars/${editing}/edit`}" enctype="multipart/form-data">${tokenField(c)}
${editing === null ? keyField(value) : versionFields(value)}
${texts(form, tell)}
<p><input id="tracked" name="tracked" type="checkbox" value="1" ${before !== undefined && value("tracked") === "" ? "" : "checked"}>
<label class="choice" for="tracked">${tell("tracked")}</label></p>
${receipts(value("receipts"), tell)}
${kept(form, tell)}
${files(maxBytes, tell)}
${editing === null ? recipients(lists, form, tell) : ""}
<p><button type="submit">${tell(editing === null ? "create" : "save")}</button></p>
</form>`;
}

/** The same form sent twice is one circular. */
const keyField = (value: (name: string) => string): Html =>
  html`<input type="hidden" name="key" value="${value("key") || `page/${randomUUID()}`}">`;

/** What is not typed on this page stays as it was. */
const versionFields = (value: (name: string) => string): Html =>
  html`${["version", "unsubscribe-url", "unsubscribe-mailto"].map(
    (name) => html`<input type="hidden" name="${name}" value="${value(name)}">`,
  )}`;

function texts(form: FormData, tell: Tell): Html {
  const value = (name: string): string => textIn(form, name);
  const bodies = bodiesOf(form);
  const body = (name: (typeof bodies)[number]): Html => html`<label for="${name}">${tell(`body.${name}`)}</label>
<textarea id="${name}" name="${name}" aria-describedby="fields" ${bodies.length === 1 ? "required" : ""}>
${value(name)}</textarea>`;
  return html`<label for="subject">${tell("subject")}</label>
<input id="subject" name="subject" value="${value("subject")}" maxlength="2000" required>
<p class="hint" id="fields">${tell("fields")}</p>
${bodies.map(body)}
<label for="from">${tell("from")}</label><p class="hint" id="from-hint">${tell("from-hint")}</p>
<input id="from" name="from" value="${value("from")}" maxlength="620" aria-describedby="from-hint">
<label for="reply-to">${tell("reply-to")}</label>
<input id="reply-to" name="reply-to" value="${value("reply-to")}" maxlength="620">
<label for="list-id">${tell("list-id")}</label><p class="hint" id="list-id-hint">${tell("list-id-hint")}</p>
<input id="list-id" name="list-id" value="${value("list-id")}" maxlength="255" aria-describedby="list-id-hint">`;
}

/** Those that are there already, to be kept or not. */
function kept(form: FormData, tell: Tell): Html | "" {
  const all = writtenAttachments(form);
  if (all.length === 0) return "";
  return html`<fieldset class="choices"><legend>${tell("kept")}</legend><p class="hint">${tell("kept-hint")}</p>
${all.map(
  ({ value, filename, size, as, isKept }, index) => html`<p><input type="hidden" name="attachment" value="${value}">
<input type="checkbox" id="keep-${index}" name="keep" value="${index}" ${isKept ? "checked" : ""}>
<label class="choice" for="keep-${index}">${filename} (${tell.size(size)}${as === "file" ? "" : `, ${tell(`kept.${as}`)}`})</label></p>`,
)}</fieldset>`;
}

function files(maxBytes: number, tell: Tell): Html {
  return html`<label for="attachments">${tell("attachments")}</label><p class="hint" id="attachments-hint">${tell("attachments-hint", { most: tell.size(maxBytes) })}</p>
<input id="attachments" name="attachments" type="file" multiple aria-describedby="attachments-hint">
<label for="secrets">${tell("secrets")}</label><p class="hint" id="secrets-hint">${tell("secrets-hint")}</p>
<input id="secrets" name="secrets" type="file" multiple aria-describedby="secrets-hint">`;
}

function receipts(chosen: string, tell: Tell): Html {
  return html`<label for="receipts">${tell("receipts")}</label>
<select id="receipts" name="receipts">${circularReceipts.options.map(
    (one) => html`<option value="${one}" ${one === chosen ? "selected" : ""}>${tell(`receipts.${one}`)}</option>`,
  )}</select>`;
}

function recipients(lists: NamedLists | null, form: FormData, tell: Tell): Html {
  return html`<fieldset><legend>${tell("to-whom")}</legend><p class="hint">${tell("to-whom-hint")}</p>
${listsField(lists, listsIn(form), tell)}
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint"></fieldset>`;
}
