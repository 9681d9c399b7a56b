import { Hono } from "hono";
import { addApi } from "./api/add-api.ts";
import type { ConsoleContext } from "./console-context.ts";
import { addFiles } from "./files/file-pages.ts";
import { arriving, type Call, type Env, encryptedOnly, signedIn } from "./http/asked.ts";
import { choosingLanguage } from "./http/choose-language.ts";
import { Problem, problemResponse } from "./http/problem.ts";
import { problemOf } from "./http/problem-of.ts";
import { addAssets } from "./pages/assets.ts";
import { addCircularPages } from "./pages/circular-pages.ts";
import { homePage } from "./pages/home-page.ts";
import { isWritten, signedOutPage } from "./pages/new-circular.ts";
import { problemPage } from "./pages/problem-page.ts";
import { addSignInPages } from "./pages/sign-in-pages.ts";
import { addRequestPages } from "./requests/request-pages.ts";
import { addUnsubscribe } from "./unsubscribe/unsubscribe-pages.ts";

/** Everything that is answered over HTTP. Pages that are to come add themselves here. */
export function openApp(context: ConsoleContext): Hono<Env> {
  const app = new Hono<Env>();
  app.use(arriving(context));
  app.use(encryptedOnly(context));
  app.use(choosingLanguage(context));
  addAssets(app);
  addUnsubscribe(app, context);
  addFiles(app, context);
  addApi(app, context);
  addSignInPages(app, context);
  addCircularPages(app, context);
  addRequestPages(app, context);
  app.get("/", signedIn(context), (c) => homePage(c));
  const fail = (c: Call, problem: Problem) =>
    isApi(c) ? apiProblem(c, problem, context) : pageOf(c, problem, context);
  app.notFound((c) => fail(c, new Problem("missing")));
  app.onError((error, c) => fail(c, problemOf(error, c, context)));
  return app;
}

/** What somebody wrote for an hour is not lost because their session ended meanwhile. */
const pageOf = (c: Call, problem: Problem, context: ConsoleContext): Response | Promise<Response> =>
  problem.code === "not-signed-in" && isWritten(c, context) ? signedOutPage(c, context) : problemPage(c, problem);

const isApi = (c: Call): boolean => c.req.path.startsWith("/api/");

function apiProblem(c: Call, problem: Problem, { url }: ConsoleContext): Response {
  const { language, requestId } = c.get("asked");
  return problemResponse(problem, { language, requestId, url });
}
