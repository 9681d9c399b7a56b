import { randomUUID } from "node:crypto";
import { circularReceipts } from "@tamis/contracts";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { textIn } from "../http/body.ts";
import { listsField, listsIn } from "../lists/lists-field.ts";
import type { NamedLists } from "../lists/lists-of.ts";
import { type Html, tokenField } from "./layout.ts";
import type { Tell } from "./tell.ts";

export interface CircularFormOptions {
  /** Those that may be written to; null: they cannot be read now. */
  readonly lists: NamedLists | null;
  readonly tell: Tell;
  /** As it was written before. */
  readonly form: FormData | undefined;
  /** Of all of it together. */
  readonly maxBytes: number;
}

/** The form in which a circular is written, its files last: what is read of it before them is all that was typed. */
export function circularForm(c: Call, { lists, tell, form: before, maxBytes }: CircularFormOptions): Html {
  const form = before ?? new FormData();
  const value = (name: string): string => textIn(form, name);
  // The same form sent twice is one circular.
  const key = value("key") || `page/${randomUUID()}`;
  return html`<form method="post" action="/circulars" enctype="multipart/form-data">${tokenField(c)}
<input type="hidden" name="key" value="${key}">
${texts(value, tell)}
<p><input id="tracked" name="tracked" type="checkbox" value="1" ${before !== undefined && value("tracked") === "" ? "" : "checked"}>
<label class="choice" for="tracked">${tell("tracked")}</label></p>
${receipts(value("receipts"), tell)}
${files(maxBytes, tell)}
<fieldset><legend>${tell("to-whom")}</legend><p class="hint">${tell("to-whom-hint")}</p>
${listsField(lists, listsIn(form), tell)}
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint"></fieldset>
<p><button type="submit">${tell("create")}</button></p>
</form>`;
}

function texts(value: (name: string) => string, tell: Tell): Html {
  return html`<label for="subject">${tell("subject")}</label>
<input id="subject" name="subject" value="${value("subject")}" maxlength="2000" required>
<label for="markdown">${tell("markdown")}</label><p class="hint" id="fields">${tell("fields")}</p>
<textarea id="markdown" name="markdown" aria-describedby="fields" required>
${value("markdown")}</textarea>
<label for="from">${tell("from")}</label><p class="hint" id="from-hint">${tell("from-hint")}</p>
<input id="from" name="from" value="${value("from")}" maxlength="620" aria-describedby="from-hint">
<label for="reply-to">${tell("reply-to")}</label>
<input id="reply-to" name="reply-to" value="${value("reply-to")}" maxlength="620">
<label for="list-id">${tell("list-id")}</label><p class="hint" id="list-id-hint">${tell("list-id-hint")}</p>
<input id="list-id" name="list-id" value="${value("list-id")}" maxlength="255" aria-describedby="list-id-hint">`;
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
