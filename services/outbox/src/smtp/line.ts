import type { Socket } from "node:net";
import { ReplyReader, type SmtpReply } from "./reply.ts";
import { ConnectionLost } from "./route.ts";

interface Asking {
  readonly resolve: (reply: SmtpReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One socket: octets out, replies in, each awaited in its turn. */
export class SmtpLine {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  readonly #asking: Asking[] = [];
  /** Replies nobody asked for yet: the greeting may be here before it is awaited. */
  readonly #early: SmtpReply[] = [];
  #lost: ConnectionLost | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
  }

  get isOpen(): boolean {
    return this.#lost === null && !this.#socket.destroyed;
  }

  /** A server that speaks unasked says goodbye (421), or is not one to go on with. */
  get spokeUnasked(): boolean {
    return this.#early.length > 0;
  }

  write(octets: string | Uint8Array): void {
    if (this.isOpen) this.#socket.write(octets);
  }

  /** The next reply; {@link ConnectionLost} where none comes within `timeoutMs`, after which the connection is gone. */
  reply(timeoutMs: number): Promise<SmtpReply> {
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.#lost !== null) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lose(`no answer within ${timeoutMs} ms`), timeoutMs);
      this.#asking.push({ resolve, reject, timer });
    });
  }

  /** Lets go of the socket, for TLS to be put over it. */
  release(): Socket {
    this.#socket.off("data", this.#onData);
    this.#socket.off("error", this.#onError);
    this.#socket.off("close", this.#onClose);
    return this.#socket;
  }

  close(): void {
    this.#lose("closed by us");
  }

  #lose(why: string, cause?: unknown): void {
    if (this.#lost !== null) return;
    this.#lost = new ConnectionLost(`SMTP connection: ${why}`, { cause });
    this.#socket.destroy();
    for (const { reject, timer } of this.#asking.splice(0)) {
      clearTimeout(timer);
      reject(this.#lost);
    }
  }

  readonly #onError = (cause: Error): void => this.#lose("code" in cause ? String(cause.code) : cause.name, cause);
  readonly #onClose = (): void => this.#lose("ended by the server");
  readonly #onData = (chunk: Uint8Array): void => {
    const replies = this.#reader.push(chunk);
    if (replies === null) this.#lose("what it says is no SMTP");
    for (const reply of replies ?? []) {
      const next = this.#asking.shift();
      if (next === undefined) {
        this.#early.push(reply);
        continue;
      }
      clearTimeout(next.timer);
      next.resolve(reply);
    }
  };
}
