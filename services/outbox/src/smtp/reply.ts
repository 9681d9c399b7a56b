import { StringDecoder } from "node:string_decoder";

/** What an SMTP server answered (RFC 5321 §4.2). */
export interface SmtpReply {
  /** 200 … 599. */
  readonly code: number;
  /** RFC 3463, `4.2.1`; null where the server gave none. */
  readonly status: string | null;
  /** Its lines without code and status, in one line, at most 500 characters. */
  readonly text: string;
  /** The lines as they came, without their code. */
  readonly lines: readonly string[];
}

/** RFC 5321 §4.5.3.1.5 allows 512 octets a line; a whole EHLO answer fits into this many times over. */
const MAX_REPLY_OCTETS = 64 * 1024;
const TEXT_CHARACTERS = 500;
const LINE = /^(\d{3})(?:([ -])(.*))?$/s;
const STATUS = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/;

/** `true` where the reply says yes (2yz). */
export const isPositive = ({ code }: SmtpReply): boolean => code >= 200 && code < 300;

/** A reply of our own, where the server was not asked: `554 5.6.3 …`. */
export function localReply(code: number, status: string, text: string): SmtpReply {
  return { code, status, text, lines: [`${status} ${text}`] };
}

/** As it is shown to people: `450 4.2.0 try again`. */
export const formatReply = ({ code, status, text }: SmtpReply): string =>
  [String(code), status, text].filter((part) => part !== null && part !== "").join(" ");

/** What stands behind its code. */
export const textOf = ({ status, text }: SmtpReply): string => (status === null ? text : `${status} ${text}`);

/** Octets from the server to replies. */
export class ReplyReader {
  /** A character may come in two pieces. */
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #lines: string[] = [];

  /** The replies that are complete now; null where the octets are no SMTP, after which there is nothing to hope for. */
  push(chunk: Uint8Array): SmtpReply[] | null {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    const replies: SmtpReply[] = [];
    for (const line of lines) {
      const match = LINE.exec(line);
      const code = Number(match?.[1]);
      if (match === null || code < 200 || code > 599) return null;
      this.#lines.push(match[3] ?? "");
      if (match[2] === "-") continue;
      replies.push(replyOf(code, this.#lines));
      this.#lines = [];
    }
    // Empty lines, too: a reply that never ends may have nothing else.
    const kept = this.#lines.reduce((sum, line) => sum + line.length + 1, this.#rest.length);
    return kept > MAX_REPLY_OCTETS ? null : replies;
  }
}

function replyOf(code: number, lines: readonly string[]): SmtpReply {
  const status = STATUS.exec(lines[0] ?? "")?.[1] ?? null;
  const text = lines
    .map((line) => line.replace(STATUS, "").trim())
    .join(" ")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters would reach terminals
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .slice(0, TEXT_CHARACTERS);
  return { code, status, text, lines: [...lines] };
}
