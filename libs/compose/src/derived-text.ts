import { decodeEntities, htmlToText } from "@tamis/message";

/** Tags that say something in a text: links, images, items, rules, and where lines count. */
const TAGS = /<(\/?)(a|img|li|hr|pre|tr|dt|dd)\b((?:"[^"]*"|'[^']*'|[^'">])*)>|\n/gi;

/** A blank that does not break, of French before ":", ";", "!", "?" and inside guillemets. */
const FIXED_BLANKS = /&nbsp;|&#160;|&#xa0;|&#8239;|&#x202f;|&thinsp;|&#8201;|[\u00a0\u2009\u202f]/gi;

/**
 * The text that goes beside HTML: as {@link htmlToText} reads it, with the targets of links in parentheses, the words that stand for
 * images, a dash before the items of lists, and the blanks of French typography.
 */
export function textOfHtml(html: string): string {
  const blanks: string[] = [];
  const stem = unusedIn(html);
  const kept = html.replace(FIXED_BLANKS, (blank) => {
    const found = decodeEntities(blank);
    if (!blanks.includes(found)) blanks.push(found);
    return `${stem}${blanks.indexOf(found)}z`;
  });
  const text = htmlToText(withSpokenTags(kept));
  return text.replace(new RegExp(`${stem}(\\d)z`, "g"), (_, index: string) => blanks[Number(index)] ?? " ");
}

function unusedIn(html: string): string {
  let stem = "qblank";
  for (let number = 0; html.includes(stem); number++) stem = `q${number.toString(36)}blank`;
  return stem;
}

function withSpokenTags(html: string): string {
  let target = "";
  let labelStart = 0;
  let preformatted = false;
  return html.replace(TAGS, (whole: string, slash: string | undefined, name = "", attributes = "", at = 0) => {
    if (whole === "\n") return preformatted ? "<br>" : "\n";
    const isEnd = slash === "/";
    switch (name.toLowerCase()) {
      case "pre":
        preformatted = !isEnd;
        return whole;
      case "a": {
        if (!isEnd) {
          target = attributeOf(attributes, "href");
          labelStart = at + whole.length;
          return "";
        }
        const spoken = spokenTarget(target, htmlToText(html.slice(labelStart, Math.min(at, labelStart + MAX_LABEL))));
        target = "";
        return spoken;
      }
      case "img":
        return attributeOf(attributes, "alt");
      case "hr":
        return "<br>----------<br>";
      case "li":
        return isEnd ? "" : "<li>- ";
      default:
        // An end of a row and the begin of the next would make an empty line.
        return isEnd ? "" : whole;
    }
  });
}

/** Characters of a link's words that are compared with its target. */
const MAX_LABEL = 500;

/** The target as HTML, where the words do not say it and it leads out of the mail. */
function spokenTarget(target: string, label: string): string {
  const plain = decodeEntities(target).trim();
  if (plain === "" || plain.startsWith("#") || label.includes(plain.replace(/^(?:https?:\/\/|mailto:)/i, "")))
    return "";
  return ` (${target.trim().replace(/^mailto:/i, "")})`;
}

/** The value of an attribute as it is written, "" where there is none. */
function attributeOf(attributes: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(attributes);
  return (found?.[1] ?? found?.[2] ?? found?.[3] ?? "").replaceAll("<", "&lt;");
}
