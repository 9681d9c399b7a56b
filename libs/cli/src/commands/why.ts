import type { Bus } from "@tamis/bus";
import { type MailboxAnswer, parseMailId, partitionOf } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askMailbox } from "../ask-mailbox.ts";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { type KnownMail, readStory } from "../mail-story.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { storyText } from "../why-report.ts";

interface WhyOptions extends ConfigOption {
  readonly account?: string;
  readonly messageId?: string;
  readonly json?: true;
}

type Place = Extract<MailboxAnswer, { readonly kind: "found" }>["mails"][number];

export function addWhy(root: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(root, "why [mailId]", "why.about", [
      "tamis why a1b2c3d4e5f60718/8b9f2e1c/1700000000/42",
      "tamis why --account anna@example.org --message-id '<20261101.1@example.net>'",
    ])
    .addOption(new Option("--account <account>", io.say("opt.account")))
    .addOption(new Option("--message-id <id>", io.say("why.message-id")))
    .addOption(jsonOption(io))
    .addOption(configOption(io))
    .action(line.act((mailId: string | undefined, options: WhyOptions) => why(mailId, options, io)));
}

async function why(mailId: string | undefined, options: WhyOptions, io: Surroundings): Promise<ExitCode> {
  if ((mailId === undefined) === (options.messageId === undefined))
    throw new CommandFailure(io.say("why.which"), exitCode.usage);
  const settings = readAccountSettings(options, io);
  const named = mailId === undefined ? null : parseMailId(mailId);
  if (mailId !== undefined && named === null)
    throw new CommandFailure(io.say("usage.not-a-mail-id", { text: mailId }), exitCode.usage);
  const account = options.account === undefined ? undefined : findAccount(settings, options.account, io).id;
  const accountId = named?.accountId ?? account;
  if (accountId === undefined || (account !== undefined && account !== accountId))
    throw new CommandFailure(io.say("why.which"), exitCode.usage);
  return await withBus(settings, io, async (bus) => {
    const places = options.messageId === undefined ? [] : await placesOf(bus, accountId, options.messageId, io);
    const mailIds = mailId === undefined ? places.map((place) => place.mailId) : [mailId];
    return await tell(bus, { accountId, mailIds, fingerprints: places.map((place) => place.fingerprint) }, places, {
      options,
      io,
    });
  });
}

/** Where the mail with this Message-ID is now; the angle brackets may be left out. */
async function placesOf(bus: Bus, accountId: string, messageId: string, io: Surroundings): Promise<readonly Place[]> {
  const bracketed = messageId.startsWith("<") ? messageId : `<${messageId}>`;
  const answer = await askMailbox(bus, { op: "find", accountId, messageId: bracketed }, io);
  if (answer.kind === "refused") throw new CommandFailure(io.say("mailbox.refused", { reason: answer.reason }));
  const places = answer.kind === "found" ? answer.mails : [];
  if (places.length === 0) throw new CommandFailure(io.say("why.not-found"));
  return places;
}

async function tell(
  bus: Bus,
  known: KnownMail,
  places: readonly Place[],
  { options, io }: { readonly options: WhyOptions; readonly io: Surroundings },
): Promise<ExitCode> {
  const facts = bus.readFacts(`event.${partitionOf(known.accountId)}.*`, { fromTime: 0 });
  const story = await readStory(facts, known);
  if (options.json === true) io.out(JSON.stringify({ places, story }, null, 2));
  else {
    for (const { folder, mailId } of places) io.out(io.say("why.now", { folder, mail: mailId }));
    if (story.length > 0) io.out(storyText(story, io.say));
  }
  if (story.length > 0) return exitCode.ok;
  if (options.json !== true) io.err(`tamis: ${io.say("why.unknown")}`);
  return exitCode.failed;
}
