import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { type ActiveScript, activeScript, buckets } from "@tamis/contracts";
import { type Logger, loadSettings, type StartedService, startService } from "@tamis/kit";
import {
  type DovecotServer,
  freePorts,
  type NatsServer,
  selfSignedCertificate,
  startDovecot,
  startNats,
  tempDir,
} from "@tamis/testkit";
import { scriptsService } from "../src/scripts-service.ts";

export interface WorldOptions {
  /** Lines of tamis.yaml beside the usual ones. */
  readonly yaml?: string;
  /** Keys of `doors:` and `scripts:`, as YAML in braces without the braces. */
  readonly doors?: string;
  readonly scripts?: string;
}

/** NATS, Dovecot, a certificate, and the service before them. */
export class World {
  readonly dir = tempDir("tamis-scripts");
  readonly ca = join(this.dir.path, "ca.pem");
  port = 0;
  tlsPort = 0;
  #nats: NatsServer | undefined;
  #dovecot: DovecotServer | undefined;
  #bus: Bus | undefined;
  #service: StartedService | undefined;

  get nats(): NatsServer {
    return this.#nats ?? assert.fail("not opened");
  }

  get dovecot(): DovecotServer {
    return this.#dovecot ?? assert.fail("not opened");
  }

  get bus(): Bus {
    return this.#bus ?? assert.fail("not opened");
  }

  path(name: string): string {
    return join(this.dir.path, name);
  }

  async open(options: WorldOptions = {}): Promise<void> {
    [this.#nats, this.#dovecot] = await Promise.all([
      startNats(),
      startDovecot({ users: ["anna@example.org", "bob@example.org", "carl@example.org", "eve@example.org"] }),
    ]);
    this.#bus = await connectBus({ servers: this.nats.url, name: "test" });
    const { cert, key } = selfSignedCertificate();
    writeFileSync(this.ca, cert);
    writeFileSync(this.path("key.pem"), key, { mode: 0o600 });
    [this.port = 0, this.tlsPort = 0] = await freePorts(2);
    this.configure(options);
  }

  configure({ yaml = "", doors = "first_delay_ms: 10", scripts = "" }: WorldOptions = {}): void {
    const listen = `[{ host: 127.0.0.1, port: ${this.port} }, { host: 127.0.0.1, port: ${this.tlsPort}, tls: implicit }]`;
    writeFileSync(
      this.path("tamis.yaml"),
      `nats: { servers: ["${this.nats.url}"] }
state_dir: ./state
log: { level: fatal }
imap:
  host: localhost
  port: ${this.dovecot.imapsPort}
  ca_file: ${this.dovecot.ca}
  sign_in: { method: master, user: proxy, password: "not read here" }
accounts:
  list:
    - { address: anna@example.org, id: anna }
    - { address: Bob@example.org, user: bob@example.org, id: bob }
    - { address: carl@example.org, id: carl, host: 127.0.0.1 }
scripts: { listen: ${listen}, cert_file: ca.pem, key_file: key.pem${scripts === "" ? "" : `, ${scripts}`} }
doors: { default_domain: example.org, ${doors} }
${yaml}`,
      { mode: 0o600 },
    );
  }

  async start(log?: Logger): Promise<StartedService> {
    const settings = loadSettings(this.path("tamis.yaml"), scriptsService.sections);
    this.#service = await startService(scriptsService, settings, log === undefined ? {} : { log });
    return this.#service;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#bus?.close();
    await Promise.all([this.#nats?.stop(), this.#dovecot?.stop()]);
    this.dir.remove();
  }

  /** What `filter` would run for the account. */
  async active(accountId: string): Promise<ActiveScript | null> {
    const entry = await (await this.bus.bucket(buckets.scripts)).get(accountId);
    return entry === null ? null : activeScript.parse(JSON.parse(Buffer.from(entry.value).toString()));
  }
}
