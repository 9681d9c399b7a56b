/** One mail seen by Tamis and by mailparser, in a form that can be compared. */

import { MailParser } from "mailparser";
import { type Entity, type HeaderField, readMessage } from "../src/index.ts";
import { unflow } from "../src/text.ts";

export interface Attachment {
  readonly type: string;
  readonly filename: string | null;
  readonly content: Buffer;
}

/** What both libraries are asked. */
/** An inline text part, LF line ends. */
export interface ShownText {
  readonly type: string;
  readonly text: string;
  /** Where it came from; only in our view. */
  readonly entity?: Entity;
}

export interface View {
  readonly subject: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  /** In their order. */
  readonly texts: readonly ShownText[];
  readonly attachments: readonly Attachment[];
}

const ADDRESS_FIELDS = ["from", "to", "cc"] as const;
const INLINE_TYPES: ReadonlySet<string> = new Set(["text/plain", "text/html", "message/delivery-status"]);

/** Blanks count as one: unfolding keeps them here and collapses them there. */
const oneBlank = (text: string): string => text.replace(/\s+/g, " ").trim();

export function ourView(raw: Uint8Array): View {
  const message = readMessage(raw);
  const texts: ShownText[] = [];
  const attachments: Attachment[] = [];
  collect(message.root, texts, attachments);
  const addresses = (name: string): string[] => message.headers(name).flatMap(addressesOf);
  return {
    subject: oneBlank(message.headers("subject")[0]?.text() ?? ""),
    // RFC 5322 §3.6 allows one From; both readers take the first of several.
    from: message.headers("from").slice(0, 1).flatMap(addressesOf),
    to: addresses("to"),
    cc: addresses("cc"),
    texts,
    attachments,
  };
}

const addressesOf = (field: HeaderField): string[] =>
  field
    .addresses()
    .map(({ address }) => address)
    .filter((address) => address !== "");

function collect(entity: Entity, texts: ShownText[], attachments: Attachment[]): void {
  if (entity.type.startsWith("multipart/")) {
    for (const child of entity.children) collect(child, texts, attachments);
    return;
  }
  const inline = entity.disposition === null || entity.disposition === "inline";
  if (isDescended(entity)) {
    for (const child of entity.children) collect(child, texts, attachments);
  } else if (inline && INLINE_TYPES.has(entity.type)) {
    texts.push({ type: entity.type, text: shownText(entity), entity });
  } else {
    attachments.push({ type: entity.type, filename: entity.filename, content: Buffer.from(entity.bytes()) });
  }
}

/** mailparser opens an enclosed mail only where it is marked inline and not transfer-encoded. */
const isDescended = (entity: Entity): boolean =>
  entity.type === "message/rfc822" &&
  entity.disposition === "inline" &&
  ["7bit", "8bit", "binary"].includes(entity.transferEncoding);

function shownText(entity: Entity): string {
  const text = entity.type.startsWith("text/") ? entity.text() : Buffer.from(entity.bytes()).toString();
  const lines = text.replaceAll("\r\n", "\n");
  if (entity.parameters.get("format")?.toLowerCase() !== "flowed") return lines;
  return unflow(lines, entity.parameters.get("delsp")?.toLowerCase() === "yes");
}

/** Null when mailparser gives the mail up with an error. */
export async function mailparserView(raw: Buffer): Promise<View | null> {
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
  });
  const attachments: Attachment[] = [];
  const headers = new Map<string, unknown>();
  parser.on("headers", (found: ReadonlyMap<string, unknown>) => {
    for (const [name, value] of found) headers.set(name, value);
  });
  parser.on("data", (part: unknown) => {
    if (isObject(part) && part["type"] === "attachment") drain(part, attachments);
  });
  const ended = new Promise<boolean>((resolve) => {
    parser.on("end", () => resolve(true));
    parser.on("error", () => resolve(false));
  });
  parser.end(raw);
  if (!(await ended)) return null;
  const [from, to, cc] = ADDRESS_FIELDS.map((name) => parsedAddresses(headers.get(name)));
  const texts: ShownText[] = [];
  const tree: unknown = Reflect.get(parser, "tree");
  collectTexts(tree, texts);
  const subject = headers.get("subject");
  return {
    subject: oneBlank(typeof subject === "string" ? subject : ""),
    from: from ?? [],
    to: to ?? [],
    cc: cc ?? [],
    texts,
    attachments,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

function drain(part: Readonly<Record<string, unknown>>, attachments: Attachment[]): void {
  const { content, release } = part;
  const chunks: Buffer[] = [];
  if (!(content instanceof Object) || !("on" in content) || typeof content.on !== "function") return;
  const place = attachments.length;
  const type = textOrNull(part["contentType"]) ?? "";
  const filename = textOrNull(part["filename"]);
  attachments.push({ type, filename, content: Buffer.alloc(0) });
  content.on("data", (chunk: Buffer) => chunks.push(chunk));
  content.on("end", () => {
    attachments[place] = { type, filename, content: Buffer.concat(chunks) };
    if (typeof release === "function") release.call(part);
  });
}

function parsedAddresses(field: unknown): string[] {
  const fields = Array.isArray(field) ? field : [field];
  return fields.flatMap((one: unknown) =>
    isObject(one) && Array.isArray(one["value"]) ? one["value"].flatMap(mailboxes) : [],
  );
}

function mailboxes(one: unknown): string[] {
  if (!isObject(one)) return [];
  if (Array.isArray(one["group"])) return one["group"].flatMap(mailboxes);
  const address = textOrNull(one["address"]);
  return address === null || address === "" ? [] : [address];
}

function collectTexts(node: unknown, texts: ShownText[]): void {
  if (!isObject(node)) return;
  const text = textOrNull(node["textContent"]);
  if (text !== null) texts.push({ type: textOrNull(node["contentType"]) ?? "", text });
  if (Array.isArray(node["children"])) for (const child of node["children"]) collectTexts(child, texts);
}
