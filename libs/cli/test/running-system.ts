import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DovecotServer, guardProcess, startDovecot, waitFor } from "@tamis/testkit";
import { Installation } from "./harness.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** A key of the section `mailbox`, for tests that kill it: the partitions of the dead are taken over in seconds. */
export const QUICK_LEASE = "lease: { ttl_seconds: 3, renew_seconds: 1, poll_seconds: 0.5, margin_seconds: 1 }";

/** What most tests need: what leaves is no matter of theirs. */
const SERVICES: readonly string[] = ["mailbox", "filter"];

/** NATS, Dovecot and `tamis up` beside them, for one account. */
export class RunningSystem {
  readonly site = new Installation();
  readonly account: string;
  #dovecot: DovecotServer | undefined;
  #up: ChildProcess | undefined;
  #said = "";

  readonly #sections: string;
  readonly #services: readonly string[];
  /** Who answers receipts that others ask of the account. */
  readonly #answers: "tamis" | "program";

  /** `sections`: more lines of tamis.yaml. `more.answers`: who answers receipts that others ask of the account. */
  constructor(account: string, sections = "", services = SERVICES, more: { readonly answers?: "tamis" } = {}) {
    this.account = account;
    this.#sections = sections;
    this.#services = services;
    this.#answers = more.answers ?? "program";
  }

  get dovecot(): DovecotServer {
    return this.#dovecot ?? assert.fail("not started");
  }

  /** Resolves when the account is idle, and what leaves can leave. `prepare`: before Tamis sees the mailbox. */
  async start(prepare: (dovecot: DovecotServer) => Promise<void> = async () => undefined): Promise<void> {
    await this.site.open();
    const dovecot = await startDovecot({ tls: false, hibernate: "1s" });
    this.#dovecot = dovecot;
    await prepare(dovecot);
    this.site.write("secret", dovecot.masterPassword);
    this.site.write(
      "tamis.yaml",
      `nats: { servers: ["${this.site.nats.url}"] }
state_dir: ./state
imap: { host: 127.0.0.1, port: ${dovecot.imapPort}, tls: none, sign_in: { method: master, user: ${dovecot.masterUser}, password: { file: secret } } }
accounts: { mode: act, answers_receipts: ${this.#answers}, list: [{ address: ${this.account} }] }
log: { level: warn }
${this.#sections}`,
    );
    this.#runUp();
    const isReady = async (): Promise<boolean> => {
      const { accounts, outbox } = JSON.parse((await this.site.tamis(["status", "--json"])).out);
      // Null: it does not answer yet, since its tables are being made.
      return accounts.idle === 1 && (outbox !== null || !this.#services.includes("outbox"));
    };
    await waitFor(isReady, { timeoutMs: 120_000, describe: "an idle account" }).catch((cause: unknown) => {
      throw new Error(`it does not start: ${this.#said}`, { cause });
    });
  }

  #runUp(): void {
    const up = spawn(process.execPath, [MAIN, "up", ...this.#services, "--config", this.site.config], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    guardProcess(up.pid ?? 0);
    for (const stream of [up.stdout, up.stderr]) {
      stream.on("data", (data) => {
        this.#said += String(data);
      });
    }
    this.#up = up;
  }

  /** kill -9; `up` starts it again. */
  killService(name: string): void {
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(this.#up?.pid)], { encoding: "utf8" });
    const line = children.split("\n").find((text) => text.includes(`services/${name}/src/main.ts`));
    process.kill(Number.parseInt(line ?? assert.fail(`no process of ${name}`), 10), "SIGKILL");
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#up?.once("close", resolve));
    this.#up?.kill("SIGTERM");
    if (this.#up !== undefined && this.#up.exitCode === null) await ended;
    await this.#dovecot?.stop();
    await this.site.close();
  }
}
