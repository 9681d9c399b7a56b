import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { type Logger, openCertificate } from "@tamis/kit";
import type { Hono } from "hono";
import type { Env } from "./asked.ts";

export interface OpenServerOptions {
  readonly app: Pick<Hono<Env>, "fetch">;
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** PEM files; null: TLS ends before us, or this is loopback. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | null;
  readonly connections: number;
  readonly log: Pick<Logger, "info" | "error">;
}

export interface OpenServer {
  /** Takes nothing new, lets what is under way end. */
  stop(): Promise<void>;
}

/** Slow or silent clients: the header in so many ms, the whole request in so many. */
const HEADER_MS = 15_000;
const REQUEST_MS = 300_000;
const KEEP_ALIVE_MS = 10_000;
const HEADER_OCTETS = 16_384;
const HEADERS = 100;
/** What is under way at a stop has so long. */
const STOP_MS = 8_000;
/** Connections on which nothing is under way end by themselves in this time, or are cut. */
const LAST_MS = 500;

const OPTIONS: ServerOptions = {
  maxHeaderSize: HEADER_OCTETS,
  headersTimeout: HEADER_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
};

/** Listens on every address named. Throws where one cannot be had, or where the certificate cannot be used. */
export async function openServer(options: OpenServerOptions): Promise<OpenServer> {
  const open: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(open.map((close) => close())));
  try {
    for (const { host, port } of options.listen) {
      const server = serverOf(options);
      server.maxConnections = options.connections;
      server.maxHeadersCount = HEADERS;
      const close = closing(server);
      await listen(server, host, port);
      open.push(close);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

function serverOf({ app, certificate, log }: OpenServerOptions): Server {
  const listener = getRequestListener((request, { incoming }) => {
    // Proof: of http a Socket, of https a TLSSocket, which alone is `encrypted`.
    const { remoteAddress: address = "", encrypted = false } = incoming.socket as Partial<TLSSocket>;
    return app.fetch(request, { address, encrypted });
  });
  if (certificate === null) return createServer(OPTIONS, listener);
  const { certFile, keyFile } = certificate;
  const pair = () => ({ cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: "TLSv1.2" as const });
  const watched = openCertificate({
    certFile,
    keyFile,
    onFault: (err) => log.error({ err }, "certificate-unusable"),
    onRenewed(fields) {
      server.setSecureContext(pair());
      log.info(fields, "certificate-renewed");
    },
  });
  const server = createTlsServer({ ...OPTIONS, handshakeTimeout: HEADER_MS, ...pair() }, listener);
  // Looked at before each handshake.
  server.prependListener("connection", () => void watched.context());
  return server;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      // Too many open files: those that are open go on.
      server.on("error", () => {});
      resolve();
    });
  });
}

/** Counts what is under way from now on; the answer takes nothing new, waits for that, and ends the connections. */
function closing(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  let underWay = 0;
  let onIdle = (): void => {};
  // Node knows of connections that speak HTTP: one that never began its handshake is none to it.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (_request, response) => {
    underWay++;
    response.once("close", () => {
      underWay--;
      if (underWay === 0) onIdle();
    });
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, STOP_MS);
      onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
      if (underWay === 0) onIdle();
    });
    server.closeIdleConnections();
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, LAST_MS);
    await closed;
    clearTimeout(timer);
  };
}
