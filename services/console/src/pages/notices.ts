import type { AddedRecipients } from "@tamis/circulars";
import type { RecipientFault } from "@tamis/contracts";
import { html } from "hono/html";
import type { Problem } from "../http/problem.ts";
import type { PageText } from "../texts/page-texts.ts";
import { problems } from "../texts/problem-texts.ts";
import type { Html } from "./layout.ts";
import type { Tell } from "./tell.ts";

/** What a page says first: what was done, or what stood against it. */
export type Notice =
  | { readonly key: PageText; readonly parameters?: Readonly<Record<string, string>> }
  | { readonly added: AddedRecipients }
  | { readonly problem: Problem; readonly form: FormData };

export const addedNotice = (added: AddedRecipients): Notice => ({ added });

/** Lines that are told one by one; the others are counted. */
const SHOWN = 20;

export function noticeHtml(notice: Notice | null, tell: Tell): Html | "" {
  if (notice === null) return "";
  if ("problem" in notice) return problemHtml(notice.problem, tell);
  if ("added" in notice) return addedHtml(notice.added, tell);
  return html`<p class="notice" role="status">${tell(notice.key, notice.parameters)}</p>`;
}

/** The sentence about the case where there is one; it may have lines. */
export function problemHtml({ code, detail }: Problem, { language }: Tell): Html {
  const lines = (detail ?? problems[code][language]).split("\n");
  return html`<div class="notice bad" role="alert">${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

function addedHtml({ added, suppressed, faults }: AddedRecipients, tell: Tell): Html {
  return html`<div class="notice" role="status"><p>${tell("added", { count: added })}</p>
${suppressed === 0 ? "" : html`<p>${tell("suppressed", { count: suppressed })}</p>`}
${faults.length === 0 ? "" : faultsHtml(faults, tell)}</div>`;
}

function faultsHtml(faults: readonly RecipientFault[], tell: Tell): Html {
  const lines = faults.slice(0, SHOWN).map((fault) =>
    tell(`fault.${fault.kind}`, {
      line: fault.line,
      missing: fault.kind === "fields" ? fault.missing.join(", ") : "",
    }),
  );
  return html`<p>${tell("faults", { count: faults.length })}</p>
<ul>${lines.map((line) => html`<li>${line}</li>`)}${faults.length > SHOWN ? html`<li>…</li>` : ""}</ul>`;
}
