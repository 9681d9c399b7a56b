import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePorts } from "@tamis/testkit";
import { installation, VALID } from "./installation.ts";

let site: Awaited<ReturnType<typeof installation>>;
before(async () => {
  site = await installation();
});
after(() => site.remove());

describe("the life of a service", { timeout: 120_000 }, () => {
  it("starts, answers, drains on SIGTERM and ends with 0", async () => {
    const service = site.run();
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
    const service = site.run(`echo: { stop: slow }\ntelemetry: { prometheus: { ports: { echo: ${port} } } }`);
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
    const service = site.run("echo: { stop: slow }");
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
      const service = site.run(config);
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
    const config = site.configure(`telemetry: { prometheus: { port: ${port} } }`, VALID, `nats://127.0.0.1:${nowhere}`);
    const service = site.start([], config);
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
    const service = site.start([], site.configure("echo: { stop: now }\nlog: { level: loud }"));
    assert.equal(await service.exitCode(), 78);
    assert.match(service.stderr, /tamis-\d+\.yaml:5:15: echo\.stop: .*\n.*:6:15: log\.level: /);
    const accounts = site.start(
      [],
      site.configure("", VALID.replace("anna@example.org }", "anna@example.org }, { address: anna@example.org }")),
    );
    assert.equal(await accounts.exitCode(), 78);
    assert.match(accounts.stderr, /accounts\.list\[1\]\.address: the account is there twice/);
  });
});

describe("the flags", { timeout: 120_000 }, () => {
  it("--check-config: 0 and a line, or 1 and the faults of settings and accounts", async () => {
    const good = site.run("", ["--check-config"]);
    assert.equal(await good.exitCode(), 0);
    assert.match(good.stdout, /^.*tamis-\d+\.yaml is valid, 1 accounts\n$/);
    const bad = site.run("lgo: {}", ["--check-config"]);
    assert.equal(await bad.exitCode(), 1);
    assert.match(bad.stderr, /:5:1: lgo: unknown key `lgo` \(did you mean `log`\?\)\n$/);
    const none = site.start(["--check-config", "--config", join(site.folder, "none.yaml")], "");
    assert.equal(await none.exitCode(), 1);
    assert.match(none.stderr, /none\.yaml: there is no such file/);
    const accounts = site.start(
      ["--check-config"],
      site.configure("", VALID.replace("anna@example.org", "a@x.org }, { address: A@x.org")),
    );
    assert.equal(await accounts.exitCode(), 1);
    assert.match(accounts.stderr, /accounts\.list\[1\]\.address: the account is there twice/);
  });

  it("--doctor: findings as JSON", async () => {
    const good = site.run("", ["--doctor"]);
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
    assert.match(findings[2].text.en, /^nats-server \d+\.\d+\.\d+ at nats:\/\/127\.0\.0\.1:\d+, round trip [\d.]+ ms$/);
    const [nowhere] = await freePorts(1);
    const config = site.configure(
      `telemetry: { otlp: { endpoint: "http://127.0.0.1:${nowhere}" } }`,
      VALID,
      `nats://127.0.0.1:${nowhere}`,
    );
    const bad = site.start(["--doctor"], config);
    assert.equal(await bad.exitCode(), 1);
    const failed = JSON.parse(bad.stdout).filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual(
      failed.map(({ id }: { id: string }) => id),
      ["otlp", "nats", "echo"],
    );
    assert.match(failed[1].text.en, /^no connection to nats:\/\/127\.0\.0\.1:\d+ within 5 s/);
    assert.match(failed[1].text.fr, /^pas de connexion à nats:\/\/127\.0\.0\.1:\d+ en 5 s/);
    assert.match(failed[1].mend.fr, /^démarrer nats-server/);
    const faulty = site.run("lgo: {}", ["--doctor"]);
    assert.equal(await faulty.exitCode(), 1);
    assert.deepEqual(
      JSON.parse(faulty.stdout).map(({ id, mend }: { id: string; mend: { en: string } }) => [id, mend.en]),
      [["config", "did you mean `log`?"]],
    );
  });

  it("--help and what is no flag", async () => {
    const help = site.run("", ["--help"]);
    assert.equal(await help.exitCode(), 0);
    assert.match(help.stdout, /^Usage: echo \[--config FILE\]/);
    const wrong = site.run("", ["--confg"]);
    assert.equal(await wrong.exitCode(), 2);
    assert.match(wrong.stderr, /--confg/);
  });
});
