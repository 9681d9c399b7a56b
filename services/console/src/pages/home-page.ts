import { tellIn } from "@tamis/kit";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { page } from "./layout.ts";

/** Leads to the first page that is there for whoever is signed in, or says that there is none. */
export function homePage(c: Call): Response | Promise<Response> {
  const [first] = c.get("menu");
  if (first !== undefined) return c.redirect(`/${first}`, 303);
  const { language } = c.get("asked");
  const body = html`<p>${tellIn(language, pageTexts["home-none"])}</p>`;
  return page(c, { title: tellIn(language, pageTexts["home"]), body });
}
