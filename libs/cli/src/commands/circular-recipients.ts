import { type CircularAsk, SUPPRESSED_PER_PAGE } from "@tamis/contracts";
import { csvLine } from "@tamis/kit";
import { type Command, Option } from "commander";
import { addToCircular, readSources, type SourceOptions } from "../add-to-circular.ts";
import { addressesIn } from "../addresses-in.ts";
import { askCirculars } from "../ask-circulars.ts";
import { addedLines, faultLines } from "../circular-lines.ts";
import { type Adds, type CircularOptions, forAccount, type Target } from "../circular-target.ts";
import { type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { fileIn } from "../file-in.ts";
import { isConfigured } from "../services.ts";
import { type ConfigOption, configPath, readSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable } from "../table.ts";

interface AddOptions extends CircularOptions, SourceOptions {}

interface SuppressionOptions extends ConfigOption {
  readonly file?: string;
  readonly json?: true;
}

/** `--recipients`, `--column` and `--to`. */
export const sourceOptions = ({ say }: Surroundings): readonly Option[] => [
  new Option("--recipients <file>", say("circular.opt.recipients")),
  new Option("--column <head>", say("circular.opt.column")),
  repeatable("--to <list>", say("circular.opt.list")),
];

/** Recipients of a draft, the lists they may come from, and those who want no circulars. */
export function addCircularRecipients(add: Adds, line: CommandLine): void {
  const { io } = line;
  const command = add("add", "circular.add.about", [
    "tamis circular add 7 --account anna@example.org --to list:direction --to school:0380001A",
    "tamis circular add 7 --account anna@example.org --recipients others.csv",
  ]).argument("<number>", io.say("circular.number"));
  for (const option of sourceOptions(io)) command.addOption(option);
  command.action(line.act((id: string, options: AddOptions) => addTo(id, options, io)));
  add("lists", "circular.lists.about", ["tamis circular lists --account anna@example.org --kind school"])
    .addOption(new Option("--kind <kind>", io.say("circular.opt.kind")))
    .action(line.act((options: CircularOptions & { readonly kind?: string }) => lists(options, io)));
}

/** Of the whole installation, so without an account. */
export function addSuppressions(circular: Command, line: CommandLine): void {
  const { io } = line;
  for (const op of ["suppress", "unsuppress"] as const)
    line
      .add(circular, op, `circular.${op}.about`, [
        `tamis circular ${op} eve@example.org`,
        `tamis circular ${op} --file addresses.csv`,
      ])
      .argument("[address...]", io.say("circular.address"))
      .addOption(new Option("--file <file>", io.say("circular.opt.addresses")))
      .addOption(jsonOption(io))
      .addOption(configOption(io))
      .action(
        line.act((addresses: readonly string[], options: SuppressionOptions) =>
          suppress(op, addresses, { options, io }),
        ),
      );
  line
    .add(circular, "suppressed", "circular.suppressed.about", ["tamis circular suppressed > suppressed.csv"])
    .addOption(jsonOption(io))
    .addOption(configOption(io))
    .action(line.act((options: SuppressionOptions) => suppressed(options, io)));
}

async function addTo(id: string, options: AddOptions, io: Surroundings): Promise<ExitCode> {
  const sources = await readSources(options, io);
  const added = await forAccount(options, io, async (target) => {
    try {
      return await addToCircular(id, sources, target);
    } catch (error) {
      await tellPart(id, target).catch(() => {});
      throw error;
    }
  });
  if (options.json === true) io.out(JSON.stringify(added, null, 2));
  else
    io.out(
      [
        ...faultLines(added.faults, io),
        ...addedLines(added.lists, io),
        io.say("circular.created", { id, count: added.recipients }),
        ...(added.suppressed > 0 ? [io.say("circular.suppressed", { count: added.suppressed })] : []),
      ].join("\n"),
    );
  return exitCode.ok;
}

/** What is in it though not all could be added. */
async function tellPart(id: string, target: Target): Promise<void> {
  const { circular } = await askCirculars(target, { op: "status", accountId: target.account.id, id }, "circular");
  target.io.err(target.io.say("circular.part", { id, count: circular.recipients }));
}

async function lists(options: CircularOptions & { readonly kind?: string }, io: Surroundings): Promise<ExitCode> {
  const { kind } = options;
  const answer = await forAccount(options, io, (target) =>
    askCirculars(
      target,
      { op: "lists", accountId: target.account.id, ...(kind === undefined ? {} : { kind }) },
      "lists",
    ),
  );
  if (options.json === true) io.out(JSON.stringify(answer.lists, null, 2));
  else if (answer.lists.length === 0) io.out(io.say("circular.lists.none"));
  else io.out(formatTable(answer.lists.map(({ name, about }) => [name, ...(about === null ? [] : [about])])));
  if (!answer.isAll) io.err(io.say("circular.lists.more"));
  return exitCode.ok;
}

/** Connects without an account. */
function connected<T>(options: ConfigOption, io: Surroundings, use: (ask: AskAny) => Promise<T>): Promise<T> {
  const settings = readSettings(options, io);
  if (!isConfigured("outbox", configPath(options, io))) throw new CommandFailure(io.say("outbox.absent"));
  return withBus(settings, io, (bus) => use((question, kind) => askCirculars({ bus, io }, question, kind)));
}

type AskAny = <K extends "suppression" | "suppressed">(
  question: CircularAsk,
  kind: K,
) => ReturnType<typeof askCirculars<K>>;

async function suppress(
  op: "suppress" | "unsuppress",
  named: readonly string[],
  { options, io }: { readonly options: SuppressionOptions; readonly io: Surroundings },
): Promise<ExitCode> {
  const listed = options.file === undefined ? [] : addressesIn(await fileIn(options.file, io));
  if (listed === null) throw new CommandFailure(io.say("circular.addresses.unreadable", { file: options.file ?? "" }));
  const addresses = [...named, ...listed];
  if (addresses.length === 0) throw new CommandFailure(io.say("circular.no-addresses"), exitCode.usage);
  let changed = 0;
  const invalid: string[] = [];
  await connected(options, io, async (ask) => {
    for (let from = 0; from < addresses.length; from += SUPPRESSED_PER_PAGE) {
      const page = addresses.slice(from, from + SUPPRESSED_PER_PAGE);
      const answer = await ask({ op, addresses: page }, "suppression");
      changed += answer.changed;
      invalid.push(...answer.invalid);
    }
  });
  if (options.json === true) io.out(JSON.stringify({ changed, invalid }, null, 2));
  else {
    io.out(io.say(`circular.${op}.done`, { count: changed }));
    for (const address of invalid) io.err(io.say("circular.bad-address", { address }));
  }
  return invalid.length === 0 ? exitCode.ok : exitCode.failed;
}

/** As CSV, which `suppress --file` reads again; in JSON an object a line. */
async function suppressed(options: SuppressionOptions, io: Surroundings): Promise<ExitCode> {
  await connected(options, io, async (ask) => {
    if (options.json !== true) io.out("address,since");
    for (let after: string | undefined, isMore = true; isMore; ) {
      const page = await ask(
        { op: "suppressed", limit: SUPPRESSED_PER_PAGE, ...(after === undefined ? {} : { after }) },
        "suppressed",
      );
      for (const { address, at } of page.addresses) {
        const since = new Date(at).toISOString();
        io.out(options.json === true ? JSON.stringify({ address, since }) : csvLine([address, since]).trimEnd());
      }
      isMore = page.next !== null;
      after = page.next ?? undefined;
    }
  });
  return exitCode.ok;
}
