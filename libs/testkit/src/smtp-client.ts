import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** What a server answered: its code, and all its lines without it. */
export type ClientReply = { readonly code: number; readonly lines: readonly string[] };

export type SmtpClientOptions = {
  readonly port: number;
  /** PEM of the server's certificate; for TLS. */
  readonly ca?: string;
  /** Default `none`; {@link SmtpClient.startTls} begins it later. */
  readonly tls?: "implicit" | "none";
};

const REPLY_MS = 20_000;

/** Speaks SMTP as it is told, octet by octet; each reply has a deadline. */
export class SmtpClient implements Disposable {
  #socket: Socket;
  readonly #ca: string | undefined;
  #rest = "";
  readonly #replies: ClientReply[] = [];
  #lines: string[] = [];
  #isClosed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, ca: string | undefined) {
    this.#socket = socket;
    this.#ca = ca;
    this.#listen();
  }

  /** Connected; the greeting is yet to be read. */
  static async connect({ port, ca, tls = "none" }: SmtpClientOptions): Promise<SmtpClient> {
    if (tls === "none") {
      const socket = connectTcp({ port, host: "127.0.0.1" });
      await once(socket, "connect");
      return new SmtpClient(socket, ca);
    }
    const socket = connectTls({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ...(ca === undefined ? {} : { ca }),
    });
    await once(socket, "secureConnect");
    return new SmtpClient(socket, ca);
  }

  /** Whether the server ended the connection. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(octets: string | Uint8Array): void {
    this.#socket.write(octets);
  }

  async reply(timeoutMs = REPLY_MS): Promise<ClientReply> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const next = this.#replies.shift();
      if (next !== undefined) return next;
      if (this.#isClosed) throw new Error("the server closed the connection");
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no SMTP reply within ${timeoutMs} ms`);
      await this.#woken(left);
    }
  }

  async command(line: string): Promise<ClientReply> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Resolves when the server has ended the connection. */
  async closed(timeoutMs = REPLY_MS): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#isClosed) {
      if (Date.now() > deadline) throw new Error(`not closed within ${timeoutMs} ms`);
      await this.#woken(deadline - Date.now() + 1);
    }
  }

  /** After the server's 220 to STARTTLS. */
  async startTls(): Promise<void> {
    this.#socket.removeAllListeners("data");
    this.#socket.removeAllListeners("close");
    const ca = this.#ca;
    const secured = connectTls({ socket: this.#socket, servername: "localhost", ...(ca === undefined ? {} : { ca }) });
    await once(secured, "secureConnect");
    this.#socket = secured;
    this.#listen();
  }

  /** The mail, dot-stuffed, and its final dot; the answer to it. */
  async data(mail: string | Uint8Array): Promise<ClientReply> {
    this.writeData(mail);
    return this.reply(60_000);
  }

  writeData(mail: string | Uint8Array): void {
    const text = Buffer.from(mail)
      .toString("latin1")
      .replace(/(^|\r\n)\./g, "$1..");
    this.write(Buffer.from(`${text}${text.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1"));
  }

  /** Goes away without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  async #woken(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", () => {});
    this.#socket.once("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  #take(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString("utf8")).split("\r\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#lines.push(line.slice(4));
      if (line[3] === "-") continue;
      this.#replies.push({ code: Number(line.slice(0, 3)), lines: this.#lines });
      this.#lines = [];
    }
    this.#wake();
  }
}
