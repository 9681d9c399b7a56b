import { randomUUID } from "node:crypto";
import type { Account, Language } from "@tamis/kit";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { routePath } from "hono/route";
import type { ConsoleContext } from "../console-context.ts";
import { type Visitor, visitorOf } from "../sign-in/visitor.ts";
import { chosenLanguage } from "./choose-language.ts";
import { languageOf } from "./language.ts";
import { type Peer, peerOf } from "./peer.ts";
import { Problem } from "./problem.ts";
import type { Sender } from "./same-site.ts";
import { securityHeaders } from "./security-headers.ts";

/** Pages that one may begin with. */
export type Place = "circulars" | "receipts";

/** A request, as the router hands it on. */
export interface Env {
  /** Of the socket. */
  Bindings: { readonly address: string; readonly encrypted: boolean };
  Variables: {
    /** What is known of every request. */
    asked: Asked;
    /** Set by {@link signedIn}. */
    visitor: Visitor;
    /** Set by {@link signedIn}: the pages that are there for them. */
    menu: readonly Place[];
  };
}

/** What is known of every request. */
export interface Asked {
  readonly requestId: string;
  readonly language: Language;
  /** By the person, or by the browser: what is configured does not count then. */
  readonly isLanguageSaid: boolean;
  readonly peer: Peer;
}

export type Call = Context<Env>;

/** What browsers say of the page that a request came from. */
export const senderOf = (c: Call): Sender => ({
  origin: c.req.header("origin"),
  fetchSite: c.req.header("sec-fetch-site"),
});

/** Names the cookie: `__Host-` binds it to this very host, and is for https:// only (RFC 6265bis §4.1.3). */
export const cookieName = (url: string): string => (url.startsWith("https:") ? "__Host-tamis" : "tamis");

/** First of all: whose request it is, in which language, and the header fields of every answer. */
export function arriving(context: ConsoleContext): MiddlewareHandler<Env> {
  const { url, isTrusted, language, onAnswered, clock } = context;
  return async (c, next) => {
    const began = clock();
    const said = languageSaid(c, url);
    const asked: Asked = {
      requestId: randomUUID(),
      language: said ?? language,
      isLanguageSaid: said !== null,
      peer: peerOf(
        {
          ...c.env,
          forwardedFor: c.req.header("x-forwarded-for"),
          forwardedProto: c.req.header("x-forwarded-proto"),
        },
        isTrusted,
      ),
    };
    c.set("asked", asked);
    await next();
    const https = url.startsWith("https:");
    const postsForms = !/^\/(?:u|f|api)\//.test(c.req.path);
    for (const [name, value] of Object.entries(securityHeaders({ https, postsForms }))) c.res.headers.set(name, value);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
    c.res.headers.set("x-request-id", asked.requestId);
    const accountId = c.get("visitor")?.account.id;
    onAnswered({
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      seconds: (clock() - began) / 1000,
      requestId: asked.requestId,
      ...(accountId === undefined ? {} : { accountId }),
    });
  };
}

/** Programs say it in each request; what a person chose on a page is stronger than what a browser says by itself. */
function languageSaid(c: Call, url: string): Language | null {
  const chosen = c.req.path.startsWith("/api/") ? null : chosenLanguage(c, url);
  return chosen ?? languageOf(c.req.header("accept-language"), null);
}

/** Nothing goes on in the clear that is to be encrypted. */
export function encryptedOnly({ url }: ConsoleContext): MiddlewareHandler<Env> {
  const needsTls = url.startsWith("https:");
  return async (c, next) => {
    if (needsTls && !c.get("asked").peer.encrypted) throw new Problem("not-encrypted");
    await next();
  };
}

/** Where somebody may go; what is not there would only tell them so. */
export function menuFor(
  account: Account,
  { isSender, followsReceipts }: Pick<ConsoleContext, "isSender" | "followsReceipts">,
): readonly Place[] {
  const answers = followsReceipts && account.receipts !== undefined;
  return [...(isSender(account) ? ["circulars" as const] : []), ...(answers ? ["receipts" as const] : [])];
}

/** Nothing goes on without somebody who is signed in. */
export function signedIn(context: ConsoleContext): MiddlewareHandler<Env> {
  const name = cookieName(context.url);
  return async (c, next) => {
    const visitor = await visitorOf(
      {
        authorization: c.req.header("authorization"),
        cookie: getCookie(c, name),
        peer: c.get("asked").peer.address,
      },
      context,
    );
    if (visitor === null) throw new Problem("not-signed-in");
    c.set("visitor", visitor);
    c.set("menu", menuFor(visitor.account, context));
    const asked = c.get("asked");
    const { language } = visitor.account;
    if (!asked.isLanguageSaid && language !== undefined) c.set("asked", { ...asked, language });
    await next();
  };
}
