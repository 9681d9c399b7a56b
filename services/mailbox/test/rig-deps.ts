import { metrics as meters, trace } from "@opentelemetry/api";
import { type ImapSettings, Secret } from "@tamis/kit";
import { ByteGate } from "../src/byte-gate.ts";
import { sections } from "../src/config.ts";
import { connectGates } from "../src/connect-gate.ts";
import { FilterLine } from "../src/filter-line.ts";
import { makeMetrics } from "../src/metrics.ts";
import { SignIn } from "../src/sign-in.ts";
import type { WorkerDeps } from "../src/worker-deps.ts";
import { QUICK, type RigOptions } from "./rig-options.ts";
import { silentLog } from "./silent-log.ts";

type Given = Pick<WorkerDeps, "bus" | "clock" | "stats" | "accounts" | "roster" | "servers" | "scriptMemory">;

/** What a worker of the rig has besides what the rig itself plays. */
export function rigDeps(
  port: number,
  { config = {}, watched = {}, drafts = {}, asked = false }: RigOptions,
  given: Given,
): WorkerDeps {
  const signIn: ImapSettings = {
    host: "127.0.0.1",
    port,
    tls: "none",
    verify_certificate: true,
    sign_in: { method: "master", user: "proxy", password: Secret.plain("pw"), separator: "*" },
  };
  return {
    ...given,
    filterLine: new FilterLine(given.bus, { patienceMs: asked ? 10_000 : 0 }),
    config: { ...sections.mailbox.parse({}), ...QUICK, ...config },
    imapsieve: sections.imapsieve.parse(watched),
    drafts: sections.drafts.parse(drafts),
    log: silentLog,
    tracer: trace.getTracer("test"),
    metrics: makeMetrics(meters.getMeter("test"), given.stats, () => 1),
    rewriting: new ByteGate(1_000_000),
    signIn: new SignIn(signIn, { keepAliveMs: 10_000, timeoutMs: 2_000 }),
    gateOf: connectGates(1_000, 16),
  };
}
