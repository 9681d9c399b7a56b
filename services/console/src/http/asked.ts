import { randomUUID } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { routePath } from "hono/route";
import type { ConsoleContext } from "../console-context.ts";
import { type Visitor, visitorOf } from "../sign-in/visitor.ts";
import { type Language, languageOf } from "./language.ts";
import { type Peer, peerOf } from "./peer.ts";
import { Problem } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";

/** A request, as the router hands it on. */
export interface Env {
  /** Of the socket. */
  Bindings: { readonly address: string; readonly encrypted: boolean };
  Variables: {
    /** What is known of every request. */
    asked: Asked;
    /** Set by {@link signedIn}. */
    visitor: Visitor;
  };
}

/** What is known of every request. */
export interface Asked {
  readonly requestId: string;
  readonly language: Language;
  readonly peer: Peer;
}

export type Call = Context<Env>;

/** Names the cookie: `__Host-` binds it to this very host, and is for https:// only (RFC 6265bis §4.1.3). */
export const cookieName = (url: string): string => (url.startsWith("https:") ? "__Host-tamis" : "tamis");

/** First of all: whose request it is, in which language, and the header fields of every answer. */
export function arriving(context: ConsoleContext): MiddlewareHandler<Env> {
  const { url, isTrusted, language, onAnswered, clock } = context;
  return async (c, next) => {
    const began = clock();
    const asked: Asked = {
      requestId: randomUUID(),
      language: languageOf(c.req.header("accept-language"), language),
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

/** Nothing goes on in the clear that is to be encrypted. */
export function encryptedOnly({ url }: ConsoleContext): MiddlewareHandler<Env> {
  const needsTls = url.startsWith("https:");
  return async (c, next) => {
    if (needsTls && !c.get("asked").peer.encrypted) throw new Problem("not-encrypted");
    await next();
  };
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
    await next();
  };
}
