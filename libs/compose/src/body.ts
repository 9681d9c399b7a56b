import { textOfHtml } from "./derived-text.ts";
import type { CircularDraft } from "./draft.ts";
import {
  type Chunk,
  type Entity,
  fileEntity,
  joined,
  multipart,
  type PlacedText,
  textEntity,
  wholeLines,
} from "./entity.ts";
import type { SlotPlace } from "./escape.ts";
import type { Fault, FaultPlace } from "./fault.ts";
import { HtmlPlaces } from "./html-places.ts";
import { markdownToHtml } from "./markdown.ts";
import { mark, slotsOf } from "./placeholders.ts";
import { parseTemplate, type Slot } from "./template.ts";

/** What mails of a draft have in common below their header. */
export interface Body {
  /** The MIME fields of the whole, each line ended. */
  readonly header: string;
  readonly chunks: readonly Chunk[];
  readonly slots: readonly Slot[];
  readonly faults: readonly Fault[];
}

interface Text {
  readonly text: PlacedText;
  readonly slots: readonly Slot[];
  readonly faults: readonly Fault[];
}

/** Compiles text, HTML or Markdown, and attachments. The parts of the draft have to be within their limits. */
export function compileBody(draft: CircularDraft): Body {
  const html = htmlOf(draft);
  const text = draft.text === undefined ? html.derived : plainText(draft.text, draft.postscript?.text);
  const parts = html.html === null ? [] : [textEntity("html", wholeLines(html.html.text))];
  const plain = textEntity("plain", wholeLines(text?.text ?? []));
  const texts = parts.length === 0 ? plain : multipart("alternative", [plain, ...parts]);
  const root = draft.attachments.length === 0 ? texts : withFiles(texts, draft);
  const read = [...(text === null ? [] : [text]), ...(html.html === null ? [] : [html.html])];
  return {
    header: root.header,
    chunks: joined(root.body),
    slots: read.flatMap(({ slots }) => slots),
    faults: read.flatMap(({ faults }) => faults),
  };
}

function withFiles(texts: Entity, { attachments }: CircularDraft): Entity {
  return multipart("mixed", [texts, ...attachments.map(fileEntity)]);
}

function plainText(source: string, postscript?: string): Text {
  const { pieces, faults } = parseTemplate(
    postscript === undefined ? source : `${source.trimEnd()}\n\n${postscript}`,
    "text",
  );
  const text = pieces.map((piece) => (typeof piece === "string" ? piece : { slot: piece, place: "plain" as const }));
  return { text, slots: slotsOf(pieces), faults };
}

interface Html {
  readonly html: Text | null;
  /** What it says in plain text; its faults are those of the HTML. */
  readonly derived: Text | null;
}

function htmlOf({ html, markdown, markdownHtml = "escape", postscript }: CircularDraft): Html {
  const place = html === undefined ? "markdown" : "html";
  const source = html ?? markdown;
  if (source === undefined) return { html: null, derived: null };
  const template = parseTemplate(source.toWellFormed(), place);
  const below = parseTemplate(postscript?.html ?? "", "html");
  const pieces = [...template.pieces, BELOW, ...below.pieces];
  const slots = slotsOf(pieces);
  const marked = mark(pieces);
  const at = marked.text.lastIndexOf(BELOW);
  const own = marked.text.slice(0, at);
  const document = withBelow(
    place === "html" ? own : markdownToHtml(own, markdownHtml),
    marked.text.slice(at + BELOW.length),
  );
  const placed = placedIn(marked.restore(document), slots, place);
  const derived = marked.restore(textOfHtml(document)).map((piece) => {
    if (typeof piece === "string") return piece;
    const slot = slots[piece];
    return slot === undefined ? "" : { slot, place: spokenPlace(placed.places.get(slot)) };
  });
  return {
    html: { text: placed.text, slots, faults: [...template.faults, ...placed.faults] },
    derived: { text: derived, slots: [], faults: [] },
  };
}

/** Between a document and what goes below it, while both have marks. The last one counts. */
const BELOW = "\n<!-- below -->\n";

/** At the end of the document's body, where it says where that is. */
function withBelow(document: string, below: string): string {
  const end = document.toLowerCase().lastIndexOf("</body>");
  const at = end === -1 ? document.length : end;
  return below === "" ? document : `${document.slice(0, at)}${below}${document.slice(at)}`;
}

interface Placed extends Pick<Text, "text" | "faults"> {
  readonly places: ReadonlyMap<Slot, SlotPlace>;
}

/** Says of each field in HTML how it is to be written there. */
function placedIn(pieces: readonly (string | number)[], slots: readonly Slot[], place: FaultPlace): Placed {
  const reader = new HtmlPlaces();
  const faults: Fault[] = [];
  const places = new Map<Slot, SlotPlace>();
  const text = pieces.map((piece) => {
    const slot = typeof piece === "string" ? undefined : slots[piece];
    if (typeof piece === "string" || slot === undefined) {
      reader.feed(String(piece));
      return String(piece);
    }
    const { name, line, column } = slot;
    // Markdown shows an address that it made a link of: the words of the link are the address, too.
    const found = urlPlaceOf(places.get(slot)) ?? reader.field();
    if (isFault(found)) {
      faults.push({ code: found, place, line, column, parameters: { field: name } });
      return "";
    }
    places.set(slot, found);
    return { slot, place: found };
  });
  return { text, faults, places };
}

const urlPlaceOf = (place: SlotPlace | undefined): SlotPlace | undefined =>
  place === "url" || place === "url-part" ? place : undefined;

const isFault = (found: SlotPlace | Fault["code"]): found is Fault["code"] => found.startsWith("field-");

/** How a field of HTML is written in the text beside it. */
function spokenPlace(place: SlotPlace | undefined): SlotPlace {
  if (place === "url") return "plain-url";
  return place === "url-part" ? "plain-url-part" : "plain";
}
