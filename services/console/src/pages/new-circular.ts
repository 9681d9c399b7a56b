import { randomUUID } from "node:crypto";
import { tellIn } from "@tamis/kit";
import { html } from "hono/html";
import { draftOf } from "../circular-draft-of.ts";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, senderOf } from "../http/asked.ts";
import { filesIn, readForm, readFormStart, SMALL_BODY, saidLength, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { problemOf } from "../http/problem-of.ts";
import { siteOf } from "../http/same-site.ts";
import { listsIn } from "../lists/lists-field.ts";
import { listsForPage } from "../lists/lists-of.ts";
import { granted } from "../refusal.ts";
import { isFormToken } from "../sign-in/sessions.ts";
import { pageTexts } from "../texts/page-texts.ts";
import { problems } from "../texts/problem-texts.ts";
import { circularForm } from "./circular-form.ts";
import { page } from "./layout.ts";
import { isWhole, type Notice, noticeHtml, problemHtml } from "./notices.ts";
import { secretsHtml } from "./secrets-notice.ts";
import { addSources, sourcesIn } from "./sources.ts";
import { tellingIn } from "./tell.ts";
import { wishIn } from "./written-form.ts";

/** What was written before, and what stands against it. */
interface Before {
  readonly form?: FormData;
  readonly problem?: Problem;
}

/** The form in which a circular is written. */
export async function newCircularPage(c: Call, context: ConsoleContext, before: Before): Promise<Response> {
  const { language } = c.get("asked");
  const tell = tellingIn(language, context.timeZone);
  const lists = await listsForPage({ account: c.get("visitor").account, language }, context);
  const { problem } = before;
  // Whoever goes back to it, after whatever happened, finds what was typed: with `no-store`, browsers forget it.
  if (problem === undefined) c.header("cache-control", "private, no-cache");
  const body = html`${problem === undefined ? "" : problemHtml(problem, tell)}
<p>${tell("new-about")}</p>
${circularForm(c, { lists, tell, form: before.form, maxBytes: context.maxBodyBytes, editing: null })}`;
  return page(c, { title: tell("new"), body, status: problem === undefined ? 200 : problems[problem.code].status });
}

/** Where what somebody wrote is sent: a new circular, or one that is written anew. */
const WRITTEN = /^\/circulars(?:\/(\d{1,10})\/edit)?$/;

/** Whether a page of ours sends the form in which a circular is written. */
export const isWritten = (c: Call, { url }: Pick<ConsoleContext, "url">): boolean =>
  c.req.method === "POST" && WRITTEN.test(c.req.path) && siteOf(senderOf(c), url) === "ours";

/** The form as it was written, for somebody who is not signed in any more: they sign in beside it, and send it again. */
export async function signedOutPage(c: Call, { timeZone, maxBodyBytes: maxBytes }: ConsoleContext): Promise<Response> {
  const tell = tellingIn(c.get("asked").language, timeZone);
  const form = await readFormStart(c.req.raw, SMALL_BODY);
  const editing = WRITTEN.exec(c.req.path)?.[1] ?? null;
  // Which others there are is told to those who are signed in.
  const lists = { lists: listsIn(form).map((name) => ({ name, about: null })), isAll: true };
  const body = html`<div class="notice bad" role="alert"><p>${tell("signed-out")}</p>
<p><a href="/sign-in" target="_blank" rel="noopener">${tell("sign-in-beside")}</a></p></div>
${circularForm(c, { lists, tell, form, maxBytes, editing })}`;
  return page(c, { title: tell(editing === null ? "new" : "edit"), body, status: 401 });
}

/** Makes the circular of a form, with its recipients; what stands against it is told in the form, as it was written. */
export async function createFromForm(c: Call, context: ConsoleContext): Promise<Response> {
  const { room, maxBodyBytes, url } = context;
  if (siteOf(senderOf(c), url) !== "ours") throw new Problem("cross-site");
  const said = saidLength(c.req.raw);
  if (said > maxBodyBytes)
    return newCircularPage(c, context, {
      form: await readFormStart(c.req.raw, SMALL_BODY),
      problem: new Problem("too-long", tooLong(c, context)),
    });
  return room.with(said || maxBodyBytes, async () => {
    const form = await readForm(c.req.raw, maxBodyBytes);
    try {
      refuseOld(c, form);
      return await create(c, form, context);
    } catch (error) {
      const problem = problemOf(error, c, context);
      // It was written anew after another was made of this form: it is a circular of its own.
      if (problem.code === "key-reused") form.delete("key");
      return newCircularPage(c, context, { form, problem });
    }
  });
}

/** Why a form is too long. */
export function tooLong(c: Call, { timeZone, maxBodyBytes }: ConsoleContext): string {
  const tell = tellingIn(c.get("asked").language, timeZone);
  return tell("attachments-hint", { most: tell.size(maxBodyBytes) });
}

/** A form of ours, of an earlier session, is a {@link Problem}: it is shown again, to be sent by whoever is signed in now. */
export function refuseOld(c: Call, form: FormData): void {
  const { session } = c.get("visitor");
  if (session !== null && !isFormToken(session, textIn(form, "token")))
    throw new Problem("cross-site", tellIn(c.get("asked").language, pageTexts["form-old"]));
}

async function create(c: Call, form: FormData, context: ConsoleContext): Promise<Response> {
  const { language } = c.get("asked");
  const { account } = c.get("visitor");
  const key = textIn(form, "key").slice(0, 100) || randomUUID();
  const sources = await sourcesIn(form, language);
  const wish = wishIn(form);
  const enclosed = { files: filesIn(form, "attachments"), secrets: filesIn(form, "secrets") };
  const draft = await draftOf(wish, enclosed, account);
  const created = granted(await context.behind.create({ account, key, draft, language }));
  const { id, secrets } = created;
  const add = (): Promise<Notice> => addSources({ id, account, language, ...sources }, context);
  // A password is said once: whatever stands against the recipients then, it is shown.
  const notice = await (created.password === undefined
    ? add()
    : add().catch((error) => ({ problem: problemOf(error, c, context), form })));
  if ("added" in notice && isWhole(notice) && secrets === 0) return c.redirect(`/circulars/${id}?done=created`, 303);
  const tell = tellingIn(language, context.timeZone);
  const body = html`${secretsHtml(created, tell)}${noticeHtml(notice, tell)}
<p><a class="button" href="/circulars/${id}">${tell("to-circular")}</a></p>`;
  return page(c, { title: wish.subject, body });
}
