import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { type Logger, openCertificate } from "@tamis/kit";
import type { Hono } from "hono";
import type { Env } from "./asked.ts";
import { Connections } from "./connections.ts";
import type { IsTrusted } from "./peer.ts";

export interface OpenServerOptions {
  readonly app: Pick<Hono<Env>, "fetch">;
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** PEM files; null: TLS ends before us, or this is loopback. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | null;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly isTrusted: IsTrusted;
  /** A connection on which nothing moves for so long is cut, ms: who asks and does not read holds no place for ever. */
  readonly idleMs?: number;
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
const OPTIONS: ServerOptions = {
  maxHeaderSize: HEADER_OCTETS,
  headersTimeout: HEADER_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
};

/** Listens on every address named. Throws where one cannot be had, or where the certificate cannot be used. */
export async function openServer(options: OpenServerOptions): Promise<OpenServer> {
  const open: Connections[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(open.map((one) => one.stop())));
  try {
    for (const { host, port } of options.listen) {
      const server = serverOf(options);
      server.maxConnections = options.connections;
      server.maxHeadersCount = HEADERS;
      server.setTimeout(options.idleMs ?? REQUEST_MS);
      const connections = new Connections(server, {
        perAddress: options.connectionsPerAddress,
        isTrusted: options.isTrusted,
      });
      await listen(server, host, port);
      open.push(connections);
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
