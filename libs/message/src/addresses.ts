/** Address lists (RFC 5322 §3.4 and its obsolete forms §4.4), read as tolerantly as they are written. */

import { decodeWords } from "./encoded-words.ts";
import type { Mailbox } from "./model.ts";
import { commentEnd } from "./parameters.ts";

/** One element of the list as scanned: the text around an angle address, or all of it. */
interface Element {
  /** Blanks collapsed, quotes kept, comments gone. */
  readonly written: string;
  /** The same with quoted strings unquoted. */
  readonly phrase: string;
  /** What stood in angle brackets, null when there were none. */
  readonly angle: string | null;
  /** The last comment: the old way to give a name, "a@b.example (Name)". */
  readonly comment: string;
  /** An "@" stands outside quotes and brackets. */
  readonly bare: boolean;
  /** The delimiter that ended it: one of `,` `;` `:` or "" at the end. */
  readonly delimiter: string;
}

/**
 * Reads an address list. Encoded words are decoded in names only, after the list is taken apart, so that a comma or an
 * address inside one cannot add a recipient. A list element without any address gives a mailbox with address "".
 * QUIRK: an unquoted comma in a name ("Doe, John <j@x.example>") joins the two; semicolons separate as commas do.
 */
export function parseAddresses(text: string): readonly Mailbox[] {
  const simple = simpleAddress(text);
  if (simple !== null) return [simple];
  return new AddressReader(text).read();
}

const SIMPLE =
  /^(?:(?:"([^"\\]{0,200})"|([\w!#$%&'*+\-/=?^`{|}~. ]{0,200})) )?<([\w!#$%&'*+\-/=?^`{|}~.]{1,100})@([\w.-]{1,200})>$/;
