import {
  boundaryFor,
  dateText,
  type Entity,
  type HeaderField,
  headerField,
  type Message,
  plainEntity,
  readMessage,
  withCrlf,
} from "@tamis/message";
import { convertedEntity } from "./conversions.ts";

/**
 * One change that a script makes to the mail, in the order of the script; plain JSON data. Each speaks of the mail
 * as the changes before it left it. Later tests see the changed mail; actions carry the changes made before them.
 */
export type MessageEdit =
  /** RFC 5293 §4: a field before all others, or after them. The value is plain text, encoded when it is written. */
  | { readonly kind: "add-header"; readonly name: string; readonly value: string; readonly last: boolean }
  /** RFC 5293 §5: fields of one name, by their place among those of that name, from 0. */
  | { readonly kind: "delete-header"; readonly name: string; readonly indexes: readonly number[] }
  | ReplacePart
  | Enclose
  /** RFC 6558: a part in another media type or charset. */
  | { readonly kind: "convert-part"; readonly part: PartPath; readonly to: string; readonly charset: string }
  /** The mail becomes what a program made of it: a fact, by its key. */
  | { readonly kind: "program-output"; readonly key: string };

/** The way from the mail to one of its parts: the index of a child at each level; empty for the mail itself. */
export type PartPath = readonly number[];

/** RFC 5703 §5. `mime`: the text is an entity with its own header, else it is plain text. */
export interface ReplacePart {
  readonly kind: "replace-part";
  readonly part: PartPath;
  readonly mime: boolean;
  readonly text: string;
  readonly subject?: string;
  readonly from?: string;
}

/** RFC 5703 §6: the mail becomes an attachment of a new one. */
export interface Enclose {
  readonly kind: "enclose";
  readonly text: string;
  /** Absent: that of the mail. */
  readonly subject?: string;
  /** Names of fields that the new mail takes over. */
  readonly headers: readonly string[];
  /** Whose mail it is, for a From that is not taken over; "" when nobody knows. */
  readonly from: string;
  /** Epoch milliseconds, for a Date that is not taken over. */
  readonly date: number;
}

/** What programs answered, by key. */
export type ProgramOutputs = ReadonlyMap<string, { readonly output?: Uint8Array }>;

/** A part that no edit can reach: it is not there, or inside a mail that is itself encoded. */
export class PartNotEditable extends Error {}

/**
 * The mail with the changes made. Only header edits are possible on a mail that was cut.
 * @throws PartNotEditable where an edit speaks of a part that is not there: edits of another mail.
 */
export function applyEdits(message: Message, edits: readonly MessageEdit[], outputs?: ProgramOutputs): Message {
  let view = message;
  for (let at = 0; at < edits.length; ) {
    const headerEdits: HeaderEdit[] = [];
    for (let edit = edits[at]; edit !== undefined && isHeaderEdit(edit); edit = edits[++at]) headerEdits.push(edit);
    if (headerEdits.length > 0) view = withHeader(view, headerEdits);
    const edit = edits[at];
    if (edit === undefined) break;
    if (!isHeaderEdit(edit)) view = rewritten(view, edit, outputs);
    at++;
  }
  return view;
}

type HeaderEdit = Extract<MessageEdit, { kind: "add-header" | "delete-header" }>;

function isHeaderEdit(edit: MessageEdit): edit is HeaderEdit {
  return edit.kind === "add-header" || edit.kind === "delete-header";
}

const bufferOf = (octets: Uint8Array): Buffer => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);

/** Changes the header alone, so that many edits cost the body once. */
function withHeader(message: Message, edits: readonly HeaderEdit[]): Message {
  const raw = bufferOf(message.raw);
  const { bodyStart } = message.root;
  let head = raw.subarray(0, bodyStart);
  for (const edit of edits) {
    const fields = readMessage(head).headerFields();
    head = edit.kind === "add-header" ? added(head, fields, edit) : without(head, fields, edit);
  }
  const grown = head.length - bodyStart;
  return readMessage(Buffer.concat([head, raw.subarray(bodyStart)]), {
    size: message.size + grown,
    complete: message.complete,
    ...(message.omission === null ? {} : { omission: message.omission }),
  });
}

function added(
  head: Buffer,
  fields: readonly HeaderField[],
  edit: Extract<HeaderEdit, { kind: "add-header" }>,
): Buffer {
  const at = edit.last ? (fields.at(-1)?.end ?? 0) : (fields[0]?.start ?? 0);
  const lineIsOpen = at > 0 && head[at - 1] !== 0x0a;
  const field = `${lineIsOpen ? "\r\n" : ""}${headerField(edit.name, edit.value)}`;
  return Buffer.concat([head.subarray(0, at), Buffer.from(field), head.subarray(at)]);
}

function without(
  head: Buffer,
  fields: readonly HeaderField[],
  edit: Extract<HeaderEdit, { kind: "delete-header" }>,
): Buffer {
  const named = fields.filter((field) => field.lowerName === edit.name.toLowerCase());
  const gone = new Set(edit.indexes.map((index) => named[index]));
  const pieces: Buffer[] = [];
  let at = 0;
  for (const field of fields) {
    if (!gone.has(field)) continue;
    pieces.push(head.subarray(at, field.start));
    at = field.end;
  }
  return Buffer.concat([...pieces, head.subarray(at)]);
}

