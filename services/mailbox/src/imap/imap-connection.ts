import type { Duplex, Readable, Writable } from "node:stream";
import { type RawResponse, ResponseSplitter } from "./response-splitter.ts";
import { suggestedPause } from "./suggested-pause.ts";

/** RFC 9051 §7.1: the tagged answer to a command. */
export interface Tagged {
  readonly status: "OK" | "NO" | "BAD";
  /** Response code in upper case (`TRYCREATE`, `COPYUID` …), empty where there is none, and what follows it within the brackets. */
  readonly code: string;
  readonly codeText: string;
  readonly text: string;
}

/** An untagged response: `* 12 EXISTS` has number 12, kind EXISTS, and `position` where its values begin. */
export interface Untagged {
  readonly kind: string;
  readonly number: number;
  readonly raw: RawResponse;
  readonly position: number;
}

export interface ImapSockets {
  readonly read: Readable;
  readonly write: Writable;
  readonly socket: Duplex;
}

export interface ConnectionOptions {
  /** Without any byte from the server while a command waits: dead. Milliseconds. */
  readonly silenceMs: number;
  /** A DONE without its tagged answer for so long: dead. */
  readonly doneMs: number;
  readonly maxLine?: number;
  readonly maxLiteral?: number;
  /** Untagged responses that no running command asked for. */
  readonly onUntagged: (untagged: Untagged) => void;
  /** Called once, when the connection is of no more use. */
  readonly onClosed: (error: ConnectionLost) => void;
}

/** The connection broke; what its last commands did is unknown. `code` is stable: closed, silent, bye, protocol, renumbered, throttled, stopped. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  readonly code: string;
  /** How long the server asks to be left alone. */
  readonly pauseMs: number;
  constructor(code: string, message: string, { cause, pauseMs = 0 }: { cause?: unknown; pauseMs?: number } = {}) {
    super(message, { cause });
    this.code = code;
    this.pauseMs = pauseMs;
  }
}

interface Pending {
  readonly resolve: (tagged: Tagged) => void;
  readonly reject: (error: Error) => void;
  readonly onUntagged: ((untagged: Untagged) => boolean) | undefined;
  readonly idle: IdleState | undefined;
  /** Sent when the server says `+` (RFC 9051 §4.3), then undefined. */
  literal: Uint8Array | undefined;
}

interface IdleState {
  /** The server said `+`: DONE may be sent (RFC 2177 §3). */
  continued: boolean;
  doneWanted: boolean;
}

/** One IDLE under way. */
export interface Idle {
  /** When the server's tagged answer came, for whatever reason. */
  readonly ended: Promise<Tagged>;
  /** Sends DONE, once. */
  done(): void;
}

/** Octets of a literal handed to the socket at once. */
const PIECE = 64 * 1024;

const UNTAGGED = /^\* (?:(\d{1,10}) )?([A-Za-z0-9-]+) ?/;
const TAGGED = /^(T\d+) (OK|NO|BAD)(?: \[([^\] ]+) ?([^\]]*)\])? ?(.*)$/is;

/**
 * The part of IMAP that mail is moved with, over a connection that is signed in already: commands are pipelined
 * freely and answered through promises. Nothing here knows accounts, folders or plans.
 */
export class ImapConnection {
  readonly #sockets: ImapSockets;
  readonly #options: ConnectionOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #splitter: ResponseSplitter;
  #nextTag = 1;
  #watchdog: NodeJS.Timeout | null = null;
  #closed: ConnectionLost | null = null;
  /** `performance.now()` of the last byte received. */
  lastHeard = performance.now();

  constructor(sockets: ImapSockets, options: ConnectionOptions) {
    this.#sockets = sockets;
    this.#options = options;
    this.#splitter = new ResponseSplitter(
      { maxLine: options.maxLine ?? 8_000_000, maxLiteral: options.maxLiteral ?? 64_000_000 },
      (response) => this.#onResponse(response),
    );
    sockets.read.on("data", (chunk: Buffer) => this.#onData(chunk));
    for (const stream of new Set([sockets.read, sockets.write, sockets.socket])) {
      stream.on("error", (error) =>
        this.close(new ConnectionLost("closed", `connection failed: ${error.message}`, { cause: error })),
      );
      stream.on("close", () => this.close(new ConnectionLost("closed", "connection closed by the server")));
    }
    sockets.read.on("end", () => this.close(new ConnectionLost("closed", "connection closed by the server")));
    sockets.read.resume();
  }

  /** Why the connection is of no more use; null while it is. */
  get closed(): ConnectionLost | null {
    return this.#closed;
  }

  /**
   * Sends one command; `onUntagged` sees the untagged responses while it runs and answers true for those it took. A `literal`
   * follows a text that ends in `{octets}`, once the server has asked for it: one that refuses a mail refuses it unread.
   * Rejects only with {@link ConnectionLost}.
   */
  command(text: string, onUntagged?: (untagged: Untagged) => boolean, literal?: Uint8Array): Promise<Tagged> {
    return this.#send(text, { onUntagged, literal, idle: undefined });
  }

