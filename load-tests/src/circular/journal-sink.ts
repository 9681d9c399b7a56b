import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, guardProcess } from "@tamis/testkit";

/** What arrived: `messageId address` → how often. */
export type Arrivals = ReadonlyMap<string, number>;

/** An SMTP server in a process of its own that remembers, across its deaths, what it said 250 to, and what it was about to. */
export class JournalSink {
  readonly port: number;
  readonly #file: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, file: string) {
    this.port = port;
    this.#file = file;
  }

  static async start(folder: string): Promise<JournalSink> {
    const [port = 0] = await freePorts(1);
    const sink = new JournalSink(port, join(folder, "arrivals.txt"));
    await sink.up();
    return sink;
  }

  async up(): Promise<void> {
    const main = join(import.meta.dirname, "journal-sink-main.ts");
    const child = spawn(process.execPath, [main, String(this.port), this.#file], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    if (child.pid !== undefined) child.once("exit", guardProcess(child.pid));
    this.#child = child;
    await once(child.stdout, "data");
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** The answers of this moment are lost, and the mails kept. */
  loseAnswers(): void {
    this.#child?.kill("SIGUSR2");
  }

  arrivals(): Arrivals {
    const found = new Map<string, number>();
    const text = existsSync(this.#file) ? readFileSync(this.#file, "latin1") : "";
    // A line that a kill cut short was never answered, and its mail may be sent again.
    for (const line of text.split("\n").slice(0, -1)) found.set(line, (found.get(line) ?? 0) + 1);
    return found;
  }
}
