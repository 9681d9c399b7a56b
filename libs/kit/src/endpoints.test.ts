import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { openEndpoints } from "./endpoints.ts";
import { HealthBoard } from "./health.ts";
import { openLog } from "./log.ts";

/** A port that is free now, held by a server until it is closed. */
async function heldPort() {
  const server = createServer((_request, response) => response.end("the other one"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Proof: listens on TCP.
  const { port } = server.address() as AddressInfo;
  return { port, release: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

function logOf(events: (line: Record<string, unknown>) => void) {
  return openLog({
    service: "x",
    instance: "y",
    settings: { level: "info", format: "json" },
    write: (line) => events(JSON.parse(line)),
  });
}

describe("the endpoints", { timeout: 20_000 }, () => {
  it("answer what they are asked", async () => {
    const { port, release } = await heldPort();
    await release();
    const health = new HealthBoard();
    const endpoints = await openEndpoints({
      host: "127.0.0.1",
      port,
      health,
      scrape: async () => "metric 1\n",
      log: logOf(() => {}),
    });
    const get = async (path: string, method = "GET") => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      const type = response.headers.get("content-type") ?? "";
      return [
        response.status,
        type.startsWith("application/json") && method !== "HEAD" ? await response.json() : await response.text(),
      ];
    };
    assert.deepEqual(await get("/livez"), [200, { alive: true }]);
    assert.deepEqual(await get("/readyz"), [503, { ready: false, failing: { starting: "the service is starting" } }]);
    health.set("starting", "ok");
    assert.deepEqual(await get("/readyz?verbose"), [200, { ready: true, failing: {} }]);
    health.set("nats", "the connection is lost");
    assert.deepEqual(await get("/readyz"), [503, { ready: false, failing: { nats: "the connection is lost" } }]);
    assert.deepEqual(await get("/metrics"), [200, "metric 1\n"]);
    assert.equal((await get("/metrics", "HEAD"))[0], 200);
    assert.equal((await get("/metrics", "POST"))[0], 405);
    assert.equal((await get("/other"))[0], 404);
    await endpoints.close();
    await assert.rejects(get("/livez"));
  });

  it("wait for a port that another instance holds, and take it over", async () => {
    const { port, release } = await heldPort();
    const opened = Promise.withResolvers<void>();
    const events: unknown[] = [];
    const log = logOf(({ event }) => {
      events.push(event);
      if (event === "endpoints-open") opened.resolve();
    });
    const endpoints = await openEndpoints({
      host: "127.0.0.1",
      port,
      health: new HealthBoard(),
      scrape: null,
      log,
      retryMs: 20,
    });
    assert.deepEqual(events, ["endpoints-port-taken"]);
    await release();
    await opened.promise;
    assert.equal((await fetch(`http://127.0.0.1:${port}/livez`)).status, 200);
    assert.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 404);
    await endpoints.close();
  });
});
