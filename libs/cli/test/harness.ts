import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { APPLY, EVENTS, PARKED } from "@tamis/contracts";
import { type NatsServer, startNats, tempDir } from "@tamis/testkit";
import { runCli } from "../src/cli.ts";
import { type Locale, sayIn } from "../src/say.ts";

/** How one run of the command ended. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface CliOptions {
  readonly locale?: Locale;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  readonly onOut?: (text: string) => void;
}

/** Runs the command inside this process, with everything it writes caught. */
export async function tamis(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const locale = options.locale ?? "en";
  const code = await runCli(args, {
    out: (text) => {
      out.push(text);
      options.onOut?.(text);
    },
    err: (text) => err.push(text),
    env: {},
    locale,
    say: sayIn(locale),
    readStdin: async () => Buffer.from(options.stdin ?? ""),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** A folder with a tamis.yaml, and a nats-server that it names. */
export class Installation {
  readonly dir = tempDir("tamis-cli");
  #nats: NatsServer | undefined;
  #bus: Bus | undefined;

  get nats(): NatsServer {
    return this.#nats ?? assert.fail("not opened");
  }

  get bus(): Bus {
    return this.#bus ?? assert.fail("not opened");
  }

  get config(): string {
    return this.path("tamis.yaml");
  }

  path(name: string): string {
    return join(this.dir.path, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  async open(): Promise<void> {
    this.#nats = await startNats();
    this.#bus = await connectBus({ servers: this.nats.url, name: "test" });
    mkdirSync(this.path("state"), { mode: 0o700 });
    this.configure(this.nats.url);
  }

  configure(natsUrl: string): void {
    this.write(
      "tamis.yaml",
      `nats: { servers: ["${natsUrl}"] }
state_dir: ./state
imap: { host: 127.0.0.1, port: 1, tls: none, sign_in: { method: master, user: tamis, password: { file: secret } } }
accounts: { list: [{ address: anna@example.org, id: anna }, { address: Bruno@example.org, id: bruno }] }
log: { level: error }
`,
    );
    writeFileSync(this.path("secret"), "s3cret", { mode: 0o600 });
  }

  /** The streams, as the services set them up. */
  async setUpStreams(): Promise<void> {
    await this.bus.ensureStreams([APPLY, EVENTS, PARKED]);
    await this.bus.ensureMailStream();
  }

  /** The command with this installation's configuration. */
  async tamis(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
    return tamis([...args, "--config", this.config], options);
  }

  async close(): Promise<void> {
    await this.#bus?.close();
    await this.#nats?.stop();
    this.dir.remove();
  }
}
