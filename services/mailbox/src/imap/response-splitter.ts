/** One IMAP response (RFC 9051 §2.2.2): its text, with each literal replaced by NUL, which no IMAP text may hold, and the literals in order. */
export interface RawResponse {
  /** Without the final CRLF. Bytes as latin1. */
  readonly text: string;
  readonly literals: readonly Buffer[];
}

/** What a server may send before we call it broken. */
export interface SplitterLimits {
  /** Octets of one line without its literals. */
  readonly maxLine: number;
  /** Octets of all literals of one response. */
  readonly maxLiteral: number;
}

const LF = 10;
const LITERAL_AT_END = /~?\{(\d+)\+?\}$/;
/** RFC 9051 §7.1: what follows is text for a person, which may end like a literal: a folder's name, quoted back. */
const STATUS = /^(?:\S+ (?:OK|NO|BAD|BYE|PREAUTH)|\+)(?: |$)/i;
const LITERAL_MARK = "\0";
const NOTHING = Buffer.alloc(0);

/**
 * Cuts the bytes of an IMAP connection into responses. Holds no more than the response it is in. A literal that lies in one chunk is a
 * view into it: the mails of a backlog fill their chunks, and a lone one came in a chunk of its own size.
 */
export class ResponseSplitter {
  readonly #limits: SplitterLimits;
  readonly #onResponse: (response: RawResponse) => void;
  #text = "";
  #literals: Buffer[] = [];
  #literalOctets = 0;
  /** The begin of a line whose end has not come: its first octets, and room that doubles. */
  #partialLine = NOTHING;
  #partialOctets = 0;
  /** Octets of the literal that is being read; 0: a line is. */
  #size = 0;
  /** As much of it as came in earlier chunks. */
  #literal: Buffer | null = null;
  #filled = 0;

  constructor(limits: SplitterLimits, onResponse: (response: RawResponse) => void) {
    this.#limits = limits;
    this.#onResponse = onResponse;
  }

  /** Throws `RangeError` where the server exceeds a limit: the connection is of no use after that. */
  write(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      offset = this.#size === 0 ? this.#readLine(chunk, offset) : this.#readLiteral(chunk, offset);
    }
  }

  #readLiteral(chunk: Buffer, offset: number): number {
    const end = offset + this.#size;
    if (this.#literal === null && end <= chunk.length) {
      this.#endLiteral(chunk.subarray(offset, end));
      return end;
    }
    this.#literal ??= Buffer.allocUnsafeSlow(this.#size);
    const taken = chunk.copy(this.#literal, this.#filled, offset, end - this.#filled);
    this.#filled += taken;
    if (this.#filled === this.#size) this.#endLiteral(this.#literal);
    return offset + taken;
  }

  #endLiteral(literal: Buffer): void {
    this.#literals.push(literal);
    this.#text += LITERAL_MARK;
    this.#size = 0;
    this.#literal = null;
    this.#filled = 0;
  }

  #readLine(chunk: Buffer, offset: number): number {
    const end = chunk.indexOf(LF, offset);
    const piece = chunk.subarray(offset, end < 0 ? chunk.length : end);
    if (this.#text.length + this.#partialOctets + piece.length > this.#limits.maxLine)
      throw new RangeError("IMAP line longer than the limit");
    if (end < 0) {
      this.#keep(piece);
      return chunk.length;
    }
    const line = this.#partialOctets === 0 ? piece : this.#keep(piece);
    this.#partialLine = NOTHING;
    this.#partialOctets = 0;
    this.#endLine(line.toString("latin1", 0, line.at(-1) === 13 ? line.length - 1 : line.length));
    return end + 1;
  }

  /** Adds to the begin of a line; all of it. */
  #keep(piece: Buffer): Buffer {
    const octets = this.#partialOctets + piece.length;
    if (octets > this.#partialLine.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(octets, 2 * this.#partialLine.length));
      this.#partialLine.copy(grown, 0, 0, this.#partialOctets);
      this.#partialLine = grown;
    }
    piece.copy(this.#partialLine, this.#partialOctets);
    this.#partialOctets = octets;
    return this.#partialLine.subarray(0, octets);
  }

  #endLine(line: string): void {
    const literal = line.endsWith("}") ? LITERAL_AT_END.exec(line) : null;
    if (literal === null || (this.#text === "" && STATUS.test(line))) {
      const response = { text: this.#text + line.replaceAll(LITERAL_MARK, ""), literals: this.#literals };
      this.#text = "";
      this.#literals = [];
      this.#literalOctets = 0;
      this.#onResponse(response);
      return;
    }
    const size = Number(literal[1]);
    this.#literalOctets += size;
    if (this.#literalOctets > this.#limits.maxLiteral)
      throw new RangeError(`IMAP literals of ${this.#literalOctets} octets in one response: more than the limit`);
    this.#text += line.slice(0, literal.index).replaceAll(LITERAL_MARK, "");
    if (size === 0) this.#endLiteral(NOTHING);
    else this.#size = size;
  }
}
