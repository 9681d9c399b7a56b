import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** A ManageSieve client that is no wiser than the test. */
export class ManageSieveClient {
  #socket: Socket;
  #received = "";
  #wake: () => void = () => {};
  closed = false;
  /** What the server said first. */
  greeting = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(port: number): Promise<ManageSieveClient> {
    const client = new ManageSieveClient(connectTcp({ host: "127.0.0.1", port }));
    client.greeting = await client.answer();
    return client;
  }

  static async connectTls(port: number, ca: string): Promise<ManageSieveClient> {
    const client = new ManageSieveClient(connectTls({ host: "localhost", port, ca: readFileSync(ca) }));
    await client.answer();
    return client;
  }

  /** Connected, inside TLS. */
  static async secure(port: number, ca: string): Promise<ManageSieveClient> {
    const client = await ManageSieveClient.connect(port);
    await client.say("STARTTLS\r\n");
    await client.startTls(ca);
    return client;
  }

  /** The capabilities that the server tells after the handshake. */
  startTls(ca: string): Promise<string> {
    this.#socket.removeAllListeners("data");
    this.#socket = connectTls({ socket: this.#socket, servername: "localhost", ca: readFileSync(ca) });
    this.#listen();
    return this.answer();
  }

  #listen(): void {
    this.#socket.on("data", (data) => {
      this.#received += data.toString();
      this.#wake();
    });
    const end = (): void => {
      this.closed = true;
      this.#wake();
    };
    this.#socket.on("error", end);
    this.#socket.on("close", end);
  }

  write(text: string | Buffer): void {
    this.#socket.write(text);
  }

  say(text: string): Promise<string> {
    this.write(text);
    return this.answer();
  }

  signIn(name: string, password: string, authzid = ""): Promise<string> {
    const message = Buffer.from(`${authzid}\0${name}\0${password}`).toString("base64");
    return this.say(`AUTHENTICATE "PLAIN" "${message}"\r\n`);
  }

  put(name: string, script: string): Promise<string> {
    return this.say(`PUTSCRIPT "${name}" {${Buffer.byteLength(script)}+}\r\n${script}\r\n`);
  }

  /** All up to the line that ends an answer. */
  async answer(): Promise<string> {
    for (;;) {
      const end = answerEnd(this.#received);
      if (end !== null) {
        const answer = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return answer;
      }
      if (this.closed) throw new Error(`the connection ended after ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves when the server has closed the connection. */
  async ended(): Promise<string> {
    while (!this.closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#received;
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Behind the first line that begins with OK, NO or BYE outside a literal, with the literal it may end in. */
function answerEnd(text: string): number | null {
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd === -1) return null;
    const line = text.slice(at, lineEnd);
    const literal = /\{(\d+)\}$/.exec(line)?.[1];
    let end = lineEnd + 2;
    if (literal !== undefined) {
      end += Buffer.from(text.slice(end)).subarray(0, Number(literal)).toString().length;
      const rest = text.indexOf("\r\n", end);
      if (rest === -1) return null;
      end = rest + 2;
    }
    if (/^(OK|NO|BYE)\b/.test(line)) return end;
    at = end;
  }
}
