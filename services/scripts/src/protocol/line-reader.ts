/** A piece of a command (RFC 5804 §4). */
export type Token =
  | { readonly kind: "atom"; readonly text: string }
  /** 0 … 4,294,967,295. */
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly bytes: Uint8Array }
  /** A literal longer than what is taken: its octets were read and dropped. */
  | { readonly kind: "oversized"; readonly octets: number };

export type LineFault = "syntax" | "bare-lf" | "line-too-long" | "literal-too-long" | "too-many-tokens";

/** A command with its literals, or what is wrong with it. After a `fatal` fault nothing more can be read. */
export type Line =
  | { readonly kind: "line"; readonly tokens: readonly Token[] }
  | { readonly kind: "fault"; readonly fault: LineFault; readonly fatal: boolean };

/** Octets. */
export interface ReaderLimits {
  /** All of a command but its literals. */
  readonly line: number;
  /** A literal that is kept. */
  readonly literal: number;
  /** A literal that is read and dropped, so that its command can be answered. */
  readonly dropped: number;
}

const CR = 0x0d;
const LF = 0x0a;
const MAX_TOKENS = 8;

interface Literal {
  readonly octets: number;
  readonly keep: boolean;
  readonly parts: Buffer[];
  left: number;
}

/**
 * Cuts what a client sends into commands, however the network cut it. Holds at most one command: a literal's octets are
 * taken as they come, and text is bounded by the limit of a line.
 */
export class LineReader {
  #pending: Buffer = Buffer.alloc(0);
  #tokens: Token[] = [];
  #octets = 0;
  #literal: Literal | null = null;
  #fault: LineFault | null = null;

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
  }

  /** Octets that are not part of a command returned yet, those of a command half-read included. */
  get unread(): number {
    return this.#pending.length + this.#octets;
  }

  /** The next command; `null` until more is pushed. */
  next(limits: ReaderLimits): Line | null {
    for (;;) {
      if (this.#literal !== null && !this.#fillLiteral(this.#literal)) return null;
      const end = this.#pending.indexOf(LF);
      if (this.#octets + (end === -1 ? this.#pending.length : end) > limits.line) return fatal("line-too-long");
      if (end === -1) return null;
      const line = this.#segment(this.#take(end + 1).subarray(0, -1), limits);
      if (line !== null) return line;
    }
  }

  #take(octets: number): Buffer {
    const taken = this.#pending.subarray(0, octets);
    this.#pending = this.#pending.subarray(octets);
    return taken;
  }

  #fillLiteral(literal: Literal): boolean {
    const part = this.#take(Math.min(literal.left, this.#pending.length));
    literal.left -= part.length;
    // Copied: a view would keep the whole chunk alive.
    if (literal.keep && part.length > 0) literal.parts.push(Buffer.from(part));
    if (literal.left > 0) return false;
    this.#literal = null;
    this.#tokens.push(
      literal.keep
        ? { kind: "string", bytes: Buffer.concat(literal.parts) }
        : { kind: "oversized", octets: literal.octets },
    );
    return true;
  }

  /** What stands between two line ends, outside literals. */
  #segment(withCr: Buffer, limits: ReaderLimits): Line | null {
    this.#octets += withCr.length + 1;
    const hasCr = withCr.at(-1) === CR;
    if (!hasCr) this.#fault ??= "bare-lf";
    const text = hasCr ? withCr.subarray(0, -1) : withCr;
    const literal = literalAtEnd(text);
    const fault = tokenize(literal === null ? text : text.subarray(0, literal.at), this.#tokens);
    this.#fault ??= fault;
    if (this.#tokens.length > MAX_TOKENS) this.#fault ??= "too-many-tokens";
    if (literal === null) return this.#finish();
    if (literal.octets > limits.dropped) return fatal("literal-too-long");
    const keep = literal.octets <= limits.literal && this.#fault === null;
    this.#literal = { octets: literal.octets, left: literal.octets, keep, parts: [] };
    return null;
  }

  #finish(): Line {
    const fault = this.#fault;
    const tokens = this.#tokens;
    this.#tokens = [];
    this.#octets = 0;
    this.#fault = null;
    return fault === null ? { kind: "line", tokens } : { kind: "fault", fault, fatal: false };
  }
}

const fatal = (fault: LineFault): Line => ({ kind: "fault", fault, fatal: true });

/**
 * `literal-c2s = "{" number "+}" CRLF *OCTET`.
 * QUIRK: `{n}`, which RFC 5804 keeps for servers, is taken from clients too: those of the drafts before it send that, and
 * wait for nothing.
 */
const LITERAL = /\{(0|[1-9]\d{0,9})\+?\}$/;

function literalAtEnd(text: Buffer): { readonly at: number; readonly octets: number } | null {
  const tail = text.subarray(-14).toString("latin1");
  const found = LITERAL.exec(tail);
  if (found === null || isInQuotes(text)) return null;
  return { at: text.length - tail.length + found.index, octets: Number(found[1]) };
}

/** `"…{5}` at the end of a line is an unfinished quoted string, not a literal. */
function isInQuotes(text: Buffer): boolean {
  let open = false;
  for (let i = 0; i < text.length; i++) {
    if (open && text[i] === BACKSLASH) i++;
    else if (text[i] === QUOTE) open = !open;
  }
  return open;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** `ATOM-CHAR = "!" / %x23-27 / %x2A-5B / %x5D-7A / %x7C-7E`. */
const ATOM = /[!#-'*-[\]-z|-~]+/y;
/** `number`: 32 bits, no leading zero. */
const NUMBER = /^(0|[1-9]\d{0,9})$/;

function tokenize(text: Buffer, tokens: Token[]): LineFault | null {
  const latin = text.toString("latin1");
  let at = 0;
  let separated = true;
  while (at < text.length) {
    if (text[at] === SPACE) {
      separated = true;
      at++;
      continue;
    }
    if (!separated) return "syntax";
    const token = text[at] === QUOTE ? quoted(text, at) : word(latin, at);
    if (token === null) return "syntax";
    tokens.push(token.token);
    at = token.end;
    separated = false;
  }
  // A literal follows its space, as any argument.
  return null;
}

interface Found {
  readonly token: Token;
  readonly end: number;
}

/** `quoted = DQUOTE *1024QUOTED-CHAR DQUOTE`; longer ones are taken as far as the line goes. */
function quoted(text: Buffer, start: number): Found | null {
  const bytes = Buffer.alloc(text.length - start);
  let length = 0;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === QUOTE)
      return { token: { kind: "string", bytes: Buffer.from(bytes.subarray(0, length)) }, end: i + 1 };
    // `"\" QUOTED-SPECIALS`; a backslash before anything else stands for what follows, as IMAP servers read it.
    if (text[i] === BACKSLASH) i++;
    const byte = text[i];
    if (byte === undefined || byte === 0 || byte === CR) return null;
    bytes[length++] = byte;
  }
  return null;
}

function word(latin: string, at: number): Found | null {
  ATOM.lastIndex = at;
  const text = ATOM.exec(latin)?.[0];
  if (text === undefined) return null;
  const end = at + text.length;
  if (!/^\d+$/.test(text)) return { token: { kind: "atom", text }, end };
  const value = Number(text);
  return NUMBER.test(text) && value < 2 ** 32 ? { token: { kind: "number", value }, end } : null;
}
