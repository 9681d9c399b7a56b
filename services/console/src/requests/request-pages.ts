import { receiptPolicy, requestState } from "@tamis/contracts";
import type { Hono } from "hono";
import { askReceipts, asOwner } from "../ask-receipts.ts";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, type Env, senderOf, signedIn } from "../http/asked.ts";
import { readForm, SMALL_BODY, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import type { Notice } from "../pages/notices.ts";
import { tellingIn } from "../pages/tell.ts";
import { refuseForeign } from "../sign-in/visitor.ts";
import { noRequestsPage, requestsPage, type Shown } from "./requests-page.ts";

/** Requests of one page. */
const ON_A_PAGE = 50;

/** Receipts that others ask of whoever is signed in: what is asked, their answers, and what is done by itself. */
export function addRequestPages(app: Hono<Env>, context: ConsoleContext): void {
  app.use("/receipts/*", signedIn(context), async (_, next) => {
    if (!context.followsReceipts) throw new Problem("missing");
    await next();
  });
  app.get("/receipts", (c) => show(c, context, noticeOf(c)));
  app.post("/receipts/policy", (c) =>
    change(c, context, async (form) => {
      const chosen = receiptPolicy.safeParse(textIn(form, "policy"));
      const choose = chosen.success ? chosen.data : null;
      await askReceipts(context.behind, { op: "policy", ...ownerOf(c), choose }, "policy");
      return "policy";
    }),
  );
  app.post("/receipts/:request", (c) =>
    change(c, context, async (form) => {
      const answer = textIn(form, "answer");
      if (answer !== "send" && answer !== "refuse") throw new Problem("bad-request", "answer");
      const request = (c.req.param("request") ?? "").slice(0, 20);
      const { state } = await askReceipts(context.behind, { op: "answer", ...ownerOf(c), request, answer }, "answered");
      return state === "waiting" ? "send-later" : answer;
    }),
  );
}

const ownerOf = (c: Call) => asOwner({ account: c.get("visitor").account, language: c.get("asked").language });

const shown = requestState.extract(["asking", "waiting"]);

/** Those to decide on where nothing else is asked for; `all`: whatever became of them. */
function shownOf(c: Call): Shown {
  const asked = c.req.query("state");
  const parsed = shown.safeParse(asked);
  return asked === "all" ? "all" : parsed.success ? parsed.data : "asking";
}

async function show(c: Call, { behind, timeZone }: ConsoleContext, notice: Notice | null): Promise<Response> {
  const tell = tellingIn(c.get("asked").language, timeZone);
  // Their mail program answers: nothing is ever asked here.
  if (c.get("visitor").account.receipts === undefined) return noRequestsPage(c, tell);
  const state = shownOf(c);
  const after = /^\d{1,18}$/.exec(c.req.query("after") ?? "")?.[0];
  const paged = {
    limit: ON_A_PAGE,
    ...(after === undefined ? {} : { after }),
    ...(state === "all" ? {} : { states: [state] }),
  };
  const { requests, next } = await askReceipts(behind, { op: "requests", ...ownerOf(c), ...paged }, "requests");
  const policy = await askReceipts(behind, { op: "policy", ...ownerOf(c) }, "policy");
  return requestsPage(c, { requests, next, policy, state, notice, tell });
}

const DONE = ["send", "send-later", "refuse", "policy"] as const;

/** What was done before this page was loaded. */
function noticeOf(c: Call): Notice | null {
  const done = DONE.find((one) => one === c.req.query("done"));
  return done === undefined ? null : { key: `done.receipt-${done}` };
}

/** Carries out a form; what stands against it is told on the page that it came from. */
async function change(
  c: Call,
  context: ConsoleContext,
  work: (form: FormData) => Promise<(typeof DONE)[number]>,
): Promise<Response> {
  const form = await readForm(c.req.raw, SMALL_BODY);
  refuseForeign({ ...senderOf(c), formToken: textIn(form, "token") }, c.get("visitor").session, context.url);
  try {
    return c.redirect(`/receipts?done=${await work(form)}`, 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "settled") throw error;
    return show(c, context, { problem: error, form });
  }
}
