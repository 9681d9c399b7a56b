import { tellIn } from "@tamis/kit";
import { html } from "hono/html";
import type { Call, Place } from "../http/asked.ts";
import { inLanguage } from "../http/choose-language.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { stylePath } from "./assets.ts";

/** A piece of HTML, all of whose values are escaped. */
export type Html = ReturnType<typeof html>;

export interface PageOptions {
  readonly title: string;
  readonly body: Html;
  readonly status?: 200 | 400 | 401 | 403 | 404 | 405 | 406 | 409 | 413 | 415 | 422 | 500 | 503;
}

/** A whole page in the language of whoever asks; who is signed in can sign out. */
export function page(c: Call, { title, body, status = 200 }: PageOptions): Response | Promise<Response> {
  const { language } = c.get("asked");
  const tell = (key: keyof typeof pageTexts): string => tellIn(language, pageTexts[key]);
  const text = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Tamis</title>
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<a class="skip" href="#main">${tell("skip")}</a>
<header><strong>Tamis</strong>${navigation(c, tell)}</header>
<main id="main">
<h1>${title}</h1>
${body}
</main>
<footer>${otherLanguage(c)}${signOutEverywhere(c, tell)}</footer>
</body>
</html>
`;
  c.header("content-language", language);
  c.header("vary", "accept-language, cookie");
  return c.html(text, status);
}

function navigation(c: Call, tell: (key: keyof typeof pageTexts) => string): Html | "" {
  const visitor = c.get("visitor");
  if (visitor?.session == null) return "";
  const link = (place: Place): Html =>
    html`<a href="/${place}"${c.req.path === `/${place}` ? html` aria-current="page"` : ""}>${tell(`menu.${place}`)}</a>`;
  return html`<nav aria-label="${tell("navigation")}">${c.get("menu").map(link)}</nav>
<span>${visitor.account.address}</span>
<form method="post" action="/sign-out">${tokenField(c)}
<button class="quiet" type="submit">${tell("sign-out")}</button></form>`;
}

function signOutEverywhere(c: Call, tell: (key: keyof typeof pageTexts) => string): Html | "" {
  if (c.get("visitor")?.session == null) return "";
  return html`<form method="post" action="/sign-out">${tokenField(c)}
<button class="quiet" type="submit" name="everywhere" value="1">${tell("sign-out-everywhere")}</button></form>`;
}

/** A link to the same page in the other language, by its own name. */
function otherLanguage(c: Call): Html | "" {
  const other = c.get("asked").language === "fr" ? "en" : "fr";
  const href = inLanguage(c, other);
  return href === null ? "" : html`<a href="${href}" lang="${other}" hreflang="${other}">${NAMES[other]}</a>`;
}

const NAMES = { en: "English", fr: "Français" } as const;

/** What tells a form of ours from others'. */
export function tokenField(c: Call): Html {
  return html`<input type="hidden" name="token" value="${c.get("visitor")?.session?.formToken ?? ""}">`;
}
