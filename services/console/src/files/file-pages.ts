import { Readable } from "node:stream";
import { mediaTypeOf } from "@tamis/circulars";
import { tellIn } from "@tamis/kit";
import { ObjectsUnavailable } from "@tamis/store";
import type { Hono } from "hono";
import { html } from "hono/html";
import type { ConsoleContext } from "../console-context.ts";
import type { Call, Env } from "../http/asked.ts";
import { Problem } from "../http/problem.ts";
import { page } from "../pages/layout.ts";
import { attachmentNamed } from "./content-disposition.ts";
import { fileTexts } from "./file-texts.ts";
import { type LinkedFiles, objectOf } from "./linked-files.ts";

/** What links of circulars begin with, behind the address of the console. */
export const FILES_PATH = "/f";

/** Whoever takes longer than that has it cut off: a place is not kept for ever, ms. */
const LONGEST_MS = 3_600_000;

/**
 * `/f/TOKEN/NAME`: a large attachment, for whoever has its link. It is handed out as a file and never shown, so that nothing in it becomes a page of
 * ours. What is no link, one that is over and one whose file is gone are answered alike.
 */
export function addFiles(app: Hono<Env>, { files }: ConsoleContext): void {
  if (files === null) return;
  let underWay = 0;
  app.get(`${FILES_PATH}/:token/:filename`, async (c) => {
    const { token, filename } = c.req.param();
    const keys = files.keys();
    if (keys === null) throw new Problem("unavailable");
    const object = objectOf({ token, filename }, keys, files.now());
    if (object === null) return missing(c);
    if (underWay >= files.atOnce) throw new Problem("busy");
    underWay++;
    const found = await lookedUp(files, object).catch((error: unknown) => {
      underWay--;
      throw error;
    });
    found?.octets.once("close", () => underWay--);
    if (found === null) {
      underWay--;
      return missing(c);
    }
    const { size, octets } = found;
    const headers = {
      "content-type": mediaTypeOf(filename),
      "content-disposition": attachmentNamed(filename),
      "content-length": String(size),
      // RFC 9110 §14.3: who asks for a piece gets all of it, and is told so before.
      "accept-ranges": "none",
    };
    if (c.req.method === "HEAD") {
      octets.destroy();
      return c.body(null, 200, headers);
    }
    return c.body(handedOut(octets), 200, headers);
  });
}

/** Cut off where it breaks, or lasts too long: what is announced is longer, so nobody takes it for whole. */
function handedOut(octets: Readable): ReadableStream {
  const late = setTimeout(() => octets.destroy(), LONGEST_MS).unref();
  octets.once("close", () => clearTimeout(late));
  // Proof: Node's own type of the same stream.
  return Readable.toWeb(octets) as ReadableStream;
}

async function lookedUp({ objects, onTrouble }: LinkedFiles, object: string) {
  try {
    return await objects.get(object);
  } catch (error) {
    if (!(error instanceof ObjectsUnavailable)) throw error;
    onTrouble(error.code);
    throw new Problem("unavailable");
  }
}

function missing(c: Call): Response | Promise<Response> {
  const { language } = c.get("asked");
  const body = html`<p>${tellIn(language, fileTexts.missing)}</p>`;
  return page(c, { title: tellIn(language, fileTexts.title), body, status: 404 });
}
