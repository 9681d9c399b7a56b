import type { Bus } from "@tamis/bus";
import { type MailboxAnswer, parseMailId, partitionOf, STORED_MAILS_PER_ASK } from "@tamis/contracts";
import { askMailbox } from "../ask-mailbox.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { parseRunName } from "../rules-run.ts";
import { RunFacts, type RunUndo, type Undoable } from "../run-undo.ts";
import { type ConfigOption, readSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { keyOf } from "../texts.ts";

export interface UndoOptions extends ConfigOption {
  readonly json?: true;
}

interface Run {
  readonly accountId: string;
  readonly runId: string;
}

type TakenBack = Extract<MailboxAnswer, { readonly kind: "taken-back" }>["mails"][number] & { readonly folder: string };

/** Takes back what a run of `tamis rules apply` did. */
export async function undoRun(name: string, options: UndoOptions, io: Surroundings): Promise<ExitCode> {
  const run = parseRunName(name);
  if (run === null) throw new CommandFailure(io.say("rules.not-a-run", { text: name }), exitCode.usage);
  return await withBus(readSettings(options, io), io, async (bus) => {
    const { undoable, nameless } = await readRun(bus, run);
    const results = await takeAllBack(bus, run, undoable, io);
    if (options.json === true) io.out(JSON.stringify({ run: name, mails: results, nameless }));
    else tell({ undoable, nameless }, results, io);
    const isWell = nameless.length === 0 && results.every(({ result }) => result === "moved" || result === "kept");
    return isWell ? exitCode.ok : exitCode.failed;
  });
}

async function readRun(bus: Bus, run: Run): Promise<RunUndo> {
  const facts = new RunFacts(run);
  for await (const fact of bus.readFacts(`event.${partitionOf(run.accountId)}.*`, { fromTime: 0 })) facts.add(fact);
  return facts.undo();
}

/** One question per folder and numbering of it, and not too many mails in one. */
async function takeAllBack(
  bus: Bus,
  { accountId, runId }: Run,
  undoable: readonly Undoable[],
  io: Surroundings,
): Promise<readonly TakenBack[]> {
  const results: TakenBack[] = [];
  const places = Map.groupBy(undoable, ({ folder, mail }) => `${parseMailId(mail.mailId)?.uidValidity} ${folder}`);
  for (const place of places.values()) {
    const folder = place[0]?.folder ?? "";
    for (let i = 0; i < place.length; i += STORED_MAILS_PER_ASK) {
      const mails = place.slice(i, i + STORED_MAILS_PER_ASK).map(({ mail }) => mail);
      const answer = await askMailbox(bus, { op: "take-back", accountId, runId, folder, mails }, io);
      if (answer.kind === "refused") throw new CommandFailure(io.say("mailbox.refused", { reason: answer.reason }));
      for (const mail of answer.kind === "taken-back" ? answer.mails : []) results.push({ ...mail, folder });
    }
  }
  return results;
}

function tell({ undoable, nameless }: RunUndo, results: readonly TakenBack[], io: Surroundings): void {
  for (const { mailId, result, reason, folder } of results) {
    if (result === "gone") io.err(io.say("rules.undo-gone", { mail: mailId, folder }));
    else if (result === "failed") io.err(io.say("rules.undo-failed", { mail: mailId, reason: reasonText(reason, io) }));
  }
  for (const { mailId, folder } of nameless) io.err(io.say("rules.undo-nameless", { mail: mailId, folder }));
  const count = results.filter(({ result }) => result === "moved" || result === "kept").length;
  io.out(undoable.length + nameless.length === 0 ? io.say("rules.undo-none") : io.say("rules.undone", { count }));
}

function reasonText(reason: string | undefined, { say }: Surroundings): string {
  const key = keyOf("reason", reason ?? "refused");
  return key === null ? (reason ?? "") : say(key);
}
