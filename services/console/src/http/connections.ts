import type { Server } from "node:http";
import type { Socket } from "node:net";
import { type IsTrusted, plainAddress } from "./peer.ts";

/** What is under way at a stop has so long. */
const STOP_MS = 8_000;
/** Connections on which nothing is under way end by themselves in this time, or are cut. */
const LAST_MS = 500;

export interface ConnectionsOptions {
  readonly perAddress: number;
  /** Whoever comes by a proxy of ours comes from its address. */
  readonly isTrusted: IsTrusted;
}

/** The connections of a server: how many from where, and what is under way on them. */
export class Connections {
  readonly #server: Server;
  readonly #options: ConnectionsOptions;
  readonly #sockets = new Set<Socket>();
  readonly #byAddress = new Map<string, number>();
  #underWay = 0;
  #onIdle = (): void => {};

  constructor(server: Server, options: ConnectionsOptions) {
    this.#server = server;
    this.#options = options;
    // Node knows of connections that speak HTTP: one that never began its handshake is none to it.
    server.on("connection", (socket: Socket) => this.#receive(socket));
    server.on("request", (_request, response) => {
      this.#underWay++;
      response.once("close", () => {
        this.#underWay--;
        if (this.#underWay === 0) this.#onIdle();
      });
    });
  }

  /** Takes nothing new, waits for what is under way, and ends every connection. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#idle();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, LAST_MS);
    await closed;
    clearTimeout(timer);
  }

  #receive(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    const count = this.#byAddress.get(address) ?? 0;
    if (count >= this.#options.perAddress && !this.#options.isTrusted(address)) {
      socket.destroy();
      return;
    }
    this.#byAddress.set(address, count + 1);
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    });
  }

  #idle(): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, STOP_MS);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#underWay === 0) this.#onIdle();
    });
  }
}
