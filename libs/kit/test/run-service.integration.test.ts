import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { connectBus } from "@tamis/bus";
import { freePorts, guardProcess, type NatsServer, startNats, tempDir, waitFor } from "@tamis/testkit";

const SERVICE = fileURLToPath(new URL("./echo-service.ts", import.meta.url));
const folder = tempDir("kit-run");
let nats: NatsServer;
let files = 0;

before(async () => {
  nats = await startNats();
});
after(async () => {
  await nats.stop();
  folder.remove();
});

type Line = Readonly<Record<string, unknown>>;

/** A service in its own process, and what it said. */
class Process {
  readonly child: ChildProcess;
  readonly lines: Line[] = [];
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], config: string) {
    const env = { ...process.env, TAMIS_CONFIG: config, NODE_TEST_CONTEXT: undefined };
    this.child = spawn(process.execPath, [SERVICE, ...args], {
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (this.child.pid !== undefined) this.child.once("exit", guardProcess(this.child.pid));
    let rest = "";
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part.startsWith('{"level"')) this.lines.push(JSON.parse(part));
    });
    this.child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
    });
  }

  /** Its first line about `event`, as soon as it comes. */
  async said(event: string): Promise<Line> {
    return await waitFor(() => this.lines.find((line) => line["event"] === event), {
      describe: `${event} among ${this.lines.map((line) => line["event"]).join(" ")} ${this.stderr}`,
    });
  }

  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "close");
    return this.child.exitCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

const VALID =
  'imap: { host: a, sign_in: { method: master, user: m, password: "geheim" } }\naccounts: { list: [{ address: anna@example.org }] }\n';

function configure(text: string, base = VALID, url = nats.url): string {
  const path = join(folder.path, `tamis-${files++}.yaml`);
  writeFileSync(path, `state_dir: state\nnats: { servers: ["${url}"] }\n${base}${text}`, { mode: 0o600 });
  return path;
}

function run(text = "", args: readonly string[] = []): Process {
  return new Process(args, configure(text));
}

describe("the life of a service", { timeout: 60_000 }, () => {
  it("starts, answers, drains on SIGTERM and ends with 0", async () => {
    const service = run();
    await service.said("service-started");
    assert.equal((await service.said("accounts-loaded"))["accounts"], 1);
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
    const { aborted, connected } = await service.said("draining");
    assert.deepEqual({ aborted, connected }, { aborted: true, connected: true });
    assert.deepEqual(
      service.lines.slice(-3).map(({ event }) => event),
      ["service-stopping", "draining", "service-stopped"],
    );
    assert.doesNotMatch(service.stdout + service.stderr, /geheim|anna@/);
  });

  it("is not ready while it drains, ends with 0 on SIGINT when it has finished", async () => {
    const [port] = await freePorts(1);
    const service = run(`echo: { stop: slow }\ntelemetry: { prometheus: { ports: { echo: ${port} } } }`);
    const ready = async () => await (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
    await service.said("service-started");
    assert.deepEqual(await ready(), { ready: true, failing: {} });
    service.kill("SIGINT");
    await service.said("draining");
    assert.deepEqual(await ready(), { ready: false, failing: { stopping: "the service is stopping" } });
    service.kill("SIGUSR2");
    assert.equal(await service.exitCode(), 0);
  });

  it("ends with 1 at a second signal", async () => {
    const service = run("echo: { stop: slow }");
    await service.said("service-started");
    service.kill("SIGTERM");
    await service.said("draining");
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 1);
    await service.said("stop-forced");
  });

  const failing: readonly { name: string; config: string; event: string; signal?: NodeJS.Signals }[] = [
    { name: "a stop that takes too long", config: "echo: { stop: never }", event: "stop-too-slow", signal: "SIGTERM" },
    { name: "a stop that fails", config: "echo: { stop: throw }", event: "stop-failed", signal: "SIGTERM" },
    { name: "a start that fails", config: "echo: { bug: start }", event: "start-failed" },
    { name: "an exception that nobody catches", config: "echo: { bug: exception }", event: "uncaught-exception" },
    { name: "a rejection that nobody handles", config: "echo: { bug: rejection }", event: "unhandled-rejection" },
  ];
  for (const { name, config, event, signal } of failing) {
    it(`ends with 1: ${name}`, async () => {
      const service = run(config);
      if (signal !== undefined) {
        await service.said("service-started");
        service.kill(signal);
      }
      assert.equal(await service.exitCode(), 1);
      const line = await service.said(event);
      assert.doesNotMatch(JSON.stringify(line), /anna@/);
    });
  }

  it("waits for NATS, says so at /readyz, and still ends at once when asked", async () => {
    const [port, nowhere] = await freePorts(2);
    const config = configure(`telemetry: { prometheus: { port: ${port} } }`, VALID, `nats://127.0.0.1:${nowhere}`);
    const service = new Process([], config);
    await service.said("endpoints-open");
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    assert.equal(response.status, 503);
    assert.deepEqual(Object.keys(Object(((await response.json()) as { failing: unknown }).failing)), [
      "starting",
      "nats",
    ]);
    assert.equal((await fetch(`http://127.0.0.1:${port}/livez`)).status, 200);
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
  });

  it("ends with 78 and every fault where the configuration cannot be used", async () => {
    const service = new Process([], configure("echo: { stop: now }\nlog: { level: loud }"));
    assert.equal(await service.exitCode(), 78);
    assert.match(service.stderr, /tamis-\d+\.yaml:5:15: echo\.stop: .*\n.*:6:15: log\.level: /);
    const accounts = new Process(
      [],
      configure("", VALID.replace("anna@example.org }", "anna@example.org }, { address: anna@example.org }")),
    );
    assert.equal(await accounts.exitCode(), 78);
    assert.match(accounts.stderr, /accounts\.list\[1\]\.address: the account is there twice/);
  });
});

