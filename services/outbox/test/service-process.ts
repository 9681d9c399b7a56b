import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { guardProcess, waitFor } from "@tamis/testkit";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** The service's own process. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  #output = "";
  #errors = "";

  constructor(config: string) {
    this.#child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, TAMIS_CONFIG: config, NODE_TEST_CONTEXT: undefined },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (this.#child.pid !== undefined) this.#child.once("exit", guardProcess(this.#child.pid));
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
  }

  /** It runs, and was never sent a signal. */
  get isSound(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && !this.#child.killed;
  }

  async started(): Promise<void> {
    await waitFor(
      () => {
        if (this.#child.exitCode !== null) throw new Error(`ended: ${this.#output}${this.#errors}`);
        return this.#output.includes("service-started");
      },
      { timeoutMs: 120_000, describe: "the service's start" },
    );
  }

  /** All that it wrote so far. */
  get written(): string {
    return this.#output + this.#errors;
  }

  /** Until this was logged. */
  async said(text: string): Promise<void> {
    await waitFor(() => this.#output.includes(text), { timeoutMs: 30_000, describe: `"${text}" in the log` });
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
    return this.#child.exitCode;
  }
}
