import { randomUUID } from "node:crypto";
import { RetryLater } from "@tamis/bus";
import { type CircularReceipts, circularReceipts } from "@tamis/contracts";
import { html } from "hono/html";
import { draftOf, mailboxIn, recipientsIn } from "../circular-draft-of.ts";
import type { ConsoleContext } from "../console-context.ts";
import type { Call } from "../http/asked.ts";
import { filesIn, readForm, saidLength, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { granted } from "../refusal.ts";
import { refuseForeign } from "../sign-in/visitor.ts";
import { problems } from "../texts/problem-texts.ts";
import { type Html, page, tokenField } from "./layout.ts";
import { addedNotice, type Notice, noticeHtml, problemHtml } from "./notices.ts";
import { type Tell, tellingIn } from "./tell.ts";

/** What was written before, and what stands against it. */
interface Before {
  readonly form?: FormData;
  readonly problem?: Problem;
}

/** The form in which a circular is written. */
export function newCircularPage(c: Call, { timeZone }: ConsoleContext, before: Before): Response | Promise<Response> {
  const tell = tellingIn(c.get("asked").language, timeZone);
  const { form = new FormData(), problem } = before;
  const value = (name: string): string => textIn(form, name);
  // The same form sent twice is one circular.
  const key = value("key") || `page/${randomUUID()}`;
  const body = html`${problem === undefined ? "" : problemHtml(problem, tell)}
<p>${tell("new-about")}</p>
<form method="post" action="/circulars" enctype="multipart/form-data">${tokenField(c)}
<input type="hidden" name="key" value="${key}">
${texts(value, tell)}
${files(tell)}
<p><input id="tracked" name="tracked" type="checkbox" value="1" ${before.form !== undefined && value("tracked") === "" ? "" : "checked"}>
<label class="choice" for="tracked">${tell("tracked")}</label></p>
${receipts(value("receipts"), tell)}
<p><button type="submit">${tell("create")}</button></p>
</form>`;
  return page(c, { title: tell("new"), body, status: problem === undefined ? 200 : problems[problem.code].status });
}

function texts(value: (name: string) => string, tell: Tell): Html {
  return html`<label for="subject">${tell("subject")}</label>
<input id="subject" name="subject" value="${value("subject")}" maxlength="2000" required>
<label for="markdown">${tell("markdown")}</label><p class="hint" id="fields">${tell("fields")}</p>
<textarea id="markdown" name="markdown" aria-describedby="fields" required>
${value("markdown")}</textarea>
<label for="from">${tell("from")}</label><p class="hint" id="from-hint">${tell("from-hint")}</p>
<input id="from" name="from" value="${value("from")}" maxlength="620" aria-describedby="from-hint">
<label for="reply-to">${tell("reply-to")}</label>
<input id="reply-to" name="reply-to" value="${value("reply-to")}" maxlength="620">
<label for="list-id">${tell("list-id")}</label><p class="hint" id="list-id-hint">${tell("list-id-hint")}</p>
<input id="list-id" name="list-id" value="${value("list-id")}" maxlength="255" aria-describedby="list-id-hint">`;
}

function files(tell: Tell): Html {
  return html`<label for="attachments">${tell("attachments")}</label>
<input id="attachments" name="attachments" type="file" multiple>
<label for="secrets">${tell("secrets")}</label><p class="hint" id="secrets-hint">${tell("secrets-hint")}</p>
<input id="secrets" name="secrets" type="file" multiple aria-describedby="secrets-hint">
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint" required>`;
}

function receipts(chosen: string, tell: Tell): Html {
  return html`<label for="receipts">${tell("receipts")}</label>
<select id="receipts" name="receipts">${circularReceipts.options.map(
    (one) => html`<option value="${one}" ${one === chosen ? "selected" : ""}>${tell(`receipts.${one}`)}</option>`,
  )}</select>`;
}

/** What is to be known of recipients; the usual where nothing else was chosen. */
function receiptsIn(form: FormData): CircularReceipts | undefined {
  const chosen = circularReceipts.safeParse(textIn(form, "receipts"));
  return chosen.success && chosen.data !== "delivery" ? chosen.data : undefined;
}

/** Makes the circular of a form, with its recipients; what stands against it is told in the form, as it was written. */
export async function createFromForm(c: Call, context: ConsoleContext): Promise<Response> {
  const { room, maxBodyBytes, url } = context;
  const octets = Math.min(saidLength(c.req.raw) || maxBodyBytes, maxBodyBytes);
  return room.with(octets, async () => {
    const form = await readForm(c.req.raw, maxBodyBytes);
    const sender = { origin: c.req.header("origin"), fetchSite: c.req.header("sec-fetch-site") };
    refuseForeign({ ...sender, formToken: textIn(form, "token") }, c.get("visitor").session, url);
    try {
      return await create(c, form, context);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // It was written anew after another was made of this form: it is a circular of its own.
      if (problem.code === "key-reused") form.delete("key");
      return newCircularPage(c, context, { form, problem });
    }
  });
}

async function create(c: Call, form: FormData, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { language } = c.get("asked");
  const { account } = c.get("visitor");
  const key = textIn(form, "key").slice(0, 100) || randomUUID();
  const [list] = filesIn(form, "csv");
  const recipients = recipientsIn(new Uint8Array((await list?.arrayBuffer()) ?? []), language);
  const wish = {
    subject: textIn(form, "subject"),
    markdown: textIn(form, "markdown"),
    from: mailboxIn(textIn(form, "from")),
    replyTo: mailboxIn(textIn(form, "reply-to")),
    listId: textIn(form, "list-id").trim() || undefined,
    tracked: textIn(form, "tracked") !== "",
    receipts: receiptsIn(form),
  };
  const enclosed = { files: filesIn(form, "attachments"), secrets: filesIn(form, "secrets") };
  const draft = await draftOf(wish, enclosed, account);
  const created = granted(await behind.create({ account, key, draft, language }));
  const { id, secrets } = created;
  const add = async (): Promise<Notice> =>
    addedNotice(granted(await behind.add({ accountId: account.id, id, recipients, language })));
  // A password is said once: whatever stands against the recipients then, it is shown.
  const notice = await (created.password === undefined
    ? add()
    : add().catch((error) => ({ problem: toTell(error), form })));
  if (isPlain(notice) && secrets === 0) return c.redirect(`/circulars/${id}?done=created`, 303);
  const tell = tellingIn(language, timeZone);
  const body = html`${secretsHtml(created, tell)}${noticeHtml(notice, tell)}
<p><a class="button" href="/circulars/${id}">${tell("to-circular")}</a></p>`;
  return page(c, { title: wish.subject, body });
}

/** Everybody was added, and will be written to. */
const isPlain = (notice: Notice): boolean =>
  "added" in notice && notice.added.faults.length === 0 && notice.added.suppressed === 0;

/** What is no problem of the form's is told as one that passes. */
function toTell(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RetryLater) return new Problem("unavailable");
  throw error;
}

function secretsHtml(
  { secrets, password }: { readonly secrets: number; readonly password?: string | undefined },
  tell: Tell,
) {
  if (secrets === 0) return "";
  if (password === undefined) return html`<p class="notice">${tell("no-password", { count: secrets })}</p>`;
  return html`<div class="notice" role="status"><p>${tell("password-once")}</p><p><code>${password}</code></p></div>`;
}
