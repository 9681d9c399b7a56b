import type { Backlog, Bus, StreamState } from "@tamis/bus";
import {
  APPLY,
  EVENTS,
  FILTER_DURABLE,
  MAIL,
  type MailboxStatus,
  mailboxStatus,
  PARKED,
  PARTITIONS,
  type SendingState,
  sendingState,
  subjects,
} from "@tamis/contracts";
import type { Command } from "commander";
import { askOutbox } from "../ask-outbox.ts";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { parseJson } from "../json.ts";
import { isConfigured } from "../services.ts";
import { type ConfigOption, configPath, readSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTable, formatTime } from "../table.ts";

const WINDOW_MS = 1_000;

interface StatusOptions extends ConfigOption {
  readonly json?: true;
}

export function addStatus(root: Command, line: CommandLine): void {
  line
    .add(root, "status", "status.about", ["tamis status", "tamis status --json"])
    .addOption(configOption(line.io))
    .addOption(jsonOption(line.io))
    .action(line.act((options: StatusOptions) => status(options, line.io)));
}

/** What `status --json` prints. */
export interface SystemStatus {
  readonly instances: readonly MailboxStatus[];
  readonly partitionsHeld: number;
  readonly partitions: number;
  /** Sum over the instances. */
  readonly accounts: Readonly<Record<string, number>>;
  readonly streams: Readonly<Record<string, StreamState | null>>;
  readonly filter: Backlog | null;
  /** Recipients of what leaves, by state; null while no instance answers; absent where nothing leaves. */
  readonly outbox?: Partial<Record<SendingState, number>> | null;
}

async function status(options: StatusOptions, io: Surroundings): Promise<ExitCode> {
  const hasOutbox = isConfigured("outbox", configPath(options, io));
  const found = await withBus(readSettings(options, io), io, async (bus) => ({
    ...(await collect(bus)),
    ...(hasOutbox ? { outbox: await sendingCounts(bus, io) } : {}),
  }));
  io.out(options.json === true ? JSON.stringify(found, null, 2) : statusText(found, io));
  const isWell =
    found.instances.length > 0 &&
    found.partitionsHeld >= found.partitions &&
    found.instances.every((instance) => instance.troubled.length === 0) &&
    found.outbox !== null;
  return isWell && (found.streams[PARKED.name]?.messages ?? 0) === 0 ? exitCode.ok : exitCode.failed;
}

async function collect(bus: Bus): Promise<SystemStatus> {
  const replies = await bus.requestAll(subjects.mailboxStatus, new Uint8Array(), { windowMs: WINDOW_MS });
  const instances = replies.flatMap((reply) => {
    const parsed = mailboxStatus.safeParse(parseJson(reply.payload));
    return parsed.success ? [parsed.data] : [];
  });
  const accounts: Record<string, number> = {};
  for (const instance of instances) {
    for (const [state, count] of Object.entries(instance.accounts)) accounts[state] = (accounts[state] ?? 0) + count;
  }
  const streams: Record<string, StreamState | null> = {};
  for (const { name } of [MAIL, APPLY, EVENTS, PARKED]) streams[name] = await bus.streamState(name).catch(absent);
  return {
    instances,
    partitionsHeld: instances.reduce((sum, instance) => sum + instance.partitions, 0),
    partitions: Math.max(0, ...instances.map(({ wanted }) => wanted ?? PARTITIONS)),
    accounts,
    streams,
    filter: await bus.backlog(MAIL.name, FILTER_DURABLE).catch(absent),
  };
}

async function sendingCounts(bus: Bus, io: Surroundings): Promise<Partial<Record<SendingState, number>> | null> {
  try {
    const answer = await askOutbox(bus, { op: "counts" }, io);
    return answer.kind === "counts" ? answer.counts : null;
  } catch (error) {
    if (error instanceof CommandFailure) return null;
    throw error;
  }
}

/** A stream or durable that nobody set up yet is part of the status, no failure of it. */
function absent(): null {
  return null;
}

function statusText(found: SystemStatus, io: Surroundings): string {
  const { say } = io;
  const lines: string[] = [say("status.instances")];
  lines.push(found.instances.length === 0 ? `  ${say("status.none")}` : indent(instancesTable(found.instances, io)));
  if (found.instances.length > 0 && found.partitionsHeld < found.partitions) {
    lines.push(`  ${say("status.uncovered", { held: found.partitionsHeld, all: found.partitions })}`);
  }
  const states = Object.entries(found.accounts).filter(([, count]) => count > 0);
  if (states.length > 0)
    lines.push(say("status.accounts"), indent(formatTable(states.map(([state, count]) => [state, String(count)]))));
  const snoozes = snoozesText(found.instances, io);
  if (snoozes !== null) lines.push(`${say("status.snoozed")}: ${snoozes}`);
  const troubled = found.instances.flatMap((instance) => instance.troubled);
  if (troubled.length > 0) {
    lines.push(
      say("status.troubled"),
      indent(formatTable(troubled.map((account) => [account.accountId, account.state, account.reason]))),
    );
  }
  const streams = Object.entries(found.streams).map(([name, state]) => [
    name,
    state === null
      ? say("status.absent")
      : say("status.stream", { messages: state.messages, bytes: formatBytes(state.bytes) }),
  ]);
  lines.push(say("status.streams"), indent(formatTable(streams)));
  if (found.filter !== null) {
    const { pending, ackPending, redelivered } = found.filter;
    lines.push(
      `${say("status.filter")}: ${say("status.waiting", { pending, working: ackPending, again: redelivered })}`,
    );
  }
  if (found.outbox !== undefined) lines.push(`${say("status.outbox")}: ${outboxText(found.outbox, io)}`);
  const parked = found.streams[PARKED.name]?.messages ?? 0;
  if (parked > 0) lines.push(say("status.parked", { count: parked }));
  return lines.join("\n");
}

/** Null where nobody snoozes. */
function snoozesText(instances: readonly MailboxStatus[], { say }: Surroundings): string | null {
  const all = instances.flatMap(({ snooze }) => (snooze === undefined ? [] : [snooze]));
  const sum = (key: "snoozed" | "woken" | "accounts"): number => all.reduce((total, one) => total + one[key], 0);
  const counts = { accounts: sum("accounts"), snoozed: sum("snoozed"), woken: sum("woken") };
  if (Object.values(counts).every((count) => count === 0)) return null;
  const times = all.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]));
  return say("status.snoozes", { ...counts, next: times.length === 0 ? "–" : formatTime(Math.min(...times)) });
}

function outboxText(counts: Partial<Record<SendingState, number>> | null, { say }: Surroundings): string {
  if (counts === null) return say("status.outbox-unanswered");
  const states = sendingState.options.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${say(`outbox.state.${state}`)} ${count}`];
  });
  return states.length === 0 ? say("status.outbox-empty") : states.join(", ");
}

function instancesTable(instances: readonly MailboxStatus[], { say }: Surroundings): string {
  const ms = (value: number | null): string => (value === null ? "–" : `${Math.round(value)} ms`);
  const head = [
    say("status.instance"),
    say("status.since"),
    say("status.partitions"),
    say("status.settled"),
    say("status.last-minute"),
    "p50",
    "p99",
  ];
  const rows = instances.map((one) => [
    one.instance,
    formatTime(one.startedAt),
    String(one.partitions),
    String(one.settled),
    String(one.settledLastMinute),
    ms(one.lagP50Ms),
    ms(one.lagP99Ms),
  ]);
  return formatTable([head, ...rows]);
}

const indent = (text: string): string => text.replace(/^/gm, "  ");
