import { createServer, type Server, type ServerResponse } from "node:http";
import type { HealthBoard } from "./health.ts";
import type { Logger } from "./log.ts";
import { errorCode } from "./secret.ts";

export interface EndpointOptions {
  readonly host: string;
  readonly port: number;
  readonly health: HealthBoard;
  readonly scrape: (() => Promise<string>) | null;
  readonly log: Logger;
  /** Time between two attempts at a port that is taken; 2,000 where it is not said. */
  readonly retryMs?: number;
}

/** The HTTP endpoints of a service. */
export interface Endpoints {
  close(): Promise<void>;
}

/** Another instance on this machine may hold the port: sorting mail goes on without, and the port is taken over when it is free. */
const RETRY_MS = 2_000;

/** Serves /metrics, /livez and /readyz. Does not throw when the port is taken: it says so and tries again. */
export async function openEndpoints(options: EndpointOptions): Promise<Endpoints> {
  const server = createServer((request, response) => {
    answer(request.url ?? "/", request.method ?? "GET", response, options).catch((error: unknown) => {
      options.log.error({ err: error }, "endpoint-failed");
      response.writeHead(500).end();
    });
  });
  let retry: NodeJS.Timeout | undefined;
  let told = false;
  await listen(server, options).catch((error: unknown) => refused(error));

  function refused(error: unknown): void {
    const { host, port, log } = options;
    if (!told)
      log.warn(
        {
          host,
          port,
          code: errorCode(error),
          mend: "give each service its own under telemetry.prometheus.ports; tried again until it is free",
        },
        "endpoints-port-taken",
      );
    told = true;
    retry = setTimeout(() => void listen(server, options).catch(refused), options.retryMs ?? RETRY_MS);
    retry.unref();
  }

  return {
    close: async () => {
      clearTimeout(retry);
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, { host, port, log }: EndpointOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      log.info({ host, port }, "endpoints-open");
      resolve();
    });
  });
}

async function answer(
  url: string,
  method: string,
  response: ServerResponse,
  { health, scrape }: EndpointOptions,
): Promise<void> {
  if (method !== "GET" && method !== "HEAD") return end(response, 405, { error: "only GET" });
  switch (url.split("?")[0]) {
    case "/livez":
      return end(response, 200, { alive: true });
    case "/readyz": {
      const readiness = health.readiness();
      return end(response, readiness.ready ? 200 : 503, readiness);
    }
    case "/metrics": {
      if (scrape === null) break;
      const text = await scrape();
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
      return;
    }
    default:
  }
  return end(response, 404, { error: "not found", known: ["/metrics", "/livez", "/readyz"] });
}

function end(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(`${JSON.stringify(body)}\n`);
}
