import { tellIn } from "@tamis/kit";
import type { Hono } from "hono";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, type Env, senderOf, signedIn } from "../http/asked.ts";
import { saidLength } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { refuseForeign } from "../sign-in/visitor.ts";
import { type ProblemCode, problems } from "../texts/problem-texts.ts";
import { preferredType } from "./accept.ts";
import { circularRoutes } from "./circular-routes.ts";
import { editRoutes } from "./edit-routes.ts";
import { listRoutes } from "./list-routes.ts";
import { openApi } from "./open-api.ts";
import { receiptRoutes } from "./receipt-routes.ts";
import { requestRoutes } from "./request-routes.ts";
import type { ApiReply, Route } from "./route.ts";
import { suppressionRoutes } from "./suppression-routes.ts";

/** Every operation of the API. */
export const routes: readonly Route[] = [
  ...circularRoutes,
  ...editRoutes,
  ...listRoutes,
  ...suppressionRoutes,
  ...receiptRoutes,
  ...requestRoutes,
];

/** Where the API begins. */
export const API = "/api/v1";

/** The API for programs: JSON in, JSON out, problems as RFC 9457 has them. */
export function addApi(app: Hono<Env>, context: ConsoleContext): void {
  const document = openApi(routes, `${context.url}${API}`);
  app.get(`${API}/openapi.json`, (c) => c.json(document));
  app.get(`${API}/problems/:code`, (c) => describeProblem(c));
  for (const one of routes)
    app.on(one.method.toUpperCase(), `${API}${one.path.replace(/\{(\w+)\}/g, ":$1")}`, signedIn(context), (c) =>
      answer(c, one, context),
    );
}

/** What the `type` of a problem leads to. */
function describeProblem(c: Call): Response {
  const code = c.req.param("code") ?? "";
  if (!isProblemCode(code)) throw new Problem("missing");
  const { language } = c.get("asked");
  return c.json({ code, status: problems[code].status, title: tellIn(language, problems[code]) });
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

async function answer(c: Call, one: Route, context: ConsoleContext): Promise<Response> {
  const { account, session } = c.get("visitor");
  if (one.method !== "get") {
    refuseForeign({ ...senderOf(c), formToken: c.req.header("x-form-token") }, session, context.url);
  }
  if (one.who === "operators" && !context.isOperator(account)) throw new Problem("not-an-operator");
  if (one.who === undefined && !context.isSender(account)) throw new Problem("not-a-sender");
  const run = (): Promise<ApiReply> =>
    one.run({
      behind: context.behind,
      listsOf: context.listsOf,
      account,
      language: c.get("asked").language,
      params: c.req.param(),
      idempotencyKey: one.idempotent === true ? idempotencyKeyOf(c) : undefined,
      preferred: (types) => preferredType(c.req.header("accept"), types),
      request: c.req.raw,
      most: context.maxBodyBytes,
    });
  if (one.body === undefined) return replied(await run(), one);
  const octets = Math.min(saidLength(c.req.raw) || context.maxBodyBytes, context.maxBodyBytes);
  return replied(await context.room.with(octets, run), one);
}

/** draft-ietf-httpapi-idempotency-key-header; a key that cannot be one is better refused than not heeded. */
function idempotencyKeyOf(c: Call): string | undefined {
  const key = c.req.header("idempotency-key");
  if (key !== undefined && (key === "" || key.length > 500)) throw new Problem("bad-request", "Idempotency-Key");
  return key;
}

function replied(reply: ApiReply, one: Pick<Route, "status">): Response {
  const status = one.status ?? 200;
  if ("json" in reply) {
    const { location } = reply;
    return Response.json(reply.json, { status, headers: location === undefined ? {} : { location } });
  }
  const { text, type } = reply;
  const body = text instanceof Uint8Array ? text : ReadableStream.from(text);
  return new Response(body, { status, headers: { "content-type": type } });
}
