import type { Hono } from "hono";
import { html } from "hono/html";
import type { ConsoleContext } from "../console-context.ts";
import type { Env } from "../http/asked.ts";
import { readForm, SMALL_BODY } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { page } from "../pages/layout.ts";
import { unsubscribeTexts as texts } from "./unsubscribe-texts.ts";

/** Longer than any token: what is longer is asked for as this much of it. */
const LONGEST = 200;
/** Asked of `outbox` at once: strangers may come by the thousand. */
const AT_ONCE = 50;

/**
 * `/u/TOKEN`, which stands in List-Unsubscribe. Programs that look at links, and HEAD, change nothing; a POST does, from the button or in one
 * click from a mail program (RFC 8058 §3.2), with neither a cookie nor an Origin. Every token has the same answer, after the same time.
 */
export function addUnsubscribe(app: Hono<Env>, { behind, moment }: ConsoleContext): void {
  let underWay = 0;
  app.get("/u/:token", (c) => {
    const { language } = c.get("asked");
    const form = html`<p>${texts.question[language]}</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<p><button type="submit">${texts.button[language]}</button></p>
</form>`;
    return page(c, { title: texts.title[language], body: form });
  });
  app.post("/u/:token", async (c) => {
    const { language } = c.get("asked");
    const form = await readForm(c.req.raw, SMALL_BODY);
    if (form.get("List-Unsubscribe") !== "One-Click") throw new Problem("bad-request", "List-Unsubscribe=One-Click");
    if (underWay >= AT_ONCE) throw new Problem("busy");
    underWay++;
    try {
      const token = c.req.param("token").slice(0, LONGEST);
      await Promise.all([behind.ask({ op: "unsubscribe", token }, "done"), moment()]);
    } finally {
      underWay--;
    }
    return page(c, { title: texts.done[language], body: html`<p>${texts.left[language]}</p>` });
  });
}
