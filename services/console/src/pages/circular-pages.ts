import { randomUUID } from "node:crypto";
import { RetryLater } from "@tamis/bus";
import type { Circular, CircularAsk, CircularOutlook } from "@tamis/contracts";
import { sendingState } from "@tamis/contracts";
import { tellIn } from "@tamis/kit";
import type { Hono } from "hono";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, type Env, senderOf, signedIn } from "../http/asked.ts";
import { readForm, SMALL_BODY, saidLength, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { problemOf } from "../http/problem-of.ts";
import { listsForPage } from "../lists/lists-of.ts";
import { granted } from "../refusal.ts";
import { remind } from "../remind.ts";
import { refuseForeign } from "../sign-in/visitor.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { circularPage, RECIPIENTS_ON_A_PAGE, type ReceiptCounts, type RecipientSources } from "./circular-page.ts";
import { circularsPage } from "./circulars-page.ts";
import { receiptsCsv, recipientsCsv } from "./csv-pages.ts";
import { datesPage } from "./dates-page.ts";
import { editFromForm, editPage } from "./edit-circular.ts";
import { knownPage } from "./known-page.ts";
import { leavingIn } from "./leaving-fields.ts";
import { createFromForm, newCircularPage } from "./new-circular.ts";
import type { Notice } from "./notices.ts";
import { previewPage } from "./preview-page.ts";
import { addSources, hasSource, sourcesIn } from "./sources.ts";
import { tellingIn } from "./tell.ts";

/** Circulars shown in the list: the newest. */
const MOST = 200;

/** The pages on which a sender writes circulars, looks at them, and decides on them. Each form posts, and is shown the page again. */
export function addCircularPages(app: Hono<Env>, context: ConsoleContext): void {
  app.use("/circulars/*", signedIn(context), async (c, next) => {
    if (!context.isSender(c.get("visitor").account)) throw new Problem("not-a-sender");
    await next();
  });
  app.get("/circulars", (c) => list(c, context));
  app.post("/circulars", (c) => createFromForm(c, context));
  app.get("/circulars/new", (c) => newCircularPage(c, context, {}));
  app.get("/circulars/:id/edit", (c) => editPage(c, context));
  app.post("/circulars/:id/edit", (c) => editFromForm(c, context));
  app.get("/circulars/:id", (c) => show(c, context, noticeOf(c, context)));
  app.get("/circulars/:id/preview", (c) => previewPage(c, context));
  app.get("/circulars/:id/receipts", (c) => knownPage(c, context));
  app.get("/circulars/:id/receipts.csv", (c) => receiptsCsv(c, context));
  app.get("/circulars/:id/recipients.csv", (c) => recipientsCsv(c, context, statesOf(c)));
  app.post("/circulars/:id/:op", (c) => change(c, context));
}

function about(c: Call) {
  return {
    id: (c.req.param("id") ?? "").slice(0, 20),
    accountId: c.get("visitor").account.id,
    language: c.get("asked").language,
  };
}

/** The states that are asked for; undefined: all. */
function statesOf(c: Call) {
  const asked = sendingState.safeParse(c.req.query("state"));
  return asked.success ? [asked.data] : undefined;
}

async function list(c: Call, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { accountId, language } = about(c);
  const { circulars } = granted(await behind.ask({ op: "list", accountId, limit: MOST, language }, "listed"));
  return circularsPage(c, circulars, tellingIn(language, timeZone));
}

/** What is known of those whom it reached; null where that is not followed, not shown, or cannot be said now. */
async function receiptsOf(c: Call, circular: Circular, context: ConsoleContext): Promise<ReceiptCounts | null> {
  if (!context.followsReceipts || !circular.tracked || circular.startedAt === null) return null;
  const { id: circularId, accountId, language } = about(c);
  const question = { op: "counts", as: "owner", accountId, language, circularId } as const;
  const answer = await context.behind.askReceipts(question).catch((error: unknown) => {
    if (error instanceof RetryLater) return null;
    throw error;
  });
  return answer?.kind === "counts" ? answer : null;
}

async function show(c: Call, context: ConsoleContext, notice: Notice | null): Promise<Response> {
  const { behind, timeZone } = context;
  const { id, accountId, language } = about(c);
  const { circular } = granted(await behind.ask({ op: "status", accountId, id, language }, "circular"));
  const states = statesOf(c);
  const after = /^\d{1,18}$/.exec(c.req.query("after") ?? "")?.[0];
  const question: CircularAsk = {
    op: "report",
    accountId,
    id,
    language,
    limit: RECIPIENTS_ON_A_PAGE,
    ...(after === undefined ? {} : { after }),
    ...(states === undefined ? {} : { states }),
  };
  const recipients = granted(await behind.ask(question, "reported"));
  return circularPage(c, {
    circular,
    recipients,
    receipts: await receiptsOf(c, circular, context),
    outlook: await outlookOf(c, circular, context),
    lists:
      circular.state === "draft" ? await listsForPage({ account: c.get("visitor").account, language }, context) : null,
    sources: circular.state === "draft" && circular.recipients > 0 ? await sourcesOf(c, context) : [],
    state: states?.[0] ?? null,
    isLater: after !== undefined,
    notice,
    tell: tellingIn(language, timeZone),
    timeZone,
  });
}

/** The page is there without them, too. */
async function sourcesOf(c: Call, { behind }: ConsoleContext): Promise<RecipientSources> {
  const answer = await behind.ask({ op: "sources", ...about(c) }, "sources");
  return answer.kind === "sources" ? answer.sources : [];
}

/** What would leave of one that has not begun, or what stands against it; null: that is no question. */
async function outlookOf(
  c: Call,
  { id, state, recipients, testOf }: Circular,
  { behind }: ConsoleContext,
): Promise<CircularOutlook | Problem | null> {
  if ((state !== "draft" && state !== "scheduled") || recipients === 0 || testOf !== null) return null;
  const { accountId, language } = about(c);
  try {
    return granted(await behind.ask({ op: "check", accountId, id, language }, "checked"));
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const DONE = [
  ...(["created", "revised", "test", "schedule", "schedule-moved", "pause", "resume", "cancel", "release"] as const),
  ...(["withdraw", "remove"] as const),
];

/** What was done before this page was loaded. */
function noticeOf(c: Call, { timeZone }: ConsoleContext): Notice | null {
  const done = DONE.find((one) => one === c.req.query("done"));
  if (done === undefined) return null;
  const number = (name: string): number => Number(/^\d{1,13}$/.exec(c.req.query(name) ?? "")?.[0] ?? "0");
  const time = tellingIn(c.get("asked").language, timeZone).stamp(number("until"));
  return { key: `done.${done}`, parameters: { left: number("left"), removed: number("removed"), time } };
}

/** Carries out a form; what stands against it is told on the page that it came from, where that is there. */
async function change(c: Call, context: ConsoleContext): Promise<Response> {
  const form = await formOf(c, context);
  refuseForeign({ ...senderOf(c), formToken: textIn(form, "token") }, c.get("visitor").session, context.url);
  try {
    const done = await carryOut(c, form, context);
    if (typeof done === "string") return c.redirect(done, 303);
    return done instanceof Response ? done : await show(c, context, done);
  } catch (error) {
    return show(c, context, { problem: problemOf(error, c, context), form });
  }
}

/** Only a list of recipients is long. */
async function formOf(c: Call, { room, maxBodyBytes }: ConsoleContext): Promise<FormData> {
  if (c.req.param("op") !== "recipients") return readForm(c.req.raw, SMALL_BODY);
  const said = saidLength(c.req.raw) || maxBodyBytes;
  return room.with(Math.min(said, maxBodyBytes), () => readForm(c.req.raw, maxBodyBytes));
}

/** Where the page is that is shown then; the notice, or the page itself, where it cannot be told so. */
async function carryOut(c: Call, form: FormData, context: ConsoleContext): Promise<string | Notice | Response> {
  const { behind } = context;
  const { id, accountId, language } = about(c);
  const one = { accountId, id, language };
  const op = c.req.param("op");
  const here = `/circulars/${id}`;
  switch (op) {
    case "recipients":
      return add(c, form, context);
    case "test": {
      const as = textIn(form, "as").trim();
      const to = textIn(form, "to").trim();
      granted(await behind.ask({ op, ...one, to, ...(as === "" ? {} : { address: as }) }, "circular"));
      return `${here}?done=${op}`;
    }
    case "dates":
      return datesPage(c, form, context);
    case "schedule": {
      const scheduled = granted(await behind.ask({ op, ...one, ...leavingIn(form) }, "scheduled"));
      return `${here}?done=${op}${scheduled.saidAt === undefined ? "" : "-moved"}&until=${scheduled.undoUntil}`;
    }
    case "withdraw":
    case "pause":
    case "resume":
    case "cancel": {
      const { left } = granted(await behind.ask({ op, ...one }, "circular"));
      return `${here}?done=${op}${left === undefined ? "" : `&left=${left}`}`;
    }
    case "remove": {
      const { removed } = granted(await behind.ask({ op, ...one, ...toRemove(form) }, "removed"));
      return `${here}?done=${op}&removed=${removed}`;
    }
    case "remind":
      return `/circulars/${await remindBy(c, form, context)}?done=created`;
    case "release":
      granted(await behind.ask({ op, ...one, recipient: textIn(form, "recipient") }, "done"));
      return `${here}?done=${op}`;
    default:
      throw new Problem("missing");
  }
}

async function add(c: Call, form: FormData, context: ConsoleContext): Promise<Notice> {
  const { id, language } = about(c);
  const sources = await sourcesIn(form, language);
  if (!hasSource(sources)) throw new Problem("bad-recipients", tellIn(language, pageTexts["no-source"]));
  return addSources({ id, account: c.get("visitor").account, language, ...sources }, context);
}

/** One of them, those of a source (those of none that is known, where it is blank), or all. */
function toRemove(form: FormData) {
  const recipient = textIn(form, "recipient");
  return {
    ...(recipient === "" ? {} : { recipients: [recipient] }),
    ...(form.has("source") ? { source: textIn(form, "source").slice(0, 300) || null } : {}),
  };
}

/** The number of the draft that reminds of a circular. */
async function remindBy(c: Call, form: FormData, { behind }: ConsoleContext): Promise<string> {
  const { id, language } = about(c);
  const key = textIn(form, "key").slice(0, 100) || randomUUID();
  const made = await remind({ account: c.get("visitor").account, language, id, key }, behind);
  if (made === null) throw new Problem("no-recipients", tellIn(language, pageTexts["remind-nobody"]));
  return made;
}
