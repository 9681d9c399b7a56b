import { html } from "hono/html";
import type { Html } from "./layout.ts";
import type { Tell } from "./tell.ts";

/** What its sender has to know of secret attachments: the password of their archive, which is said once. */
export function secretsHtml(
  { secrets, password }: { readonly secrets: number; readonly password?: string | undefined },
  tell: Tell,
): Html | "" {
  if (secrets === 0) return "";
  if (password === undefined) return html`<p class="notice">${tell("no-password", { count: secrets })}</p>`;
  return html`<div class="notice" role="status"><p>${tell("password-once")}</p><p><code>${password}</code></p></div>`;
}
