import { decodeEntities, type HtmlTag, htmlToText } from "@tamis/message";

/** Characters of a link's words that are compared with its target. */
const MAX_LABEL = 500;

/**
 * The text that goes beside HTML: as {@link htmlToText} reads it, with the targets of links in parentheses, the words that stand for
 * images, a dash before the items of lists, and the blanks of French typography.
 */
export function textOfHtml(html: string): string {
  let link: HtmlTag | null = null;
  const tagText = (tag: HtmlTag): string | null => {
    switch (tag.name) {
      case "a": {
        const said = tag.isEnd && link !== null ? spokenTarget(html, link, tag) : "";
        link = tag.isEnd ? null : tag;
        return said;
      }
      case "img":
        return attributeOf(tag.attributes, "alt");
      case "hr":
        return "\n----------\n";
      default:
        return lineText(tag);
    }
  };
  return htmlToText(html, { tagText });
}

/** The end of an item or a row, and the begin of the next, would make an empty line. */
function lineText({ name, isEnd }: HtmlTag): string | null {
  if (!/^(?:li|tr|dt|dd)$/.test(name)) return null;
  if (isEnd) return "";
  return name === "li" ? "\n- " : null;
}

/** The target as HTML, where the words do not say it and it leads out of the mail. */
function spokenTarget(html: string, link: HtmlTag, end: HtmlTag): string {
  const target = attributeOf(link.attributes, "href").trim();
  const plain = decodeEntities(target);
  const label = htmlToText(html.slice(link.end, Math.min(end.start, link.end + MAX_LABEL)));
  if (plain === "" || plain.startsWith("#") || label.includes(plain.replace(/^(?:https?:\/\/|mailto:)/i, "")))
    return "";
  return ` (${target.replace(/^mailto:/i, "")})`;
}

/** Characters of a tag in which attributes are sought. */
const MAX_ATTRIBUTES = 8192;

const ATTRIBUTE = /(?<=^|[\s/"'])([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/** The value of an attribute as it is written, on one line, "" where there is none. */
function attributeOf(attributes: string, name: string): string {
  for (const found of attributes.slice(0, MAX_ATTRIBUTES).matchAll(ATTRIBUTE)) {
    if (found[1]?.toLowerCase() === name) return (found[2] ?? found[3] ?? found[4] ?? "").replace(/\s+/g, " ");
  }
  return "";
}
