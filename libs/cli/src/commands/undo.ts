import { parseMailId } from "@tamis/contracts";
import type { Command } from "commander";
import { askMailbox } from "../ask-mailbox.ts";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import type { LogEntry } from "../decision-log.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { type ConfigOption, readSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { readEntries } from "./log.ts";

interface UndoOptions extends ConfigOption {
  readonly json?: true;
}

export function addUndo(root: Command, line: CommandLine): void {
  line
    .add(root, "undo <mailId>", "undo.about", ["tamis undo a1b2c3d4e5f60718/8b9f2e1c/1700000000/42"])
    .addOption(jsonOption(line.io))
    .addOption(configOption(line.io))
    .action(line.act((mailId: string, options: UndoOptions) => undo(mailId, options, line.io)));
}

async function undo(mailId: string, options: UndoOptions, io: Surroundings): Promise<ExitCode> {
  const key = parseMailId(mailId);
  if (key === null) throw new CommandFailure(io.say("usage.not-a-mail-id", { text: mailId }), exitCode.usage);
  const answer = await withBus(readSettings(options, io), io, async (bus) => {
    const entry = (await readEntries(bus, key.accountId, 0)).findLast(
      (known) => known.mailId === mailId || known.applied?.newMailId === mailId,
    );
    return askMailbox(bus, { op: "undo", accountId: key.accountId, ...whereabouts(mailId, entry, io) }, io);
  });
  if (options.json === true) io.out(JSON.stringify(answer));
  if (answer.kind === "refused") throw new CommandFailure(io.say("mailbox.refused", { reason: answer.reason }));
  if (options.json !== true)
    io.out(io.say("undo.done") + (answer.kind === "done" && answer.mailId !== undefined ? `: ${answer.mailId}` : ""));
  return exitCode.ok;
}

/** Where the mail was moved to, and its name there (RFC 4315 COPYUID). */
function whereabouts(
  mailId: string,
  entry: LogEntry | undefined,
  io: Surroundings,
): { readonly folder: string; readonly newMailId: string } {
  const applied = entry?.applied;
  if (applied === undefined) throw new CommandFailure(io.say("undo.unknown", { mail: mailId }));
  if (applied.result !== "moved" && applied.result !== "discarded") {
    throw new CommandFailure(io.say("undo.nothing", { result: io.say(`result.${applied.result}`) }));
  }
  if (applied.newMailId === undefined) throw new CommandFailure(io.say("undo.nameless", { folder: applied.folder }));
  return { folder: applied.folder, newMailId: applied.newMailId };
}