  /** RFC 2177. No other command may be sent before `done()`. */
  idle(): Idle {
    const state: IdleState = { continued: false, doneWanted: false };
    const ended = this.#send("IDLE", { idle: state, onUntagged: undefined, literal: undefined });
    ended.catch(() => undefined);
    return {
      ended,
      done: () => {
        if (state.doneWanted) return;
        state.doneWanted = true;
        this.#arm();
        if (state.continued) this.#write("DONE\r\n");
      },
    };
  }

  /** Ends the connection; every waiting command is rejected with `reason`. Harmless when repeated. */
  close(reason = new ConnectionLost("stopped", "connection closed by Tamis")): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#sockets.socket.destroy();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const command of pending) command.reject(reason);
    this.#options.onClosed(reason);
  }

  #send(text: string, more: Pick<Pending, "onUntagged" | "idle" | "literal">): Promise<Tagged> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const tag = `T${this.#nextTag}`;
    this.#nextTag += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(tag, { resolve, reject, ...more });
      this.#arm();
      this.#write(`${tag} ${text}\r\n`);
    });
  }

  #write(text: string): void {
    if (this.#closed === null) this.#sockets.write.write(text, "latin1");
  }

  /** In pieces: a slow upload is no silence. */
  #writeLiteral(literal: Uint8Array): void {
    for (let at = 0; at < literal.length && this.#closed === null; at += PIECE)
      this.#sockets.write.write(literal.subarray(at, at + PIECE), () => this.#arm());
    this.#write("\r\n");
  }

  #onData(chunk: Buffer): void {
    this.lastHeard = performance.now();
    try {
      this.#splitter.write(chunk);
    } catch (error) {
      this.close(new ConnectionLost("protocol", String(error), { cause: error }));
    }
    this.#arm();
  }

  /** The watchdog runs while something is awaited from the server: a command's answer, or DONE's. */
  #arm(): void {
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    let wait = 0;
    for (const { idle } of this.#pending.values()) {
      if (idle === undefined || !idle.continued) wait = Math.max(wait, this.#options.silenceMs);
      else if (idle.doneWanted) wait = Math.max(wait, this.#options.doneMs);
    }
    if (wait === 0 || this.#closed !== null) return;
    this.#watchdog = setTimeout(() => {
      this.close(new ConnectionLost("silent", `the server said nothing for ${wait} ms`));
    }, wait);
  }

  #onResponse(raw: RawResponse): void {
    if (this.#closed !== null) return;
    if (raw.text.startsWith("* ")) this.#onUntaggedLine(raw);
    else if (raw.text.startsWith("+")) this.#onContinuation();
    else this.#onTaggedLine(raw.text);
  }

  #onUntaggedLine(raw: RawResponse): void {
    const match = UNTAGGED.exec(raw.text);
    if (match === null) return;
    const untagged = {
      kind: (match[2] ?? "").toUpperCase(),
      number: Number(match[1] ?? 0),
      raw,
      position: match[0].length,
    };
    for (const { onUntagged } of this.#pending.values()) if (onUntagged?.(untagged)) return;
    this.#options.onUntagged(untagged);
    if (untagged.kind === "BYE")
      this.close(new ConnectionLost("bye", `the server said BYE: ${raw.text.slice(6, 206)}`));
  }

  #onContinuation(): void {
    for (const pending of this.#pending.values()) {
      const { idle, literal } = pending;
      if (literal !== undefined) {
        pending.literal = undefined;
        this.#writeLiteral(literal);
        return;
      }
      if (idle === undefined || idle.continued) continue;
      idle.continued = true;
      if (idle.doneWanted) this.#write("DONE\r\n");
      return;
    }
  }

  #onTaggedLine(text: string): void {
    const match = TAGGED.exec(text);
    const pending = this.#pending.get(match?.[1] ?? "");
    if (match === null || pending === undefined) return;
    const pauseMs = asStatus(match[2]) === "OK" ? null : suggestedPause(match[5] ?? "");
    // It is not this command that the server minds, and the next one would only make it wait longer.
    if (pauseMs !== null) {
      this.close(new ConnectionLost("throttled", "the server asks for a pause", { pauseMs }));
      return;
    }
    this.#pending.delete(match[1] ?? "");
    pending.resolve({
      status: asStatus(match[2]),
      code: (match[3] ?? "").toUpperCase(),
      codeText: match[4] ?? "",
      text: match[5] ?? "",
    });
  }
}

function asStatus(word: string | undefined): Tagged["status"] {
  const status = word?.toUpperCase();
  return status === "OK" || status === "NO" ? status : "BAD";
}
