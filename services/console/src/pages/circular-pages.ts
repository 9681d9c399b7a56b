import { RetryLater } from "@tamis/bus";
import type { Circular, CircularAsk } from "@tamis/contracts";
import { sendingState } from "@tamis/contracts";
import type { Hono } from "hono";
import { recipientsIn } from "../circular-draft-of.ts";
import type { ConsoleContext } from "../console-context.ts";
import { csvOfRecipients } from "../csv-of-recipients.ts";
import { type Call, type Env, signedIn } from "../http/asked.ts";
import { filesIn, readForm, SMALL_BODY, saidLength, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { granted } from "../refusal.ts";
import { refuseForeign } from "../sign-in/visitor.ts";
import { circularPage, RECIPIENTS_ON_A_PAGE, type ReceiptCounts } from "./circular-page.ts";
import { circularsPage } from "./circulars-page.ts";
import { createFromForm, newCircularPage } from "./new-circular.ts";
import { addedNotice, type Notice } from "./notices.ts";
import { previewPage } from "./preview-page.ts";
import { whenIn } from "./schedule-form.ts";
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
  app.get("/circulars/:id", (c) => show(c, context, noticeOf(c)));
  app.get("/circulars/:id/preview", (c) => previewPage(c, context));
  app.get("/circulars/:id/recipients.csv", async (c) => {
    const { id, accountId, language } = about(c);
    granted(await context.behind.ask({ op: "status", accountId, id, language }, "circular"));
    const rows = csvOfRecipients(context.behind, { accountId, id, language, states: statesOf(c) });
    c.header("content-disposition", `attachment; filename="circular-${Number(id)}.csv"`);
    return c.body(ReadableStream.from(rows), 200, { "content-type": "text/csv; charset=utf-8" });
  });
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
  const receipts = await receiptsOf(c, circular, context);
  const tell = tellingIn(language, timeZone);
  return circularPage(c, { circular, recipients, receipts, state: states?.[0] ?? null, notice, tell, timeZone });
}

const DONE = ["created", "test", "schedule", "pause", "resume", "cancel", "release"] as const;

/** What was done before this page was loaded. */
function noticeOf(c: Call): Notice | null {
  const done = DONE.find((one) => one === c.req.query("done"));
  if (done === undefined) return null;
  const left = /^\d{1,9}$/.exec(c.req.query("left") ?? "")?.[0] ?? "0";
  return { key: `done.${done}`, parameters: { left } };
}

/** Carries out a form; what stands against it is told on the page that it came from. */
async function change(c: Call, context: ConsoleContext): Promise<Response> {
  const form = await formOf(c, context);
  const sender = { origin: c.req.header("origin"), fetchSite: c.req.header("sec-fetch-site") };
  refuseForeign({ ...sender, formToken: textIn(form, "token") }, c.get("visitor").session, context.url);
  try {
    const done = await carryOut(c, form, context);
    if (typeof done === "string") return c.redirect(`/circulars/${about(c).id}?${done}`, 303);
    return await show(c, context, done);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === "missing") throw error;
    return show(c, context, { problem: error, form });
  }
}

/** Only a list of recipients is long. */
async function formOf(c: Call, { room, maxBodyBytes }: ConsoleContext): Promise<FormData> {
  if (c.req.param("op") !== "recipients") return readForm(c.req.raw, SMALL_BODY);
  const said = saidLength(c.req.raw) || maxBodyBytes;
  return room.with(Math.min(said, maxBodyBytes), () => readForm(c.req.raw, maxBodyBytes));
}

/** The query of the page that is shown then, or the notice where it cannot be told so. */
async function carryOut(c: Call, form: FormData, { behind }: ConsoleContext): Promise<string | Notice> {
  const { id, accountId, language } = about(c);
  const one = { accountId, id, language };
  const op = c.req.param("op");
  switch (op) {
    case "recipients": {
      const [file] = filesIn(form, "csv");
      const recipients = recipientsIn(new Uint8Array((await file?.arrayBuffer()) ?? []), language);
      return addedNotice(granted(await behind.add({ ...one, recipients })));
    }
    case "test": {
      const as = textIn(form, "as").trim();
      const to = textIn(form, "to").trim();
      granted(await behind.ask({ op, ...one, to, ...(as === "" ? {} : { address: as }) }, "circular"));
      return `done=${op}`;
    }
    case "schedule":
      granted(await behind.ask({ op, ...one, when: whenIn(form) }, "scheduled"));
      return `done=${op}`;
    case "pause":
    case "resume":
    case "cancel": {
      const { left } = granted(await behind.ask({ op, ...one }, "circular"));
      return `done=${op}${left === undefined ? "" : `&left=${left}`}`;
    }
    case "release":
      granted(await behind.ask({ op, ...one, recipient: textIn(form, "recipient") }, "done"));
      return `done=${op}`;
    default:
      throw new Problem("missing");
  }
}
