import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { type DovecotServer, guardProcess, startDovecot, waitFor } from "@tamis/testkit";
import { serviceArguments } from "../src/service-run.ts";
import { type ServiceProgram, servicePrograms } from "../src/services.ts";
import { type SupervisorEnd, supervise } from "../src/supervisor.ts";
import { Installation } from "./harness.ts";

/** A key of the section `mailbox`, for tests that kill it: the partitions of the dead are taken over in seconds. */
export const QUICK_LEASE = "lease: { ttl_seconds: 3, renew_seconds: 1, poll_seconds: 0.5, margin_seconds: 1 }";

/** What most tests need: what leaves is no matter of theirs. */
const SERVICES: readonly string[] = ["mailbox", "filter"];

export interface SystemOptions {
  /** Who answers receipts that others ask of the account. */
  readonly answers?: "tamis";
  /** From which level on services log; `warn` where nothing is said. */
  readonly logs?: "info";
}

/** NATS, Dovecot and supervised services beside them, for one account. */
export class RunningSystem {
  readonly site = new Installation();
  readonly account: string;
  #dovecot: DovecotServer | undefined;
  #end: Promise<SupervisorEnd> | undefined;
  #said = "";
  readonly #stopping = new AbortController();
  readonly #pids = new Map<string, number>();

  readonly #sections: string;
  readonly #services: readonly string[];
  /** Who answers receipts that others ask of the account. */
  readonly #answers: "tamis" | "program";
  readonly #logs: "warn" | "info";

  /** `sections`: more lines of tamis.yaml. */
  constructor(account: string, sections = "", services = SERVICES, more: SystemOptions = {}) {
    this.account = account;
    this.#sections = sections;
    this.#services = services;
    this.#answers = more.answers ?? "program";
    this.#logs = more.logs ?? "warn";
  }

  /** All that the services wrote, their logs. */
  get said(): string {
    return this.#said;
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
log: { level: ${this.#logs} }
${this.#sections}`,
    );
    this.#end = this.#supervise();
    const isReady = async (): Promise<boolean> => {
      const { accounts, outbox } = JSON.parse((await this.site.tamis(["status", "--json"])).out);
      // Null: it does not answer yet, since its tables are being made.
      return accounts.idle === 1 && (outbox !== null || !this.#services.includes("outbox"));
    };
    await waitFor(isReady, { timeoutMs: 120_000, describe: "an idle account" }).catch((cause: unknown) => {
      throw new Error(`it does not start: ${this.#said}`, { cause });
    });
  }

  /** As `tamis up` does it, without a process more and without asking each service twice whether it takes its configuration. */
  #supervise(): Promise<SupervisorEnd> {
    const services = servicePrograms().filter(({ name }) => this.#services.includes(name));
    return supervise({
      children: services.map((service) => ({ name: service.name, spawn: () => this.#spawn(service) })),
      signal: this.#stopping.signal,
      final: new Set([78]),
      report: (event) => {
        if (event.kind === "started") this.#pids.set(event.name, event.pid);
        if (event.kind === "ended") this.#pids.delete(event.name);
      },
      backoff: { firstMs: 500, maxMs: 30_000, healthyMs: 60_000 },
      graceMs: 25_000,
      random: Math.random,
    });
  }

  #spawn(service: ServiceProgram): ChildProcess {
    const child = spawn(process.execPath, serviceArguments(service, this.site.config), {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    if (child.pid !== undefined) child.once("exit", guardProcess(child.pid));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        this.#said += String(data);
      });
    }
    return child;
  }

  /** kill -9, as soon as it runs; it is started again. */
  async killService(name: string): Promise<void> {
    const pid = await waitFor(() => this.#pids.get(name), { describe: `a ${name} to kill` });
    this.#pids.delete(name);
    process.kill(pid, "SIGKILL");
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end;
    await this.#dovecot?.stop();
    await this.site.close();
  }
}