function rewritten(
  message: Message,
  edit: Exclude<MessageEdit, HeaderEdit>,
  outputs: ProgramOutputs | undefined,
): Message {
  switch (edit.kind) {
    case "replace-part":
      return replaced(message, edit.part, edit);
    case "convert-part": {
      const converted = convertedEntity(partAt(message, edit.part), edit.to, edit.charset);
      if (converted === null) throw new PartNotEditable("this part cannot be converted");
      return replaced(message, edit.part, { mime: true, text: converted });
    }
    case "enclose":
      return enclosed(message, edit);
    case "program-output": {
      const output = outputs?.get(edit.key)?.output;
      if (output === undefined) throw new PartNotEditable(`no output of a program is known as ${edit.key}`);
      return readMessage(output);
    }
  }
}

/** The part at the end of a path. */
export function partAt(message: Message, path: PartPath): Entity {
  let entity: Entity | undefined = message.root;
  for (const index of path) entity = entity?.children[index];
  if (entity === undefined) throw new PartNotEditable(`the mail has no part ${path.join(".")}`);
  return entity;
}

/** Whether the octets of the part lie in those of the mail itself. */
export function isEditable(message: Message, path: PartPath): boolean {
  return path.every((_, depth) => {
    const around = partAt(message, path.slice(0, depth));
    return around.type.startsWith("multipart/") || around.children[0]?.headerStart === around.bodyStart;
  });
}

type Replacement = Pick<ReplacePart, "mime" | "text" | "subject" | "from">;

function replaced(message: Message, path: PartPath, edit: Replacement): Message {
  if (path.length === 0) return replacedWhole(message, edit);
  const part = partAt(message, path);
  if (!isEditable(message, path)) throw new PartNotEditable(`part ${path.join(".")} is inside an encoded mail`);
  const raw = bufferOf(message.raw);
  const entity = Buffer.from(edit.mime ? withCrlf(edit.text) : plainEntity(edit.text), "utf8");
  return readMessage(Buffer.concat([raw.subarray(0, part.headerStart), entity, raw.subarray(part.end)]));
}

/** RFC 5703 §5: fields that tell of the MIME structure go, all others stay; what was changed stays as Original-… */
function replacedWhole(message: Message, edit: Replacement): Message {
  const raw = bufferOf(message.raw);
  const pieces: Buffer[] = [];
  const put = (text: string): void => void pieces.push(Buffer.from(text, "utf8"));
  const { subject, from } = edit.mime ? {} : edit;
  for (const field of message.headerFields()) {
    if (field.lowerName.startsWith("content-") || field.lowerName === "mime-version") continue;
    const isChanged =
      (field.lowerName === "subject" && subject !== undefined) || (field.lowerName === "from" && from !== undefined);
    if (isChanged) put("Original-");
    pieces.push(raw.subarray(field.start, field.end));
  }
  if (subject !== undefined) put(headerField("Subject", subject));
  if (from !== undefined) put(headerField("From", from));
  put("MIME-Version: 1.0\r\n");
  put(edit.mime ? withCrlf(edit.text) : plainEntity(edit.text));
  return readMessage(Buffer.concat(pieces));
}

/** RFC 5703 §6: multipart/mixed with the text and the whole mail. */
function enclosed(message: Message, edit: Enclose): Message {
  const raw = bufferOf(message.raw);
  const wanted = new Set(edit.headers.map((name) => name.toLowerCase()));
  const kept = message.headerFields().filter(({ lowerName }) => wanted.has(lowerName) && lowerName !== "subject");
  const head: Buffer[] = kept.map((field) => raw.subarray(field.start, field.end));
  const put = (text: string): void => void head.push(Buffer.from(text, "utf8"));
  const subject = edit.subject ?? message.headers("subject")[0]?.text();
  if (subject !== undefined) put(headerField("Subject", subject));
  if (!kept.some(({ lowerName }) => lowerName === "date")) put(headerField("Date", dateText(edit.date)));
  if (!kept.some(({ lowerName }) => lowerName === "from") && edit.from !== "") put(headerField("From", edit.from));
  const text = plainEntity(edit.text);
  const boundary = boundaryFor(Buffer.concat([raw, Buffer.from(text)]));
  put(`MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`);
  put(`--${boundary}\r\n${text}\r\n--${boundary}\r\n${enclosingHeader(raw)}\r\n`);
  head.push(raw);
  put(`\r\n--${boundary}--\r\n`);
  return readMessage(Buffer.concat(head));
}

/** RFC 2046 §5.2.1: an enclosed mail is 7bit, 8bit or binary. */
function enclosingHeader(raw: Buffer): string {
  const encoding = raw.some((octet) => octet >= 0x80) ? "8bit" : "7bit";
  return `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}\r\n`;
}
