import { RetryLater } from "@tamis/bus";
import { Hono } from "hono";
import { addApi } from "./api/add-api.ts";
import type { ConsoleContext } from "./console-context.ts";
import { addFiles } from "./files/file-pages.ts";
import { arriving, type Call, type Env, encryptedOnly } from "./http/asked.ts";
import { Problem, problemResponse } from "./http/problem.ts";
import { addAssets } from "./pages/assets.ts";
import { addCircularPages } from "./pages/circular-pages.ts";
import { problemPage } from "./pages/problem-page.ts";
import { addSignInPages } from "./pages/sign-in-pages.ts";
import { addUnsubscribe } from "./unsubscribe/unsubscribe-pages.ts";

/** Everything that is answered over HTTP. Pages that are to come add themselves here. */
export function openApp(context: ConsoleContext): Hono<Env> {
  const app = new Hono<Env>();
  app.use(arriving(context));
  app.use(encryptedOnly(context));
  addAssets(app);
  addUnsubscribe(app, context);
  addFiles(app, context);
  addApi(app, context);
  addSignInPages(app, context);
  addCircularPages(app, context);
  app.get("/", (c) => c.redirect("/circulars", 303));
  const fail = (c: Call, problem: Problem) => (isApi(c) ? apiProblem(c, problem, context) : problemPage(c, problem));
  app.notFound((c) => fail(c, new Problem("missing")));
  app.onError((error, c) => fail(c, problemOf(error, c, context)));
  return app;
}

const isApi = (c: Call): boolean => c.req.path.startsWith("/api/");

function apiProblem(c: Call, problem: Problem, { url }: ConsoleContext): Response {
  const { language, requestId } = c.get("asked");
  return problemResponse(problem, { language, requestId, url });
}

function problemOf(error: Error, c: Call, { onBug }: ConsoleContext): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RetryLater && error.code !== "failed") return new Problem("unavailable");
  onBug(error, c.get("asked").requestId);
  return new Problem("failed");
}