/** Atoms and dots (RFC 5322 §3.2.3), beyond ASCII too (RFC 6532 §3.2). */
const LOCAL_USER = /^[\w!#$%&'*+\-/^`{|}~.\u0080-\uFFFF]+$/;
const BARE = /^([\w!#$%&'*+\-/=?^`{|}~.]{1,100})@([\w.-]{1,200})$/;

/** The commonest forms, `Name <a@b.example>` and `a@b.example`, without the full reading. */
function simpleAddress(text: string): Mailbox | null {
  const bare = BARE.exec(text);
  if (bare !== null) return { name: "", address: text, localPart: bare[1] ?? "", domain: bare[2] ?? "" };
  const parts = SIMPLE.exec(text);
  if (parts === null) return null;
  const [, quoted, plain = "", localPart = "", domain = ""] = parts;
  return { name: decodeWords((quoted ?? plain).trim()), address: `${localPart}@${domain}`, localPart, domain };
}

class AddressReader {
  private readonly text: string;
  private readonly mailboxes: Mailbox[] = [];
  private at = 0;
  private group: string | undefined;
  private groupCount = 0;
  /** Elements without an address, which may be the beginning of a name with commas. */
  private pending: Element[] = [];
  /** Brackets known not to close from here on, so that each is searched once. */
  private readonly unclosed = new Set<string>();

  constructor(text: string) {
    this.text = text;
  }

  read(): readonly Mailbox[] {
    while (this.at < this.text.length) {
      const element = this.readElement();
      if (element.delimiter === ":" && this.opensGroup(element)) continue;
      this.take(element);
      if (element.delimiter !== ",") this.flushPending();
      if (element.delimiter === ";") this.closeGroup();
    }
    this.flushPending();
    this.closeGroup();
    return this.mailboxes;
  }

  private opensGroup(element: Element): boolean {
    // QUIRK: "mailto:a@b.example" and "To: a@b.example" inside the value are prefixes, not groups.
    if (/^(?:mailto|smtp|to|cc)$/i.test(element.phrase)) return true;
    if (element.angle !== null || element.phrase.includes("@")) return false;
    this.flushPending();
    this.closeGroup();
    this.group = decodeWords(element.phrase);
    this.groupCount = this.mailboxes.length;
    return true;
  }

  private closeGroup(): void {
    if (this.group !== undefined && this.groupCount === this.mailboxes.length) this.add("", "");
    this.group = undefined;
  }

  private take(element: Element): void {
    if (element.angle !== null) this.takeAngle(element, element.angle);
    else if (element.bare) {
      this.flushPending();
      this.takeBare(element);
    } else if (element.written !== "") this.pending.push(element);
  }

  private takeAngle(element: Element, angle: string): void {
    const phrase = [...this.pending, element].map((one) => one.phrase).join(", ");
    this.pending = [];
    const name = decodeWords(phrase) || decodeWords(element.comment);
    const address = angleAddress(angle);
    if (address !== "") this.add(name, address);
    else if (name !== "") this.addNamed(name);
  }

  /** `a@b.example`, `a@b.example (Name)`, and the broken `Name a@b.example`. */
  private takeBare(element: Element): void {
    // RFC 5322 §4.4: blanks around the dots of an address, where it is all there is.
    const joined = element.written.replace(/ ?([.@]) ?/g, "$1");
    const isAddress = !/[ "]/.test(joined);
    const written = isAddress ? joined : element.written.replace(/ ?@ ?/g, "@");
    const { start, end } = addressSpan(written);
    const around = `${written.slice(0, start)} ${written.slice(end)}`.replaceAll('"', "").trim();
    this.add(decodeWords(around) || decodeWords(element.comment), written.slice(start, end));
  }

  private flushPending(): void {
    for (const element of this.pending) {
      // One word is a local user, "root"; anything else is a name whose address is missing.
      if (LOCAL_USER.test(element.written)) this.add(decodeWords(element.comment), element.written);
      else this.addNamed(decodeWords(element.phrase));
    }
    this.pending = [];
  }

  /** QUIRK: `"a@b.example"` and `"a@b.example" <>`: an address in quotes where no other one follows. */
  private addNamed(name: string): void {
    this.add(name, /^[^\s@"<>]+@[^\s@"<>]+$/.test(name) ? name : "");
  }

  private add(name: string, address: string): void {
    const split = address.lastIndexOf("@");
    const local = split === -1 ? address : address.slice(0, split);
    const mailbox: Mailbox = {
      name: name.trim(),
      address,
      localPart: local.startsWith('"') && local.endsWith('"') ? unquote(local.slice(1, -1)) : local,
      domain: split === -1 ? "" : address.slice(split + 1),
    };
    this.mailboxes.push(this.group === undefined ? mailbox : { ...mailbox, group: this.group });
  }

  /** Everything up to the next delimiter, which is consumed. */
  private readElement(): Element {
    const written: string[] = [];
    const phrase: string[] = [];
    let angle: string | null = null;
    let comment = "";
    let bare = false;
    let delimiter = "";
    while (this.at < this.text.length) {
      const start = this.at;
      const character = this.text[start] ?? "";
      if (character === "," || character === ";" || (character === ":" && angle === null)) {
        delimiter = character;
        this.at++;
        break;
      }
      const end = this.bracketEnd(character);
      const content = this.text.slice(start + 1, end - 1);
      if (end === 0) {
        const plain = this.readPlain();
        bare ||= plain.includes("@");
        // A bracket without its other half says nothing.
        written.push(plain.replaceAll(">", ""));
        phrase.push(plain.replaceAll(">", ""));
      } else if (character === "(") {
        comment = unquote(content).trim();
        written.push(" ");
        phrase.push(" ");
      } else if (character === '"') {
        written.push(this.text.slice(start, end));
        phrase.push(unquote(content));
      } else if (character === "[") {
        written.push(this.text.slice(start, end));
        phrase.push(this.text.slice(start, end));
      } else angle = angle === null || angle === "" ? content : angle;
      if (end !== 0) this.at = end;
    }
    return { written: collapse(written), phrase: collapse(phrase), angle, comment, bare, delimiter };
  }

  /** Characters up to the next special one; at least one, so that reading goes on. */
  private readPlain(): string {
    const start = this.at;
    do this.at++;
    while (this.at < this.text.length && !isSpecial(this.text.charCodeAt(this.at)));
    return this.text.slice(start, this.at);
  }

  /** Index after what the opening character encloses; 0 when it opens nothing or never closes. */
  private bracketEnd(opening: string): number {
    if (this.unclosed.has(opening)) return 0;
    const end = this.closing(opening);
    if (end === -1) this.unclosed.add(opening);
    return Math.max(end, 0);
  }

  private closing(opening: string): number {
    switch (opening) {
      case "(":
        return commentEnd(this.text, this.at);
      case '"':
        return quoteEnd(this.text, this.at);
      case "[": {
        const end = this.text.indexOf("]", this.at);
        return end + 1 || -1;
      }
      case "<":
        return angleEnd(this.text, this.at);
      default:
        return 0;
    }
  }
}

const SPECIALS = Uint8Array.from({ length: 128 }, (_, code) => Number('",;:(<['.includes(String.fromCharCode(code))));
const isSpecial = (code: number): boolean => code < 128 && SPECIALS[code] === 1;

const collapse = (pieces: readonly string[]): string => pieces.join("").replace(/\s+/g, " ").trim();

const unquote = (text: string): string => (text.includes("\\") ? text.replace(/\\(.)/gs, "$1") : text);

/** Index after the quoted string that opens at `start`, -1 when it never closes. */
function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return -1;
}

/** Index after the angle address that opens at `start`; QUIRK: without ">" it ends with the text. */
function angleEnd(text: string, start: number): number {
  const end = text.indexOf(">", start);
  if (end === -1) return text.length + 1;
  const quote = text.slice(start, end).indexOf('"');
  if (quote === -1) return end + 1;
  const after = quoteEnd(text, start + quote);
  if (after === -1) return end + 1;
  const later = text.indexOf(">", after);
  return later === -1 ? end + 1 : later + 1;
}

/** The addr-spec of an angle address: without blanks, comments' remains, routes (RFC 5322 §4.4) and further brackets. */
function angleAddress(content: string): string {
  const plain = content.replace(/^[<\s]+/, "").replace(/^mailto:/i, "");
  if (plain.includes('"')) return plain.trim();
  const route = plain.startsWith("@") ? plain.slice(plain.indexOf(":") + 1) : plain;
  // RFC 5322 §4.4 allows blanks around dots and "@"; others stay as written, since to drop them would invent an address.
  const spaced = route
    .replace(/\([^()]*\)/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return spaced.replace(/ ?([.@]) ?/g, "$1");
}

/** Where the address around the last "@" of the text begins and ends: at blanks, or at the quotes of its local part. */
function addressSpan(text: string): { readonly start: number; readonly end: number } {
  const at = text.lastIndexOf("@");
  const start = text[at - 1] === '"' ? quoteStart(text, at) : text.lastIndexOf(" ", at) + 1;
  const blank = text.indexOf(" ", at);
  return { start, end: blank === -1 ? text.length : blank };
}

/** Where the quoted string begins that ends before `end`; `end` itself when there is none. */
function quoteStart(text: string, end: number): number {
  let start = text.indexOf('"');
  while (start !== -1 && start < end) {
    const after = quoteEnd(text, start);
    if (after === end) return start;
    start = after === -1 ? -1 : text.indexOf('"', after);
  }
  return end;
}
