import { type Entity, htmlToText, walk } from "@tamis/message";
import { defineTest, type Extension } from "../extension.ts";
import { endsWithBlankLine } from "../header-fields.ts";
import { prepareMatch, type Source } from "../match-test.ts";
import { needTexts, needWhole } from "../part-in-loop.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import type { RunState } from "../run-state.ts";
import { noValues, type Values, valuesOf } from "../values.ts";

/** Octets as text: UTF-8 where they are valid, else each octet the character of its number. */
function octetText(octets: Uint8Array): string {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const text = buffer.toString("utf8");
  return text.includes("\ufffd") ? buffer.toString("latin1") : text;
}

/** RFC 5173 §5.1: everything after the header, nothing decoded. */
function rawBody(state: RunState): Values {
  needWhole(state);
  return valuesOf([octetText(state.message.raw.subarray(state.message.bodyStart))]);
}

/** RFC 5173 §5.3: what a person reads of each text part; HTML without its marks. */
function readableBody(state: RunState): Values {
  needTexts(state);
  const texts: string[] = [];
  for (const entity of walk(state.message.root)) {
    if (entity.children.length > 0 || !entity.type.startsWith("text/")) continue;
    texts.push(entity.type === "text/html" ? htmlToText(entity.text()) : entity.text());
  }
  return valuesOf(texts);
}

/** RFC 5173 §5.2: "" is every type, "text" a whole type, "text/plain" one; anything else is none. */
function typeMatcher(wanted: string): (type: string) => boolean {
  const lower = wanted.toLowerCase();
  if (lower === "") return () => true;
  if (lower.startsWith("/") || lower.endsWith("/") || lower.split("/").length > 2) return () => false;
  if (lower.includes("/")) return (type) => type === lower;
  return (type) => type.startsWith(`${lower}/`);
}

/** Whether a type that `:content` names is of texts alone, or of nothing. */
const isText = (type: string): boolean => /^text(?:\/|$)/i.test(type);

/** What `:content` sees of one part: decoded text, the prologue and epilogue of a multipart, the header of an enclosed mail. */
function contentOf(entity: Entity, raw: Uint8Array): readonly string[] {
  if (entity.type.startsWith("multipart/")) {
    const first = entity.children[0]?.headerStart ?? entity.end;
    const last = entity.children.at(-1)?.end ?? entity.end;
    const before = octetText(raw.subarray(entity.bodyStart, first));
    const behind = octetText(raw.subarray(last, entity.end));
    if (entity.children.length === 0) return [before];
    // RFC 2046 §5.1.1: the line end before a delimiter belongs to it.
    return [before.replace(/(?:^|\r?\n)--[^\n]*\n?$/, ""), behind.replace(/^(?:\r?\n)?--[^\n]*(?:\n|$)/, "")];
  }
  if (entity.type === "message/rfc822" || entity.type === "message/global") {
    const inner = entity.children[0];
    return inner === undefined
      ? [octetText(entity.bytes())]
      : [octetText(raw.subarray(inner.headerStart, inner.bodyStart))];
  }
  return [entity.type.startsWith("text/") ? entity.text() : octetText(entity.bytes())];
}

function contentBody(state: RunState, types: readonly string[]): Values {
  if (types.every(isText)) needTexts(state);
  else needWhole(state);
  const matchers = types.map(typeMatcher);
  const texts: string[] = [];
  for (const entity of walk(state.message.root)) {
    if (matchers.some((matches) => matches(entity.type))) texts.push(...contentOf(entity, state.message.raw));
  }
  return valuesOf(texts);
}

/** RFC 5173 §4: a mail that is a header and no blank line has no body at all, not even an empty one. */
function ofBody(read: (state: RunState) => Values): (state: RunState) => Values {
  return (state) => {
    const values = read(state);
    return endsWithBlankLine(state.message.raw, state.message.bodyStart) ? values : noValues;
  };
}

function shared(preparation: Preparation, field: string, read: (state: RunState) => Values): Source {
  const slot = preparation.slot(field, ofBody(read));
  return { field, read: slot.read, slot };
}

function sourceOf(
  preparation: Preparation,
  { raw, content }: { readonly raw?: true; readonly content?: readonly Text[] },
): Source {
  if (raw === true) return shared(preparation, "body :raw", rawBody);
  if (content === undefined) return shared(preparation, "body :text", readableBody);
  const expand = preparation.texts(content);
  const read = (state: RunState): Values => contentBody(state, expand(state));
  const fixed = content.every((type) => typeof type === "string");
  return fixed
    ? shared(preparation, `body :content ${content.join(", ")}`, read)
    : { field: "body :content", read: ofBody(read) };
}

const body = defineTest({
  name: "body",
  shape: {
    tags: { raw: "flag", content: "strings", text: "flag" },
    positional: { keys: "strings" },
    families: ["match"],
    exclusive: [["raw", "content", "text"]],
  },
  check: ({ raw, content }, context) => {
    const isOfTexts = raw !== true && (content ?? []).every((type) => typeof type === "string" && isText(type));
    context.use({ body: true, attachments: !isOfTexts });
  },
  prepare(args, line, preparation) {
    const sources = [sourceOf(preparation, args)];
    // RFC 5173 §6: a body test leaves the match variables alone.
    return prepareMatch(preparation, { test: "body", line, args, keys: args.keys, sources, captures: false });
  },
});

/** Tests on the body (RFC 5173). */
export const bodyExtension: Extension = {
  name: "body",
  rfc: "RFC 5173",
  state: "yes",
  tests: [body],
};
