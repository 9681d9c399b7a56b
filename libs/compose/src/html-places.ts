import { decodeEntities } from "@tamis/message";
import type { SlotPlace } from "./escape.ts";
import type { FaultCode } from "./fault.ts";

/** Where a reader of HTML stands; the names are those of the HTML Living Standard §13.2.5, as far as a field can tell them apart. */
type State =
  | "text"
  | "tag-open"
  | "markup"
  | "tag-name"
  | "tag"
  | "attribute-name"
  | "after-name"
  | "before-value"
  | "double"
  | "single"
  | "unquoted"
  | "comment"
  | "raw";

/** Elements whose text holds no elements; in the first two a field may stand, as text. */
const RAW: ReadonlySet<string> = new Set(
  "title textarea script style xmp iframe noembed noframes noscript plaintext template".split(" "),
);
const LINES: ReadonlySet<string> = new Set(["title", "textarea"]);

const URLS: ReadonlySet<string> = new Set(
  "href src action formaction background cite poster longdesc data xlink:href ping usemap manifest".split(" "),
);

/** Attributes that are programs, styles or documents of their own. */
const LANGUAGES = /^(?:on.*|style|srcdoc|srcset|imagesrcset)$/;

/**
 * A URL whose host has not ended (RFC 3986 §3.2): a value would choose it. Of the web, browsers take any number of slashes before a host, of both kinds;
 * a URL that begins with a field may have no more than its host there.
 */
const OPEN_HOST = /^(?:\0|(?:https?|ftp):[\\/]*|[a-z][a-z0-9+.-]*:\/\/|[\\/]{2,})[^\\/?#]*$/i;

/** Stands for a field in the value of an attribute. */
const FIELD = "\0";

/** Longest name and value that are remembered: no URL that a field may stand in is longer before it. */
const MAX_REMEMBERED = 4_000;

/** Reads HTML in pieces, and says what a field between two of them would be part of. Never fails: any text is some HTML. */
export class HtmlPlaces {
  private state: State = "text";
  private tagName = "";
  private attribute = "";
  private value = "";
  /** The last characters of a comment or of raw text. */
  private tail = "";
  private rawName = "";
  /** In SVG and MathML, `title` and the like hold elements after all. */
  private isForeign = false;

  /** Reads on. */
  feed(html: string): void {
    for (const character of html) this.state = this.step(character);
  }

  /** What a field here would be, or why there may be none. A field that is asked for is taken as read. */
  field(): SlotPlace | FaultCode {
    switch (this.state) {
      case "text":
        return "html";
      case "raw":
        return LINES.has(this.rawName) && !this.isForeign ? "html-line" : "field-in-script";
      case "double":
      case "single": {
        const place = this.inAttribute();
        this.value += FIELD;
        return place;
      }
      default:
        return "field-in-markup";
    }
  }

  private inAttribute(): SlotPlace | FaultCode {
    if (LANGUAGES.test(this.attribute)) return "field-in-script";
    if (!URLS.has(this.attribute)) return "attribute";
    // Browsers read a URL without its TAB and line ends.
    const before = decodeEntities(this.value)
      .replace(/[\t\n\r]/g, "")
      .trimStart();
    if (before === "") return "url";
    if (OPEN_HOST.test(before)) return "field-in-host";
    const scheme = /^([^:/?#]*):/.exec(before)?.[1]?.toLowerCase();
    return scheme === undefined || /^(?:https?|mailto|tel|\0.*)$/.test(scheme) ? "url-part" : "field-in-script";
  }

  private step(character: string): State {
    switch (this.state) {
      case "text":
        return character === "<" ? "tag-open" : "text";
      case "tag-open":
        return this.tagOpen(character);
      case "markup":
        return this.inMarkup(character);
      case "tag-name":
        return this.inTagName(character);
      case "comment":
      case "raw":
        return this.inTail(character);
      default:
        return this.inTag(character);
    }
  }

  private tagOpen(character: string): State {
    this.tail = "";
    this.tagName = character.toLowerCase();
    if (character === "<") return "tag-open";
    if (character === "!" || character === "?") return "markup";
    return /[a-z/]/i.test(character) ? "tag-name" : "text";
  }

  /** `<!…>` and `<?…>`: a comment where two dashes follow. */
  private inMarkup(character: string): State {
    if (character === ">") return "text";
    this.tail = (this.tail + character).slice(0, 3);
    return this.tail === "--" && this.tagName === "!" ? "comment" : "markup";
  }

  private inTagName(character: string): State {
    if (character === ">") return this.tagEnd();
    if (/[\s/]/.test(character) && this.tagName !== "/") return "tag";
    if (this.tagName === "/" && !/[a-z]/i.test(character)) {
      // `</` and no letter: a comment up to the next ">".
      this.tagName = "?";
      return "markup";
    }
    this.tagName = (this.tagName + character.toLowerCase()).slice(0, MAX_REMEMBERED);
    return "tag-name";
  }

  private tagEnd(): State {
    this.tail = "";
    this.isForeign ||= this.tagName === "svg" || this.tagName === "math";
    if (!RAW.has(this.tagName)) return "text";
    this.rawName = this.tagName;
    return "raw";
  }

  /** Comments end with `-->` (`<!-->` is one), raw text with its own end tag. */
  private inTail(character: string): State {
    this.tail = (this.tail + character.toLowerCase()).slice(-20);
    if (this.state === "comment") return /--!?>$/.test(this.tail) ? "text" : "comment";
    const end = this.tail.lastIndexOf("</");
    if (end === -1 || this.tail.slice(end + 2, -1) !== this.rawName || !/[\s/>]/.test(character)) return "raw";
    this.tagName = `/${this.rawName}`;
    return character === ">" ? "text" : "tag";
  }

  private inTag(character: string): State {
    const isBlank = /\s/.test(character);
    switch (this.state) {
      case "double":
      case "single":
        if (character === (this.state === "double" ? '"' : "'")) return "tag";
        if (this.value.length < MAX_REMEMBERED) this.value += character;
        return this.state;
      case "before-value":
        if (isBlank) return "before-value";
        this.value = "";
        if (character === '"') return "double";
        if (character === "'") return "single";
        return character === ">" ? this.tagEnd() : "unquoted";
      case "unquoted":
        if (character === ">") return this.tagEnd();
        return isBlank ? "tag" : "unquoted";
      default:
        return this.inName(character, isBlank);
    }
  }

  private inName(character: string, isBlank: boolean): State {
    if (character === ">") return this.tagEnd();
    if (this.state === "attribute-name" || this.state === "after-name") {
      if (character === "=") return "before-value";
      if (isBlank) return "after-name";
    }
    if (isBlank || character === "/") return "tag";
    if (this.state === "attribute-name") this.attribute += character.toLowerCase();
    else this.attribute = character.toLowerCase();
    if (this.attribute.length > MAX_REMEMBERED) this.attribute = "";
    return "attribute-name";
  }
}
