import { messageText, readMessage } from "@tamis/message";
import { html } from "hono/html";
import type { ConsoleContext } from "../console-context.ts";
import type { Call } from "../http/asked.ts";
import { granted } from "../refusal.ts";
import { type Html, page } from "./layout.ts";
import { tellingIn } from "./tell.ts";

/** The mail of a recipient as it would be read, or as a file for a mail program (`?form=eml`). */
export async function previewPage(c: Call, { behind, timeZone }: ConsoleContext): Promise<Response> {
  const { language } = c.get("asked");
  const id = (c.req.param("id") ?? "").slice(0, 20);
  const as = (c.req.query("as") ?? "").trim();
  const one = { accountId: c.get("visitor").account.id, id, language };
  const address = as === "" ? {} : { address: as };
  const previewed = granted(await behind.ask({ op: "preview", ...one, ...address }, "previewed"));
  const raw = Buffer.from(previewed.mail, "base64");
  const isWhole = raw.length >= previewed.size;
  if (isWhole && c.req.query("form") === "eml") {
    c.header("content-disposition", `attachment; filename="circular-${Number(id)}.eml"`);
    return c.body(new Uint8Array(raw), 200, { "content-type": "message/rfc822" });
  }
  const tell = tellingIn(language, timeZone);
  const message = readMessage(raw, { size: previewed.size });
  const field = (name: string): string => message.headers(name)[0]?.text() ?? "";
  const row = (title: string, text: string): Html => html`<dt>${title}</dt><dd>${text}</dd>`;
  const eml = `/circulars/${id}/preview?form=eml&as=${encodeURIComponent(as)}`;
  const body = html`<dl>${row(tell("from"), field("from"))}${row(tell("to"), field("to"))}
${row(tell("subject"), field("subject"))}${row(tell("preview-size"), tell.size(previewed.size))}</dl>
<pre>${messageText(message)}</pre>
${isWhole ? html`<p><a href="${eml}">${tell("preview-raw")}</a></p>` : html`<p>${tell("preview-cut")}</p>`}
<p><a href="/circulars/${id}">${tell("back")}</a></p>`;
  return page(c, { title: tell("preview-of", { address: previewed.address }), body });
}
