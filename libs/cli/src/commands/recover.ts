import type { Bus } from "@tamis/bus";
import { type Command, Option } from "commander";
import { askMailbox } from "../ask-mailbox.ts";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { momentOf } from "../parameters.ts";
import { allAccounts, type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";

interface RecoverOptions extends ConfigOption {
  readonly since: string;
  readonly account?: string;
  readonly json?: true;
}

const AT_ONCE = 16;

export function addRecover(root: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(root, "recover", "recover.about", [
      "tamis recover --since 2026-11-20",
      "tamis recover --since 36h --account anna@example.org",
    ])
    .addOption(new Option("--since <when>", io.say("opt.since")).makeOptionMandatory())
    .addOption(new Option("--account <account>", io.say("recover.account")))
    .addOption(jsonOption(io))
    .addOption(configOption(io))
    .action(line.act((options: RecoverOptions) => recover(options, io)));
}

/** One account's answer, as `--json` prints it. */
interface Recovery {
  readonly accountId: string;
  readonly mails: number;
  readonly refused?: string;
}

async function recover(options: RecoverOptions, io: Surroundings): Promise<ExitCode> {
  const since = momentOf(options.since, io);
  const settings = readAccountSettings(options, io);
  const accounts =
    options.account === undefined ? allAccounts(settings, io) : [findAccount(settings, options.account, io)];
  const results = await withBus(settings, io, (bus) =>
    recoverAll(bus, { ids: accounts.map((account) => account.id), since }, io),
  );
  const refused = results.filter((result) => result.refused !== undefined);
  if (options.json === true) io.out(JSON.stringify(results, null, 2));
  else {
    for (const { accountId, refused: reason } of refused)
      io.err(io.say("recover.failed", { account: accountId, reason: reason ?? "" }));
    io.out(io.say("recover.done", { accounts: results.length - refused.length }));
  }
  return refused.length === 0 ? exitCode.ok : exitCode.failed;
}

async function recoverAll(
  bus: Bus,
  { ids, since }: { readonly ids: readonly string[]; readonly since: number },
  io: Surroundings,
): Promise<readonly Recovery[]> {
  const results: Recovery[] = [];
  const waiting = ids.values();
  const worker = async (): Promise<void> => {
    for (const accountId of waiting) results.push(await recoverOne(bus, { accountId, since }, io));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, worker));
  return results;
}

/** One account whose service does not answer does not stop the others. */
async function recoverOne(
  bus: Bus,
  { accountId, since }: { readonly accountId: string; readonly since: number },
  io: Surroundings,
): Promise<Recovery> {
  try {
    const answer = await askMailbox(bus, { op: "recover", accountId, since }, io);
    if (answer.kind === "done") return { accountId, mails: answer.mails };
    return { accountId, mails: 0, refused: answer.kind === "refused" ? answer.reason : answer.kind };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { accountId, mails: 0, refused: error.message };
  }
}