describe("the flags", { timeout: 60_000 }, () => {
  it("--check-config: 0 and a line, or 1 and the faults of settings and accounts", async () => {
    const good = run("", ["--check-config"]);
    assert.equal(await good.exitCode(), 0);
    assert.match(good.stdout, /^.*tamis-\d+\.yaml is valid, 1 accounts\n$/);
    const bad = run("lgo: {}", ["--check-config"]);
    assert.equal(await bad.exitCode(), 1);
    assert.match(bad.stderr, /:5:1: lgo: unknown key `lgo` \(did you mean `log`\?\)\n$/);
    const none = new Process(["--check-config", "--config", join(folder.path, "none.yaml")], "");
    assert.equal(await none.exitCode(), 1);
    assert.match(none.stderr, /none\.yaml: there is no such file/);
    const accounts = new Process(
      ["--check-config"],
      configure("", VALID.replace("anna@example.org", "a@x.org }, { address: A@x.org")),
    );
    assert.equal(await accounts.exitCode(), 1);
    assert.match(accounts.stderr, /accounts\.list\[1\]\.address: the account is there twice/);
  });

  it("--doctor: findings as JSON", async () => {
    const good = run("", ["--doctor"]);
    assert.equal(await good.exitCode(), 0, good.stderr);
    const findings = JSON.parse(good.stdout);
    assert.deepEqual(
      findings.map(({ id, ok }: { id: string; ok: boolean }) => [id, ok]),
      [
        ["config", true],
        ["state_dir", true],
        ["nats", true],
        ["echo", true],
      ],
    );
    assert.match(findings[2].text, /^nats-server \d+\.\d+\.\d+ at nats:\/\/127\.0\.0\.1:\d+, round trip [\d.]+ ms$/);
    const [nowhere] = await freePorts(1);
    const config = configure(
      `telemetry: { otlp: { endpoint: "http://127.0.0.1:${nowhere}" } }`,
      VALID,
      `nats://127.0.0.1:${nowhere}`,
    );
    const bad = new Process(["--doctor"], config);
    assert.equal(await bad.exitCode(), 1);
    const failed = JSON.parse(bad.stdout).filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual(
      failed.map(({ id }: { id: string }) => id),
      ["otlp", "nats", "echo"],
    );
    assert.match(failed[1].text, /no connection to nats:\/\/127\.0\.0\.1:\d+ within 5 s/);
    const faulty = run("lgo: {}", ["--doctor"]);
    assert.equal(await faulty.exitCode(), 1);
    assert.deepEqual(
      JSON.parse(faulty.stdout).map(({ id, mend }: { id: string; mend: string }) => [id, mend]),
      [["config", "did you mean `log`?"]],
    );
  });

  it("--help and what is no flag", async () => {
    const help = run("", ["--help"]);
    assert.equal(await help.exitCode(), 0);
    assert.match(help.stdout, /^Usage: echo \[--config FILE\]/);
    const wrong = run("", ["--confg"]);
    assert.equal(await wrong.exitCode(), 2);
    assert.match(wrong.stderr, /--confg/);
  });
});

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
  const bus = await connectBus({ servers: nats.url, name: "asker" });
  const reply = await bus.request("echo", new TextEncoder().encode("hello"), { timeoutMs: 5_000 });
  await bus.close();
  return reply.header("traceparent") ?? "";
}

describe("telemetry", { timeout: 60_000 }, () => {
  it("gives Prometheus text", async () => {
    const [port] = await freePorts(1);
    const service = run(`telemetry: { prometheus: { port: ${port} } }`);
    await service.said("service-started");
    const traceparent = await ask();
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await response.text();
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert.match(text, /^echo_asked_total 1$/m);
    assert.match(text, /^echo_duration_seconds_bucket\{le="0\.005"\} 1$/m);
    assert.match(text, /^process_memory_usage_bytes [1-9]\d+$/m);
    assert.match(text, /service_name="echo"/);
    // Without a collector a trace still has its id, in the log and on the way to others.
    assert.match(traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal((await service.said("asked"))["trace_id"], traceparent.slice(3, 35));
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
  });

  it("sends spans and metrics to a collector, the last of them on the way out", async () => {
    const collector = await receiver();
    const service = run(
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
    await collector.close();
  });

  it("samples none at 0, and a collector that is down holds nothing up", async () => {
    const [nowhere] = await freePorts(1);
    const service = run(`telemetry: { sampling: 0, otlp: { endpoint: "http://127.0.0.1:${nowhere}" } }`);
    await service.said("service-started");
    assert.match(await ask(), /-00$/);
    service.kill("SIGTERM");
    assert.equal(await service.exitCode(), 0);
  });
});
