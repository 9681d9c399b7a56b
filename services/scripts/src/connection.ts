import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { LineReader } from "./protocol/line-reader.ts";
import { bye } from "./protocol/response.ts";
import type { Session } from "./session.ts";
import { type Language, type TextName, tell } from "./texts.ts";

export interface ConnectionOptions {
  readonly session: Session;
  readonly language: Language;
  readonly secureContext: () => SecureContext;
  readonly timing: Timing;
}

/** Milliseconds. */
export interface Timing {
  /** A stranger's silence, and the TLS handshake. */
  readonly strangerIdleMs: number;
  /** How long anybody may be a stranger. */
  readonly strangerMs: number;
  /** RFC 5804 §1.2: no less than 30 minutes. */
  readonly ownerIdleMs: number;
}

export const timing: Timing = { strangerIdleMs: 60_000, strangerMs: 300_000, ownerIdleMs: 35 * 60_000 };

/** One client's socket: bytes in, commands one after the other through the session, answers out. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #closed = Promise.withResolvers<void>();
  #reader = new LineReader();
  #stream: Socket;
  #busy = false;
  #ended = false;
  #stopping = false;
  #idle: NodeJS.Timeout | undefined;
  readonly #strangerEnd: NodeJS.Timeout;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#stream = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#forget());
    this.#strangerEnd = setTimeout(() => {
      if (!options.session.isOwner) this.#farewell("idle");
    }, options.timing.strangerMs);
    this.#watchSilence();
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Greets in the clear, for STARTTLS. */
  begin(): void {
    this.#listen();
    void this.#write(this.#options.session.greeting());
  }

  /** Shakes hands at once (implicit TLS), or after STARTTLS; greets inside. */
  beginTls(): void {
    const socket = this.#stream;
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#options.secureContext() });
    this.#stream = secure;
    secure.on("error", () => socket.destroy());
    secure.once("close", () => this.#forget());
    secure.once("secure", () => {
      this.#listen();
      void this.#write(this.#options.session.tlsBegan());
    });
  }

  /** Says goodbye once the command under way has been answered. */
  stop(): void {
    this.#stopping = true;
    if (!this.#busy) this.#farewell("stopping");
  }

  #listen(): void {
    this.#reader = new LineReader();
    this.#stream.on("data", this.#onData);
    // A client that has sent its last may still want to read the answers.
    this.#stream.once("end", () => {
      if (!this.#busy) this.#stream.end();
    });
    this.#stream.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#watchSilence();
    this.#reader.push(chunk);
    void this.#work();
  };

  /** Nothing more is read while a command is carried out: a client that sends faster waits, not our memory. */
  async #work(): Promise<void> {
    if (this.#busy || this.#ended) return;
    this.#busy = true;
    this.#stream.pause();
    try {
      while (!this.#ended && (await this.#step()));
    } finally {
      this.#busy = false;
    }
    if (this.#ended) return;
    if (this.#stopping) this.#farewell("stopping");
    else if (this.#stream.readableEnded) this.#stream.end();
    else {
      this.#watchSilence();
      this.#stream.resume();
    }
  }

  /** One command; `false` where there is none to be had now. */
  async #step(): Promise<boolean> {
    const { session } = this.#options;
    const line = this.#reader.next(session.limits);
    if (line === null) return false;
    const reply = await session.handle(line);
    if (reply.next === "starttls") return this.#startTls(reply.text);
    await this.#write(reply.text);
    if (reply.next === "close") this.#end();
    return !this.#stopping;
  }

  /**
   * What came together with STARTTLS came in the clear, from whomever: the connection ends, rather than that it is taken
   * for what the client says inside TLS.
   */
  #startTls(text: string): false {
    if (this.#reader.unread > 0 || this.#stream.readableLength > 0) {
      this.#farewell("sent-before-tls");
      return false;
    }
    this.#stream.off("data", this.#onData);
    this.#stream.removeAllListeners("end");
    this.#ended = true;
    this.#stream.write(text, () => {
      if (this.#stream.destroyed) return;
      this.#ended = false;
      this.beginTls();
    });
    return false;
  }

  async #write(text: string): Promise<void> {
    if (this.#stream.destroyed || this.#stream.write(text)) return;
    // A client that does not read its answers gets no more of them.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stream.once("drain", resolve);
    this.#stream.once("close", resolve);
    await promise;
    this.#stream.off("drain", resolve);
    this.#stream.off("close", resolve);
  }

  #farewell(name: TextName): void {
    if (this.#ended) return;
    void this.#write(bye(tell(name, this.#options.language), name === "stopping" ? "TRYLATER" : undefined));
    this.#end();
  }

  /** RFC 5804 §2.3: nothing said after it counts. */
  #end(): void {
    this.#ended = true;
    clearTimeout(this.#idle);
    this.#stream.off("data", this.#onData);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stream.end(resolve);
    const patience = setTimeout(resolve, LINGER_MS);
    void promise.then(() => {
      clearTimeout(patience);
      this.#stream.destroy();
    });
  }

  #watchSilence(): void {
    clearTimeout(this.#idle);
    if (this.#ended) return;
    const { session, timing: times } = this.#options;
    const limit = session.isOwner ? times.ownerIdleMs : times.strangerIdleMs;
    // While a command is carried out the silence is ours.
    this.#idle = setTimeout(() => (this.#busy ? this.#watchSilence() : this.#farewell("idle")), limit);
  }

  #forget(): void {
    this.#ended = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#strangerEnd);
    this.#closed.resolve();
  }
}

const LINGER_MS = 2_000;
