import type { Language } from "@tamis/kit";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { ConsoleContext } from "../console-context.ts";
import type { Call, Env } from "./asked.ts";
import { isLanguage } from "./language.ts";

/** A year, s. */
const REMEMBERED_S = 31_536_000;
const PARAMETER = "language";

/** Names the cookie; see `cookieName`. It holds `en` or `fr`, and nothing of whoever chose. */
const nameOf = (url: string): string => (url.startsWith("https:") ? "__Host-tamis-language" : "tamis-language");

/** What the person chose on a page before, in this browser; null: nothing. */
export function chosenLanguage(c: Call, url: string): Language | null {
  const chosen = getCookie(c, nameOf(url));
  return isLanguage(chosen) ? chosen : null;
}

/** `?language=fr` on any page: remembered, and the page is shown in it. Whoever leads somebody to such a link changes their words, and nothing else. */
export function choosingLanguage({ url }: Pick<ConsoleContext, "url">): MiddlewareHandler<Env> {
  return async (c, next) => {
    const chosen = c.req.query(PARAMETER);
    if (c.req.method !== "GET" || c.req.path.startsWith("/api/") || !isLanguage(chosen)) return next();
    const { pathname, searchParams } = new URL(c.req.url);
    searchParams.delete(PARAMETER);
    const secure = url.startsWith("https:");
    setCookie(c, nameOf(url), chosen, { httpOnly: true, secure, sameSite: "Lax", path: "/", maxAge: REMEMBERED_S });
    const query = searchParams.size === 0 ? "" : `?${searchParams}`;
    // The whole address: a path that begins with two slashes would be that of another host.
    return c.redirect(`${url}${pathname}${query}`, 303);
  };
}

/** Where the page that is shown is to be had in another language, relative to it; null where loading it again is not the same. */
export function inLanguage(c: Call, language: Language): string | null {
  if (c.req.method !== "GET") return null;
  const { searchParams } = new URL(c.req.url);
  searchParams.set(PARAMETER, language);
  return `?${searchParams}`;
}
