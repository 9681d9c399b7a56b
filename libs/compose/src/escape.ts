/** How a value is written where it stands, so that it is text there and nothing else. */
export type SlotPlace =
  /** Plain text. */
  | "plain"
  /** One line of a header, before it is encoded. */
  | "header"
  /** Text of HTML. */
  | "html"
  /** The text of an element that holds no others, as `title`. */
  | "html-line"
  /** Inside the quotes of an attribute. */
  | "attribute"
  /** A whole URL in an attribute. */
  | "url"
  /** A part of a URL after its host, in an attribute. */
  | "url-part"
  /** A whole URL in plain text. */
  | "plain-url"
  /** A part of a URL in plain text. */
  | "plain-url-part";

/** C0 and C1 controls but TAB and line ends: no reader shows them. */
const CONTROLS = /(?![\t\n\r\u0085])\p{Cc}/gu;

/** What breaks a line, for some reader at least. */
const LINE_ENDS = /\r\n|[\r\n\u0085\u2028\u2029]/g;

/** The value, which has to be well-formed, as it is written in that place. */
export function escapeFor(place: SlotPlace, value: string): string {
  const text = value.replace(CONTROLS, "");
  switch (place) {
    case "plain":
      return text.replace(LINE_ENDS, "\r\n");
    case "header":
      return text.replace(LINE_ENDS, " ").replaceAll("\t", " ");
    case "html":
      return markupFree(text).replace(LINE_ENDS, "<br>\r\n");
    case "html-line":
      return markupFree(text.replace(LINE_ENDS, " "));
    case "attribute":
      return markupFree(text).replace(LINE_ENDS, "&#10;");
    case "url":
      return markupFree(wholeUrl(text));
    case "url-part":
    case "plain-url-part":
      return urlPart(text);
    case "plain-url":
      return wholeUrl(text);
    default:
      return place satisfies never;
  }
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function markupFree(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => REFERENCES[character] ?? "") : text;
}

/** RFC 3986 §2.1: everything but unreserved characters is percent-encoded, so that a value is data and no delimiter. */
function urlPart(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A link that a value gives whole: of the web or to an address. Any other (`javascript:`) leads nowhere. */
function wholeUrl(text: string): string {
  if (!/^(?:https?:\/\/|mailto:)/i.test(text)) return "#";
  return encodeURI(text)
    .replace(/%25([0-9A-Fa-f]{2})/g, "%$1")
    .replace(/%5B/g, "[")
    .replace(/%5D/g, "]")
    .replaceAll("'", "%27");
}
