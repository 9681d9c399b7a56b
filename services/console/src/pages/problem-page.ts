import { tellIn } from "@tamis/kit";
import { html } from "hono/html";
import type { Call } from "../http/asked.ts";
import { type Problem, problemHeaders } from "../http/problem.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { problems } from "../texts/problem-texts.ts";
import { page } from "./layout.ts";

/** A problem, for people; whoever has to sign in first is taken there, and back. */
export function problemPage(c: Call, problem: Problem): Response | Promise<Response> {
  const { language, requestId } = c.get("asked");
  if (problem.code === "not-signed-in") {
    const back = c.req.method === "GET" ? `?to=${encodeURIComponent(c.req.path)}` : "";
    return c.redirect(`/sign-in${back}`, 303);
  }
  const retryAfter = problemHeaders(problem)["retry-after"];
  if (retryAfter !== undefined) c.header("retry-after", retryAfter);
  const body = html`<p class="notice bad" role="alert">${tellIn(language, problems[problem.code])}</p>
${problem.detail === null ? "" : html`<p>${problem.detail}</p>`}
<p class="hint">${tellIn(language, pageTexts["request"], { id: requestId })}</p>
<p><a href="/">${tellIn(language, pageTexts["home"])}</a></p>`;
  return page(c, { title: tellIn(language, pageTexts["problem"]), body, status: problems[problem.code].status });
}
