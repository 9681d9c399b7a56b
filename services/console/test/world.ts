import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { type RequestOptions, request } from "node:https";

import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { type Bus, connectBus } from "@tamis/bus";
import { subjects } from "@tamis/contracts";
import { loadSettings, type StartedService, startService } from "@tamis/kit";
import {
  type DovecotServer,
  freePorts,
  guardProcess,
  type NatsServer,
  type SmtpSink,
  selfSignedCertificate,
  startDovecot,
  startNats,
  startSmtpSink,
  tempDir,
  waitFor,
} from "@tamis/testkit";
import { consoleService } from "../src/console-service.ts";

const OUTBOX = fileURLToPath(new URL("../../outbox/src/main.ts", import.meta.url));
const ACCOUNTS = ["anna", "bob"];

interface AskOptions extends RequestOptions {
  readonly body?: string;
  /** Octets that are announced and never sent. */
  readonly unsent?: number;
}

/** What the service said. */
export interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly certificate: string;
}

/** NATS, Dovecot, a relay, `outbox` as a process of its own, and the pages before them, over TLS. */
export class World {
  readonly dir = tempDir("tamis-console");
  port = 0;
  #nats: NatsServer | undefined;
  #dovecot: DovecotServer | undefined;
  #sink: SmtpSink | undefined;
  #bus: Bus | undefined;
  #outbox: ChildProcess | undefined;
  #service: StartedService | undefined;

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  get sink(): SmtpSink {
    return this.#sink ?? assert.fail("not opened");
  }

  get password(): string {
    return this.#dovecot?.password ?? assert.fail("not opened");
  }

  path(name: string): string {
    return join(this.dir.path, name);
  }

  async open(): Promise<void> {
    const users = ACCOUNTS.map((name) => `${name}@example.org`);
    [this.#nats, this.#dovecot, this.#sink] = await Promise.all([
      startNats(),
      startDovecot({ users }),
      startSmtpSink(),
    ]);
    this.#bus = await connectBus({ servers: this.#nats.url, name: "test" });
    [this.port = 0] = await freePorts(1);
    this.renewCertificate();
    this.#configure(this.#nats, this.#dovecot, this.#sink);
    await Promise.all([this.#startOutbox(), this.start()]);
  }

  /** Another pair in the place of the one before. */
  renewCertificate(): void {
    const { cert, key } = selfSignedCertificate();
    writeFileSync(this.path("key.pem"), key, { mode: 0o600 });
    writeFileSync(this.path("cert.pem"), cert);
  }

  #configure(nats: NatsServer, dovecot: DovecotServer, sink: SmtpSink): void {
    mkdirSync(this.path("lists"), { recursive: true });
    writeFileSync(
      this.path("lists/tous.csv"),
      "courriel;prenom\nanna@example.org;Anna\nbob@example.org;Bob\n@include paire\n",
    );
    writeFileSync(this.path("lists/paire.txt"), "BOB@example.org\nnobody\n");
    writeFileSync(
      this.path("tamis.yaml"),
      `nats: { servers: ["${nats.url}"] }
state_dir: ./state
log: { level: fatal }
imap: { host: localhost, port: ${dovecot.imapsPort}, ca_file: ${dovecot.ca}, sign_in: { method: master, user: x, password: y } }
accounts: { list: [${ACCOUNTS.map((name) => `{ address: ${name}@example.org, id: ${name} }`).join(", ")}] }
doors: { first_delay_ms: 10 }
outbox:
  relay: { host: 127.0.0.1, port: ${sink.port}, tls: none }
  sweep_ms: 300
  lists: { folder: ./lists }
  circulars:
    undo_ms: 0
    unsubscribe_base: "${this.url}"
    attachments: { link_above_bytes: 1000, url: "${this.url}/f", store: { kind: folder, dir: ./files } }
console:
  url: "${this.url}"
  listen: [{ host: 127.0.0.1, port: ${this.port} }]
  cert_file: cert.pem
  key_file: key.pem
  senders: everybody
  lists: [{ lists: ["list:tous"], senders: [anna@example.org] }]
  connections_per_address: 20
`,
      { mode: 0o600 },
    );
  }

  async #startOutbox(): Promise<void> {
    const child = spawn(process.execPath, [OUTBOX, "--config", this.path("tamis.yaml")], {
      stdio: "ignore",
      detached: true,
    });
    child.once("exit", guardProcess(child.pid ?? 0));
    this.#outbox = child;
    const bus = this.#bus ?? assert.fail("not opened");
    const ask = Buffer.from(JSON.stringify({ op: "list", accountId: "nobody", limit: 1 }));
    await waitFor(() => bus.request(subjects.outboxCirculars, ask, { timeoutMs: 1_000 }).then(() => true), {
      timeoutMs: 100_000,
      describe: "outbox",
    });
  }

  async start(): Promise<void> {
    const settings = loadSettings(this.path("tamis.yaml"), consoleService.sections);
    this.#service = await startService(consoleService, settings);
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    const ended = new Promise((resolve) => this.#outbox?.once("exit", resolve) ?? resolve(null));
    this.#outbox?.kill("SIGTERM");
    await ended;
    await this.#bus?.close();
    await Promise.all([this.#nats?.stop(), this.#dovecot?.stop(), this.#sink?.stop()]);
    this.dir.remove();
  }

  /** A request over a connection of its own, by a client that trusts only the certificate as it is now. */
  ask(path: string, { body = "", unsent = 0, ...options }: AskOptions = {}): Promise<Said> {
    const ca = readFileSync(this.path("cert.pem"), "utf8");
    const { promise, resolve, reject } = Promise.withResolvers<Said>();
    const asking = request(`${this.url}${path}`, { ca, agent: false, ...options }, (response) => {
      const { statusCode: status = 0, headers, socket } = response;
      const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : "";
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve({ status, headers, certificate, text: Buffer.concat(pieces).toString() }));
      response.on("error", reject);
    });
    asking.on("error", reject);
    if (unsent === 0) asking.end(body);
    else asking.setHeader("content-length", unsent).flushHeaders();
    return promise;
  }

  /** A request of a script of this account's owner, in JSON where it has a body. */
  api(
    path: string,
    { as = "anna", body, ...more }: { as?: string; body?: unknown; password?: string; method?: string } = {},
  ) {
    return this.ask(`/api/v1${path}`, {
      method: more.method ?? (body === undefined ? "GET" : "POST"),
      auth: `${as}@example.org:${more.password ?? this.password}`,
      headers: { "content-type": "application/json" },
      body: body === undefined ? "" : JSON.stringify(body),
    });
  }
}
