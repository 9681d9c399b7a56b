import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { connectBus } from "@tamis/bus";
import { freePorts } from "@tamis/testkit";
import { installation } from "./installation.ts";

let site: Awaited<ReturnType<typeof installation>>;
before(async () => {
  site = await installation();
});
after(() => site.remove());

/** Keeps what is posted to it. */
async function receiver() {
  const got: { readonly url: string; readonly token: unknown; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      got.push({ url: request.url ?? "", token: request.headers["x-token"], body });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    got,
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function ask(): Promise<string> {
  const bus = await connectBus({ servers: site.url, name: "asker" });
  const reply = await bus.request("echo", new TextEncoder().encode("hello"), { timeoutMs: 20_000 });
  await bus.close();
  return reply.header("traceparent") ?? "";
}

describe("telemetry", { timeout: 120_000 }, () => {
  it("gives Prometheus text", async () => {
    const [port] = await freePorts(1);
    const service = site.run(`telemetry: { prometheus: { port: ${port} } }`);
    await service.said("service-started");
    const traceparent = await ask();
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await response.text();
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert.match(text, /^echo_asked_total 1$/m);
    assert.match(text, /^echo_duration_bucket\{le="0\.005"\} 1$/m);
    assert.match(text, /^process_memory_usage [1-9]\d+$/m);
    assert.match(text, /service_name="echo"/);
    // Without a collector a trace still has its id, in the log and on the way to others.
    assert.match(traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal((await service.said("asked"))["trace_id"], traceparent.slice(3, 35));
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
  });

  it("sends spans and metrics to a collector, the last of them on the way out", async (t) => {
    const collector = await receiver();
    t.after(collector.close);
    const service = site.run(
      `telemetry: { otlp: { endpoint: "http://127.0.0.1:${collector.port}/", headers: { x-token: "hush" } } }`,
    );
    await service.said("service-started");
    const traceparent = await ask();
    assert.match(traceparent, /-01$/);
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
    const traces = collector.got.filter(({ url }) => url === "/v1/traces");
    const sent = JSON.parse(traces[0]?.body ?? "{}").resourceSpans[0];
    assert.equal(sent.scopeSpans[0].spans[0].name, "echo");
    assert.equal(sent.scopeSpans[0].spans[0].traceId, traceparent.slice(3, 35));
    assert.deepEqual(sent.resource.attributes.find(({ key }: { key: string }) => key === "service.name").value, {
      stringValue: "echo",
    });
    assert.equal(traces[0]?.token, "hush");
    assert.match(collector.got.find(({ url }) => url === "/v1/metrics")?.body ?? "", /"echo\.asked"/);
    assert.doesNotMatch(service.stdout + service.stderr, /hush/);
  });

  it("samples none at 0, and a collector that is down holds nothing up", async () => {
    const [nowhere] = await freePorts(1);
    const service = site.run(`telemetry: { sampling: 0, otlp: { endpoint: "http://127.0.0.1:${nowhere}" } }`);
    await service.said("service-started");
    assert.match(await ask(), /-00$/);
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
  });
});
