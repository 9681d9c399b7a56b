import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Hono } from "hono";
import type { Env } from "../http/asked.ts";

const style = readFileSync(new URL("style.css", import.meta.url), "utf8");
const version = createHash("sha256").update(style).digest("hex").slice(0, 8);

/** Where the style sheet is: another one has another address, so browsers may keep it. */
export const stylePath = `/style-${version}.css`;

export function addAssets(app: Hono<Env>): void {
  app.get(stylePath, (c) =>
    c.body(style, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    }),
  );
  // There is none: browsers ask all the same.
  app.get("/favicon.ico", (c) => c.body(null, 204, { "cache-control": "public, max-age=86400" }));
  app.get("/robots.txt", (c) => c.text("User-agent: *\nDisallow: /\n"));
}
