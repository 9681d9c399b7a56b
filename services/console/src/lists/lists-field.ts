import { html } from "hono/html";
import type { Html } from "../pages/layout.ts";
import type { Tell } from "../pages/tell.ts";
import type { NamedLists } from "./lists-of.ts";

/** More than these are offered as one is typed. */
const MOST_BOXES = 40;
const MOST_NAMES = 1000;

/** The field of a form in which lists are chosen; nothing where there are none to choose from. */
export function listsField(lists: NamedLists | null, chosen: readonly string[], tell: Tell): Html | "" {
  if (lists === null) return html`<p class="notice bad">${tell("lists-away")}</p>`;
  const { lists: all, isAll } = lists;
  if (all.length === 0) return "";
  if (all.length > MOST_BOXES || !isAll) return typed(all.slice(0, MOST_NAMES), chosen[0] ?? "", tell);
  return html`<fieldset class="choices"><legend>${tell("lists")}</legend>
${all.map(
  (
    { name, about },
    index,
  ) => html`<p><input type="checkbox" name="list" id="list-${index}" value="${name}" ${chosen.includes(name) ? "checked" : ""}>
<label class="choice" for="list-${index}">${about === null ? name : `${about} (${name})`}</label></p>`,
)}</fieldset>`;
}

const typed = (all: NamedLists["lists"], chosen: string, tell: Tell): Html =>
  html`<label for="list">${tell("list")}</label><p class="hint" id="list-hint">${tell("list-hint")}</p>
<input id="list" name="list" value="${chosen}" list="lists" maxlength="300" autocomplete="off" aria-describedby="list-hint">
<datalist id="lists">${all.map(({ name, about }) => html`<option value="${name}">${about ?? ""}</option>`)}</datalist>`;

/** The lists that a form names. */
export function listsIn(form: FormData): readonly string[] {
  const named = form.getAll("list").flatMap((value) => (typeof value === "string" ? [value.trim()] : []));
  return [...new Set(named.filter((name) => name !== ""))].slice(0, 50);
}
