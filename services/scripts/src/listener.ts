import { createServer, type Server, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { ScriptsConfig } from "./config.ts";
import { Connection, type Timing } from "./connection.ts";
import { bye } from "./protocol/response.ts";
import { Session, type SessionDeps } from "./session.ts";
import { tell } from "./texts.ts";

export interface ListenerOptions {
  readonly config: Pick<ScriptsConfig, "listen" | "connections" | "connections_per_address" | "language">;
  readonly deps: SessionDeps;
  readonly secureContext: () => SecureContext;
  readonly timing: Timing;
  /** Connections now. */
  readonly onConnections?: (count: number) => void;
}

export interface Listener {
  /** Takes nothing new, lets commands under way end, says goodbye. */
  stop(): Promise<void>;
}

const STOP_MS = 8_000;

/** Listens on every address named. Throws where one cannot be had. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const doorkeeper = new Doorkeeper(options);
  const servers: Server[] = [];
  try {
    for (const { host, port, tls } of options.config.listen)
      servers.push(await open({ host, port }, (socket) => doorkeeper.receive(socket, tls)));
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    async stop() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      await doorkeeper.stop();
      await Promise.all(closed);
    },
  };
}

function open(
  { host, port }: { readonly host: string | undefined; readonly port: number },
  onSocket: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onSocket);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(host === undefined ? { port } : { host, port }, () => {
      server.off("error", reject);
      // Too many open files: those that are open go on.
      server.on("error", () => {});
      resolve(server);
    });
  });
}

/** Who is inside, and how many from where. */
class Doorkeeper {
  readonly #options: ListenerOptions;
  readonly #connections = new Map<Connection, Socket>();
  readonly #byAddress = new Map<string, number>();

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  receive(socket: Socket, tls: "starttls" | "implicit"): void {
    const { config, deps, secureContext, timing } = this.#options;
    const peer = socket.remoteAddress ?? "";
    const ofPeer = this.#byAddress.get(peer) ?? 0;
    if (this.#connections.size >= config.connections || ofPeer >= config.connections_per_address) {
      socket.on("error", () => {});
      // In the clear nobody who expects TLS could read it.
      if (tls === "starttls") socket.write(bye(tell("too-many-connections", config.language), "TRYLATER"));
      socket.destroySoon();
      return;
    }
    const session = new Session(deps, { peer, tls: false });
    const connection = new Connection(socket, { session, language: config.language, secureContext, timing });
    this.#connections.set(connection, socket);
    this.#byAddress.set(peer, ofPeer + 1);
    this.#count();
    void connection.closed.then(() => this.#left(connection, peer));
    if (tls === "implicit") connection.beginTls();
    else connection.begin();
  }

  async stop(): Promise<void> {
    const all = [...this.#connections];
    for (const [connection] of all) connection.stop();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    await Promise.race([Promise.all(all.map(([connection]) => connection.closed)), promise]);
    clearTimeout(timer);
    for (const [, socket] of this.#connections) socket.destroy();
  }

  #left(connection: Connection, peer: string): void {
    this.#connections.delete(connection);
    const left = (this.#byAddress.get(peer) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(peer);
    else this.#byAddress.set(peer, left);
    this.#count();
  }

  #count(): void {
    this.#options.onConnections?.(this.#connections.size);
  }
}
