import type { AddedRecipients } from "@tamis/circulars";
import type { ListedSource, RecipientFault } from "@tamis/contracts";
import { html } from "hono/html";
import type { Problem } from "../http/problem.ts";
import type { AddedLists } from "../lists/lists-of.ts";
import type { PageText } from "../texts/page-texts.ts";
import { problems } from "../texts/problem-texts.ts";
import type { Html, PageOptions } from "./layout.ts";
import type { Tell } from "./tell.ts";

/** What a page says first: what was done, or what stood against it. */
export type Notice =
  | { readonly key: PageText; readonly parameters?: Readonly<Record<string, string | number>> }
  | { readonly added: AddedRecipients | null; readonly lists: AddedLists | null }
  | { readonly problem: Problem; readonly form: FormData };

/** Lines that are told one by one; the others are counted. */
const SHOWN = 20;

export function noticeHtml(notice: Notice | null, tell: Tell): Html | "" {
  if (notice === null) return "";
  if ("problem" in notice) return problemHtml(notice.problem, tell);
  if ("added" in notice) return addedHtml(notice, tell);
  return html`<p class="notice" role="status">${tell(notice.key, notice.parameters)}</p>`;
}

/** The sentence about the case where there is one; it may have lines. */
export function problemHtml({ code, detail }: Problem, { language }: Tell): Html {
  const lines = (detail ?? problems[code][language]).split("\n");
  return html`<div class="notice bad" role="alert">${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

interface Added {
  readonly added: AddedRecipients | null;
  readonly lists: AddedLists | null;
}

/** Everybody was added, and will be written to; or nobody was to be. */
export const isWhole = ({ added, lists }: Added): boolean =>
  lists === null && (added === null || (added.faults.length === 0 && added.suppressed === 0));

function addedHtml({ added, lists }: Added, tell: Tell): Html {
  const suppressed = (lists?.suppressed ?? 0) + (added?.suppressed ?? 0);
  const faults = added?.faults ?? [];
  return html`<div class="notice" role="status">${lists === null ? "" : listsHtml(lists, tell)}${added === null ? "" : html`<p>${tell("added", { count: added.added })}</p>`}
${suppressed === 0 ? "" : html`<p>${tell("suppressed", { count: suppressed })}</p>`}
${faults.length === 0 ? "" : faultsHtml(faults, tell)}</div>`;
}

function listsHtml({ sources, leftOut }: AddedLists, tell: Tell): Html {
  const lines = leftOut
    .slice(0, SHOWN)
    .map(({ source, address, missing }) =>
      missing.length === 0
        ? tell("left-out.address", { source, address })
        : tell("left-out.fields", { source, address, missing: missing.join(", ") }),
    );
  return html`<ul>${sources.map((one) => html`<li>${sourceText(one, tell)}</li>`)}</ul>
${lines.length === 0 ? "" : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}${leftOut.length > SHOWN ? html`<li>…</li>` : ""}</ul>`}`;
}

/** `list:tous: 120 added of 130; 8 were there before; 2 are no addresses`. */
function sourceText(
  { source, found, added, doubles, invalid, incomplete, lists, depth, notes }: ListedSource,
  tell: Tell,
) {
  const counted = (key: PageText, count: number): readonly string[] => (count === 0 ? [] : [tell(key, { count })]);
  const noted = notes.flatMap((note) =>
    note.kind === "cycle"
      ? [tell("source.cycle", { path: note.path.join(" → ") })]
      : counted(`source.${note.kind}`, note.count),
  );
  return tell.join([
    tell("source", { source, added, found }),
    ...counted("source.doubles", doubles),
    ...counted("source.invalid", invalid),
    ...counted("source.incomplete", incomplete),
    ...(lists > 1 ? [tell("source.nested", { lists, depth })] : []),
    ...noted,
  ]);
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

/** The status of a page that says this first. */
export const statusOf = (notice: Notice | null): NonNullable<PageOptions["status"]> =>
  notice !== null && "problem" in notice ? problems[notice.problem.code].status : 200;
