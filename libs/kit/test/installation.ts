import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guardProcess, startNats, tempDir } from "@tamis/testkit";

const SERVICE = fileURLToPath(new URL("./echo-service.ts", import.meta.url));
const PATIENCE_MS = 20_000;

export type Line = Readonly<Record<string, unknown>>;

/** A service in its own process, and what it said. */
export class ServiceProcess {
  readonly lines: Line[] = [];
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;
  readonly #spoken = new EventEmitter();
  readonly #closed: Promise<unknown>;

  constructor(args: readonly string[], config: string) {
    const env = { ...process.env, TAMIS_CONFIG: config, NODE_TEST_CONTEXT: undefined };
    const child = spawn(process.execPath, [SERVICE, ...args], {
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) child.once("exit", guardProcess(child.pid));
    this.#child = child;
    this.#closed = once(child, "close").then(() => this.#spoken.emit("line"));
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part.startsWith('{"level"')) this.lines.push(JSON.parse(part));
      this.#spoken.emit("line");
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
    });
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Its first line about `event`, as soon as it comes. */
  async said(event: string): Promise<Line> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.lines.find((line) => line["event"] === event);
      if (found !== undefined) return found;
      if (this.#ended || signal.aborted) throw new Error(`never said ${event}: ${this.stdout}${this.stderr}`);
      await once(this.#spoken, "line", { signal }).catch(() => {});
    }
  }

  /** Waits for its end, and for the last of what it said. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

export const VALID =
  'imap: { host: a, sign_in: { method: master, user: m, password: "geheim" } }\naccounts: { list: [{ address: anna@example.org }] }\n';

/** A broker, a folder for configurations, and the services started on them. */
export async function installation() {
  const nats = await startNats();
  const folder = tempDir("kit-run");
  const services: ServiceProcess[] = [];
  const configure = (text: string, base = VALID, url = nats.url): string => {
    const path = join(folder.path, `tamis-${services.length}.yaml`);
    writeFileSync(path, `state_dir: state\nnats: { servers: ["${url}"] }\n${base}${text}`, { mode: 0o600 });
    return path;
  };
  const start = (args: readonly string[], config: string): ServiceProcess => {
    const service = new ServiceProcess(args, config);
    services.push(service);
    return service;
  };
  return {
    url: nats.url,
    folder: folder.path,
    configure,
    start,
    /** With what is valid and `text` below it. */
    run: (text = "", args: readonly string[] = []) => start(args, configure(text)),
    remove: async () => {
      for (const service of services) service.kill("SIGKILL");
      await nats.stop();
      folder.remove();
    },
  };
}
