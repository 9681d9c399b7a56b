import { tellIn } from "@tamis/kit";
import type { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, cookieName, type Env, senderOf, signedIn } from "../http/asked.ts";
import { readForm, SMALL_BODY, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { siteOf } from "../http/same-site.ts";
import { passDoor, refuseForeign } from "../sign-in/visitor.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { problems } from "../texts/problem-texts.ts";
import { page } from "./layout.ts";

/** Where people sign in with their mailbox password, and out. */
export function addSignInPages(app: Hono<Env>, context: ConsoleContext): void {
  app.get("/sign-in", (c) => form(c, { to: placeOf(c.req.query("to")), name: "", problem: null }));
  app.post("/sign-in", (c) => signIn(c, context));
  app.post("/sign-out", signedIn(context), (c) => signOut(c, context));
}

/** Only pages of ours: a link may lead nobody through our door to somewhere else. */
function placeOf(text: string | undefined): string {
  return text !== undefined && /^\/(?:circulars|receipts)(?:\/[\w-]+)*$/.test(text) ? text : "/";
}

interface SignInForm {
  readonly to: string;
  readonly name: string;
  readonly problem: Problem | null;
}

function form(c: Call, { to, name, problem }: SignInForm): Response | Promise<Response> {
  const { language } = c.get("asked");
  const tell = (key: keyof typeof pageTexts): string => tellIn(language, pageTexts[key]);
  const alert =
    problem === null ? "" : html`<p class="notice bad" role="alert">${tellIn(language, problems[problem.code])}</p>`;
  const body = html`${alert}
<p>${tell("sign-in-about")}</p>
<form method="post" action="/sign-in">
<input type="hidden" name="to" value="${to}">
<label for="name">${tell("name")}</label>
<input id="name" name="name" value="${name}" autocomplete="username" required autofocus>
<label for="password">${tell("password")}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<p><button type="submit">${tell("sign-in")}</button></p>
</form>`;
  return page(c, { title: tell("sign-in"), body, status: problem === null ? 200 : problems[problem.code].status });
}

async function signIn(c: Call, { door, sessions, url, sessionSeconds }: ConsoleContext): Promise<Response> {
  // Nobody is signed in by another site, into another's account: a browser says where it comes from.
  if (siteOf(senderOf(c), url) !== "ours") throw new Problem("cross-site");
  const fields = await readForm(c.req.raw, SMALL_BODY);
  const [name, password, to] = [textIn(fields, "name").trim(), textIn(fields, "password"), textIn(fields, "to")];
  try {
    if (name === "" || password === "") throw new Problem("sign-in-refused");
    const account = await passDoor({ name, password }, c.get("asked").peer.address, door);
    // Who signs in anew leaves nothing behind that could still be used.
    await sessions.end(getCookie(c, cookieName(url)) ?? "");
    const secure = url.startsWith("https:");
    setCookie(c, cookieName(url), await sessions.open(account.id), {
      httpOnly: true,
      secure,
      sameSite: "Lax",
      path: "/",
      maxAge: sessionSeconds,
    });
    return c.redirect(placeOf(to), 303);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return form(c, { to: placeOf(to), name, problem });
  }
}

async function signOut(c: Call, { sessions, url }: ConsoleContext): Promise<Response> {
  const fields = await readForm(c.req.raw, SMALL_BODY);
  const { session } = c.get("visitor");
  refuseForeign({ ...senderOf(c), formToken: textIn(fields, "token") }, session, url);
  const name = cookieName(url);
  if (session !== null && textIn(fields, "everywhere") !== "") await sessions.endAll(session.accountId);
  await sessions.end(getCookie(c, name) ?? "");
  deleteCookie(c, name, { path: "/", secure: url.startsWith("https:") });
  return c.redirect("/sign-in", 303);
}
