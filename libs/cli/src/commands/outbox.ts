import type { ListedSending, OutboxAnswer, OutboxAsk } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askOutbox } from "../ask-outbox.ts";
import { accountOption, type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf, stateOf } from "../parameters.ts";
import { isConfigured } from "../services.ts";
import { type ConfigOption, configPath, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable, formatTime } from "../table.ts";
import type { TextKey } from "../texts.ts";

interface OutboxOptions extends ConfigOption {
  readonly account: string;
  readonly json?: true;
}

interface ListOptions extends OutboxOptions {
  readonly state?: readonly string[];
  readonly limit: string;
}

/** What `outbox` answers to `list` at most. */
const MOST = 1000;

export function addOutbox(root: Command, line: CommandLine): void {
  const { io } = line;
  const outbox = line.add(root, "outbox", "outbox.about");
  const add = (usage: string, about: TextKey, examples: readonly string[]): Command =>
    line
      .add(outbox, usage, about, examples)
      .addOption(accountOption(io))
      .addOption(jsonOption(io))
      .addOption(configOption(io));
  add("list", "outbox.list.about", [
    "tamis outbox list --account anna@example.org",
    "tamis outbox list --account anna@example.org --state held --state unknown",
  ])
    .addOption(repeatable("--state <state>", io.say("outbox.list.state")))
    .addOption(new Option("-n, --limit <n>", io.say("outbox.list.limit")).default("20"))
    .action(line.act((options: ListOptions) => list(options, io)));
  for (const op of ["release", "cancel"] as const)
    add(op, `outbox.${op}.about`, [`tamis outbox ${op} 42 --account anna@example.org`])
      .argument("<number>", io.say("outbox.number"))
      .action(line.act((id: string, options: OutboxOptions) => rule(op, id, { options, io })));
}

async function ask(
  options: OutboxOptions,
  io: Surroundings,
  question: (accountId: string) => OutboxAsk,
): Promise<OutboxAnswer> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  if (!isConfigured("outbox", configPath(options, io))) throw new CommandFailure(io.say("outbox.absent"));
  return withBus(settings, io, (bus) => askOutbox(bus, question(account.id), io));
}

async function list(options: ListOptions, io: Surroundings): Promise<ExitCode> {
  const states = (options.state ?? []).map((text) => stateOf(text, io));
  const limit = Math.min(MOST, countOf(options.limit, io));
  const answer = await ask(options, io, (accountId) => ({
    op: "list",
    accountId,
    limit,
    ...(states.length === 0 ? {} : { states }),
  }));
  const sendings = answer.kind === "listed" ? answer.sendings : [];
  if (options.json === true) io.out(JSON.stringify(sendings, null, 2));
  else io.out(sendings.length === 0 ? io.say("outbox.none") : formatTable(sendings.map((one) => row(one, io))));
  return exitCode.ok;
}

function row({ id, storedAt, kind, to, state, nextAt, reply }: ListedSending, { say }: Surroundings): string[] {
  const next = nextAt === null ? [] : [say("outbox.next", { time: formatTime(nextAt) })];
  const notes = [...(reply === null ? [] : [reply]), ...next];
  return [id, formatTime(storedAt), kind, to, say(`outbox.state.${state}`), notes.join("; ")];
}

async function rule(
  op: "release" | "cancel",
  id: string,
  { options, io }: { readonly options: OutboxOptions; readonly io: Surroundings },
): Promise<ExitCode> {
  const answer = await ask(options, io, (accountId) => ({ op, accountId, id }));
  if (options.json === true) io.out(JSON.stringify(answer));
  if (answer.kind === "refused") throw new CommandFailure(answer.reason);
  if (options.json !== true) io.out(io.say(op === "release" ? "outbox.released" : "outbox.cancelled", { id }));
  return exitCode.ok;
}
