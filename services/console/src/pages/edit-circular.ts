import { html } from "hono/html";
import { draftOf } from "../circular-draft-of.ts";
import type { ConsoleContext } from "../console-context.ts";
import { type Call, senderOf } from "../http/asked.ts";
import { filesIn, readForm, readFormStart, SMALL_BODY, saidLength, textIn } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { problemOf } from "../http/problem-of.ts";
import { siteOf } from "../http/same-site.ts";
import { granted } from "../refusal.ts";
import { problems } from "../texts/problem-texts.ts";
import { circularForm } from "./circular-form.ts";
import { type Html, page } from "./layout.ts";
import { refuseOld, tooLong } from "./new-circular.ts";
import { problemHtml } from "./notices.ts";
import { secretsHtml } from "./secrets-notice.ts";
import { tellingIn } from "./tell.ts";
import { keptIn, setWritten, wishIn, writtenForm } from "./written-form.ts";

/** Of the circular on whose page somebody is. */
function idOf(c: Call): string {
  const id = c.req.param("id") ?? "";
  if (!/^\d{1,10}$/.test(id)) throw new Problem("missing");
  return id;
}

const asked = (c: Call) => ({
  accountId: c.get("visitor").account.id,
  id: idOf(c),
  language: c.get("asked").language,
});

/** The form in which a circular of which nothing has left is written anew, as it was written. */
export async function editPage(c: Call, context: ConsoleContext): Promise<Response> {
  const { version, circular } = granted(await context.behind.read(asked(c)));
  return formPage(c, context, { form: writtenForm(circular, version), problem: null });
}

interface Shown {
  readonly form: FormData;
  readonly problem: Problem | null;
}

function formPage(
  c: Call,
  { timeZone, maxBodyBytes }: ConsoleContext,
  { form, problem }: Shown,
): Response | Promise<Response> {
  const tell = tellingIn(c.get("asked").language, timeZone);
  const id = idOf(c);
  // Whoever goes back to it, after whatever happened, finds what was typed: with `no-store`, browsers forget it.
  if (problem === null) c.header("cache-control", "private, no-cache");
  const other: Html | "" =
    problem?.code === "changed"
      ? html`<p>${tell("changed-again")} <a href="/circulars/${id}" target="_blank" rel="noopener">${tell("to-circular")}</a></p>`
      : "";
  const body = html`${problem === null ? "" : problemHtml(problem, tell)}${other}
<p>${tell("edit-about")}</p>
${circularForm(c, { lists: null, tell, form, maxBytes: maxBodyBytes, editing: id })}
<p><a href="/circulars/${id}">${tell("back")}</a></p>`;
  return page(c, { title: tell("edit"), body, status: problem === null ? 200 : problems[problem.code].status });
}

/** Writes a circular anew by a form; what stands against it is told in the form, as it was written. */
export async function editFromForm(c: Call, context: ConsoleContext): Promise<Response> {
  const { room, maxBodyBytes, url } = context;
  if (siteOf(senderOf(c), url) !== "ours") throw new Problem("cross-site");
  const said = saidLength(c.req.raw);
  if (said > maxBodyBytes)
    return formPage(c, context, {
      form: await readFormStart(c.req.raw, SMALL_BODY),
      problem: new Problem("too-long", tooLong(c, context)),
    });
  return room.with(said || maxBodyBytes, async () => {
    const form = await readForm(c.req.raw, maxBodyBytes);
    try {
      refuseOld(c, form);
      return await revise(c, form, context);
    } catch (error) {
      const problem = problemOf(error, c, context);
      if (problem.code === "changed") await nameAnew(c, form, context);
      return formPage(c, context, { form, problem });
    }
  });
}

/** What was typed may be saved over what is there now, by whoever has seen that it is. */
async function nameAnew(c: Call, form: FormData, { behind }: ConsoleContext): Promise<void> {
  const now = await behind.read(asked(c));
  if (now.kind === "written") setWritten(form, now.circular, now.version);
}

async function revise(c: Call, form: FormData, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { account } = c.get("visitor");
  const { id, language } = asked(c);
  const enclosed = { files: filesIn(form, "attachments"), secrets: filesIn(form, "secrets") };
  const draft = await draftOf(wishIn(form), enclosed, account);
  const version = textIn(form, "version") || "none";
  const revised = granted(await behind.revise({ account, id, version, draft, keep: keptIn(form), language }));
  // What was secret before has the password that it had.
  if (revised.password === undefined) return c.redirect(`/circulars/${id}?done=revised`, 303);
  const tell = tellingIn(language, timeZone);
  const body = html`${secretsHtml(revised, tell)}
<p><a class="button" href="/circulars/${id}">${tell("to-circular")}</a></p>`;
  return page(c, { title: textIn(form, "subject"), body });
}
