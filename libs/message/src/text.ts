/** What a person reads of a mail. */

import { htmlToText } from "./html.ts";
import type { Entity, Message } from "./model.ts";

/**
 * The text of a mail: its text parts in order, HTML as text, of a multipart/alternative the plain form where it says
 * something (RFC 2046 §5.1.4), enclosed mails included, attachments not. Lines end in LF; format=flowed is reflowed.
 */
export function messageText(message: Message): string {
  const pieces: string[] = [];
  collect(message.root, pieces);
  return pieces.join("\n");
}

function collect(entity: Entity, pieces: string[]): void {
  if (entity.disposition === "attachment" && entity.depth > 0) return;
  if (entity.type === "multipart/alternative") {
    collectAlternative(entity, pieces);
    return;
  }
  if (entity.children.length > 0) {
    for (const child of entity.children) collect(child, pieces);
    return;
  }
  const text = entityText(entity);
  if (text !== "") pieces.push(text);
}

/** The first form that says something, plain text before the others. */
function collectAlternative(entity: Entity, pieces: string[]): void {
  const plainFirst = entity.children.toSorted(
    (a, b) => Number(b.type === "text/plain") - Number(a.type === "text/plain"),
  );
  for (const child of plainFirst) {
    const found: string[] = [];
    collect(child, found);
    if (found.some((text) => text.trim() !== "")) {
      pieces.push(...found);
      return;
    }
  }
}

function entityText(entity: Entity): string {
  if (!entity.type.startsWith("text/")) return "";
  const text = entity.text().replaceAll("\r\n", "\n");
  if (entity.type === "text/html") return htmlToText(text);
  if (entity.parameters.get("format")?.toLowerCase() !== "flowed") return text;
  return unflow(text, entity.parameters.get("delsp")?.toLowerCase() === "yes");
}

/** Joins the soft-broken lines of format=flowed (RFC 3676 §4); lines of different quote depth are never joined. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let depth = 0;
  const close = (): void => {
    if (paragraph.length > 0) out.push(paragraph.join(""));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0;
    // RFC 3676 §4.4: one space after the quote marks is stuffing.
    const content = line.slice(line[marks] === " " ? marks + 1 : marks);
    // §4.3: the signature separator "-- " is fixed though it ends in a space.
    const isFixed = !content.endsWith(" ") || content === "-- ";
    if (marks !== depth || content === "-- ") close();
    depth = marks;
    if (paragraph.length === 0 && marks > 0) paragraph.push(line.slice(0, line.length - content.length));
    paragraph.push(!isFixed && deleteSpace ? content.slice(0, -1) : content);
    if (isFixed) close();
  }
  close();
  return out.join("\n");
}
