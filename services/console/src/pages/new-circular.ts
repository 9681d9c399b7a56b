import { randomUUID } from "node:crypto";
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
import { noticeHtml, problemHtml } from "./notices.ts";
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
<label for="csv">${tell("csv")}</label><p class="hint" id="csv-hint">${tell("csv-hint")}</p>
<input id="csv" name="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint" required>`;
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
  };
  const draft = await draftOf(wish, filesIn(form, "attachments"), account);
  const { id } = granted(await behind.create({ account, key, draft, language }));
  const added = granted(await behind.add({ accountId: account.id, id, recipients, language }));
  if (added.faults.length === 0 && added.suppressed === 0) return c.redirect(`/circulars/${id}?done=created`, 303);
  const tell = tellingIn(language, timeZone);
  const body = html`${noticeHtml({ added }, tell)}<p><a class="button" href="/circulars/${id}">${tell("to-circular")}</a></p>`;
  return page(c, { title: wish.subject, body });
}
