import { createServer, type Server, type Socket } from "node:net";
import type { Route } from "../src/smtp/route.ts";

/**
 * What a server says to each command, by its first word; `.` is the final dot. A list is said in its order, the last one again and again.
 * Steps stand between bars: `cut` ends the connection, `end` the server's side of it, `silence` says nothing, anything else is said.
 */
export type Script = Readonly<Record<string, string | readonly string[]>>;

export interface ScriptedOptions {
  /** How replies come: each by itself, all of what was read at once together, or octet by octet. */
  readonly chunks?: "replies" | "together" | "octets";
  /** Says this in the middle of a mail, after so many octets of it. */
  readonly within?: { readonly octets: number; readonly say: string };
}

/** An SMTP server on loopback that follows a script, and what it was told. */
export interface ScriptedRelay extends Disposable {
  readonly route: Route;
  /** Lines as they came; of a mail the final dot. */
  readonly heard: readonly string[];
  /** How many reads each line came in: those with the same number came together. */
  readonly reads: readonly number[];
  readonly connections: () => number;
}

const GREETING = "220 here";
const EHLO = "250-here\r\n250-PIPELINING\r\n250 8BITMIME";

class Visitor {
  readonly #socket: Socket;
  readonly #relay: Scripted;
  #rest = "";
  #mailOctets: number | null = null;
  #out = "";
  /** It said its word in the middle of a mail: what follows is that mail's. */
  #isDeaf = false;
  /** What is yet to be said, octet by octet. */
  #turn: Promise<void> = Promise.resolve();

  constructor(socket: Socket, relay: Scripted) {
    this.#socket = socket;
    this.#relay = relay;
    socket.on("error", () => {});
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (chunk) => this.#read(String(chunk)));
    this.#answer("greeting", GREETING);
    this.#flush();
  }

  #read(chunk: string): void {
    const { within } = this.#relay.options;
    if (this.#isDeaf) return;
    this.#relay.readCount++;
    if (this.#mailOctets !== null) {
      this.#mailOctets += chunk.length;
      if (within !== undefined && this.#mailOctets >= within.octets) {
        this.#isDeaf = true;
        this.#perform(within.say);
        return;
      }
    }
    this.#rest += chunk;
    for (let end = this.#rest.indexOf("\r\n"); end !== -1; end = this.#rest.indexOf("\r\n")) {
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + 2);
      this.#line(line);
    }
    if (this.#relay.options.chunks === "together") this.#flush();
  }

  #line(line: string): void {
    if (this.#mailOctets !== null && line !== ".") return;
    const isDot = this.#mailOctets !== null;
    this.#mailOctets = null;
    this.#relay.heard.push(line);
    this.#relay.reads.push(this.#relay.readCount);
    const word = isDot ? "." : (line.split(/[ :]/)[0] ?? "");
    const said = this.#answer(word, word === "EHLO" ? EHLO : word === "DATA" ? "354 go" : "250 OK");
    if (word === "DATA" && said.startsWith("354")) this.#mailOctets = 0;
  }

  #answer(word: string, usual: string): string {
    const said = this.#relay.next(word) ?? usual;
    this.#perform(said);
    return said;
  }

  #perform(said: string): void {
    for (const step of said.split("|")) {
      if (step === "silence") continue;
      if (step === "cut") {
        this.#flush();
        this.#socket.destroySoon();
      } else if (step === "end") {
        this.#flush();
        this.#socket.end();
      } else this.#say(`${step}\r\n`);
    }
  }

  #say(text: string): void {
    if (!this.#socket.writable) return;
    const { chunks = "replies" } = this.#relay.options;
    if (chunks === "together") this.#out += text;
    else if (chunks === "replies") this.#socket.write(text);
    else
      this.#turn = this.#turn.then(async () => {
        for (const octet of Buffer.from(text)) {
          this.#socket.write(Buffer.of(octet));
          await new Promise(setImmediate);
        }
      });
  }

  #flush(): void {
    if (this.#out !== "" && this.#socket.writable) this.#socket.write(this.#out);
    this.#out = "";
  }
}

class Scripted implements ScriptedRelay {
  readonly heard: string[] = [];
  readonly reads: number[] = [];
  readonly options: ScriptedOptions;
  readonly #script: Script;
  readonly #said = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  readCount = 0;

  constructor(script: Script, options: ScriptedOptions) {
    this.#script = script;
    this.options = options;
    // Half open: a server may close its side and still read.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#connections++;
      this.#sockets.add(socket);
      socket.once("end", () => socket.end());
      socket.once("close", () => this.#sockets.delete(socket));
      new Visitor(socket, this);
    });
  }

  get route(): Route {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const times = { connectMs: 5_000, commandMs: 300, dataMs: 300 };
    return { host: "127.0.0.1", port, tls: "none", name: "test", ...times };
  }

  connections(): number {
    return this.#connections;
  }

  next(word: string): string | undefined {
    const given = this.#script[word];
    const count = this.#said.get(word) ?? 0;
    this.#said.set(word, count + 1);
    return typeof given === "string" ? given : given?.[Math.min(count, given.length - 1)];
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Starts one. */
export async function scriptedRelay(script: Script, options: ScriptedOptions = {}): Promise<ScriptedRelay> {
  const relay = new Scripted(script, options);
  await relay.listen();
  return relay;
}
