import type { Socket } from "node:net";
import { ReplyReader, type SmtpReply } from "./reply.ts";
import { ConnectionLost } from "./route.ts";

interface Asking {
  readonly resolve: (reply: SmtpReply) => void;
  readonly reject: (error: Error) => void;
  readonly timeoutMs: number;
}

/** One socket: octets out, replies in, each awaited in its turn. */
export class SmtpLine {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  readonly #asking: Asking[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lost: ConnectionLost | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("error", this.#onError);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
    // It may have gone while it was handed over: no event tells of it any more.
    if (socket.destroyed) this.#onEnd();
  }

  get isOpen(): boolean {
    return this.#lost === null && !this.#socket.destroyed;
  }

  write(octets: string | Uint8Array): void {
    if (this.isOpen) this.#socket.write(octets);
  }

  /**
   * Resolves when the octets have left this process, or the connection is lost. A reply that is waited for has its time from then on
   * (RFC 5321 §4.5.3.2: a timer for each buffer of the data, never one for all of it).
   */
  flushed(octets: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isOpen) return resolve();
      // Called with an error where the socket was destroyed meanwhile.
      this.#socket.write(octets, () => {
        if (this.isOpen) this.#waitForNext();
        resolve();
      });
    });
  }

  /**
   * The next reply; {@link ConnectionLost} where none comes within `timeoutMs` of the one before it, or of what was {@link flushed} last, after
   * which the connection is gone: each of several commands that were written together has its own time.
   */
  reply(timeoutMs: number): Promise<SmtpReply> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#asking.push({ resolve, reject, timeoutMs });
      if (this.#asking.length === 1) this.#waitForNext();
    });
  }

  /** Lets go of the socket, for TLS to be put over it. */
  release(): Socket {
    this.#socket.off("data", this.#onData);
    this.#socket.off("error", this.#onError);
    this.#socket.off("end", this.#onEnd);
    this.#socket.off("close", this.#onEnd);
    return this.#socket;
  }

  close(): void {
    this.#lose("closed by us");
  }

  #waitForNext(): void {
    clearTimeout(this.#timer);
    const [next] = this.#asking;
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#lose(`no answer within ${next.timeoutMs} ms`), next.timeoutMs);
  }

  #lose(why: string, cause?: unknown): void {
    if (this.#lost !== null) return;
    this.#lost = new ConnectionLost(`SMTP connection: ${why}`, { cause });
    this.#socket.destroy();
    clearTimeout(this.#timer);
    for (const { reject } of this.#asking.splice(0)) reject(this.#lost);
  }

  readonly #onError = (cause: Error): void => this.#lose("code" in cause ? String(cause.code) : cause.name, cause);
  /** RFC 5321 §3.8: a server that closed its side has said its last word, though it may still read. */
  readonly #onEnd = (): void => this.#lose("ended by the server");
  readonly #onData = (chunk: Uint8Array): void => {
    const replies = this.#reader.push(chunk);
    if (replies === null) this.#lose("what it says is no SMTP");
    for (const reply of replies ?? []) {
      const next = this.#asking.shift();
      // It says goodbye, or its replies are out of step with our commands: the next one would be taken for the answer to another.
      if (next === undefined) this.#lose(`${reply.code}, unasked`);
      else next.resolve(reply);
    }
    if (this.isOpen && replies?.length !== 0) this.#waitForNext();
  };
}
