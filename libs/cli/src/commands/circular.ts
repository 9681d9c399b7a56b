import type { Circular, CircularAsk, ReportedRecipient } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askCirculars } from "../ask-circulars.ts";
import { addedLines, circularLines, faultLines, outlookLines, recipientRow } from "../circular-lines.ts";
import { accountOption, type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { type CreateOptions, createCircular } from "../create-circular.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { type Adds, type CircularOptions, forAccount } from "../for-account.ts";
import { countOf, stateOf } from "../parameters.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTable, formatTime } from "../table.ts";
import { addCircularRecipients, addSuppressions, sourceOptions } from "./circular-recipients.ts";
import { addCircularSchedule } from "./circular-schedule.ts";

interface ReportOptions extends CircularOptions {
  readonly state?: readonly string[];
}

/** Recipients of one page of a report, and circulars of a list. */
const MOST = 1000;

export function addCircular(root: Command, line: CommandLine): void {
  const { io } = line;
  const circular = line.add(root, "circular", "circular.about");
  const add: Adds = (usage, about, examples) =>
    line
      .add(circular, usage, about, examples)
      .addOption(accountOption(io))
      .addOption(jsonOption(io))
      .addOption(configOption(io));
  addCreate(add, line);
  addCircularRecipients(add, line);
  addLooks(add, line);
  addCircularSchedule(add, line);
  addSuppressions(circular, line);
  for (const op of ["status", "pause", "resume", "cancel"] as const)
    add(op, `circular.${op}.about`, [`tamis circular ${op} 7 --account anna@example.org`])
      .argument("<number>", io.say("circular.number"))
      .action(line.act((id: string, options: CircularOptions) => change(op, id, { options, io })));
  add("list", "circular.list.about", ["tamis circular list --account anna@example.org"])
    .addOption(new Option("-n, --limit <n>", io.say("outbox.list.limit")).default("20"))
    .action(line.act((options: CircularOptions & { readonly limit: string }) => list(options, io)));
  add("report", "circular.report.about", [
    "tamis circular report 7 --account anna@example.org --state rejected --state unknown",
  ])
    .argument("<number>", io.say("circular.number"))
    .addOption(repeatable("--state <state>", io.say("outbox.list.state")))
    .action(line.act((id: string, options: ReportOptions) => report(id, options, io)));
  add("release", "circular.release.about", ["tamis circular release 7 1000000042 --account anna@example.org"])
    .argument("<number>", io.say("circular.number"))
    .argument("<recipient>", io.say("circular.recipient"))
    .action(
      line.act((id: string, recipient: string, options: CircularOptions) => release({ id, recipient }, options, io)),
    );
}

function addCreate(add: Adds, line: CommandLine): void {
  const { io } = line;
  const command = add("create", "circular.create.about", [
    "tamis circular create --account anna@example.org --subject 'Rentrée de {{prenom}}' --markdown lettre.md --recipients agents.csv",
    "tamis circular create --account anna@example.org --subject Conseil --text note.txt --to list:direction --dry-run",
  ]).addOption(new Option("--subject <text>", io.say("circular.opt.subject")).makeOptionMandatory());
  for (const option of sourceOptions(io)) command.addOption(option);
  command
    .addOption(new Option("--text <file>", io.say("circular.opt.text")))
    .addOption(new Option("--html <file>", io.say("circular.opt.html")))
    .addOption(new Option("--markdown <file>", io.say("circular.opt.markdown")))
    .addOption(repeatable("--attach <file>", io.say("circular.opt.attach")))
    .addOption(new Option("--from <mailbox>", io.say("circular.opt.from")))
    .addOption(new Option("--reply-to <mailbox>", io.say("circular.opt.reply-to")))
    .addOption(new Option("--list-id <id>", io.say("circular.opt.list-id")))
    .addOption(new Option("--untracked", io.say("circular.opt.untracked")))
    .addOption(new Option("--dry-run", io.say("circular.opt.dry-run")))
    .action(line.act((options: CircularOptions & CreateOptions) => create(options, io)));
}

function addLooks(add: Adds, line: CommandLine): void {
  const { io } = line;
  const as = (): Option => new Option("--as <address>", io.say("circular.opt.as"));
  add("preview", "circular.preview.about", ["tamis circular preview 7 --account anna@example.org --as eve@example.org"])
    .argument("<number>", io.say("circular.number"))
    .addOption(as())
    .action(line.act((id: string, options: CircularOptions & { readonly as?: string }) => preview(id, options, io)));
  add("test", "circular.test.about", ["tamis circular test 7 --account anna@example.org --to anna@example.org"])
    .argument("<number>", io.say("circular.number"))
    .addOption(as())
    .addOption(new Option("--to <address>", io.say("circular.opt.to")).makeOptionMandatory())
    .action(
      line.act((id: string, options: CircularOptions & { readonly as?: string; readonly to: string }) =>
        test(id, options, io),
      ),
    );
}

/** The answer in JSON, or in lines. */
function tell(options: CircularOptions, io: Surroundings, said: { readonly json: unknown; readonly lines: string }) {
  io.out(options.json === true ? JSON.stringify(said.json, null, 2) : said.lines);
  return exitCode.ok;
}

async function create(options: CircularOptions & CreateOptions, io: Surroundings): Promise<ExitCode> {
  const created = await forAccount(options, io, (target) => createCircular(options, target));
  const { id, recipients, suppressed, faults, lists, outlook } = created;
  const said = [...faultLines(faults, io), ...addedLines(lists, io)];
  const lines =
    outlook === null
      ? [
          ...said,
          io.say("circular.created", { id, count: recipients }),
          ...(suppressed > 0 ? [io.say("circular.suppressed", { count: suppressed })] : []),
        ]
      : [...said, ...outlookLines(outlook, io), io.say("circular.dry")];
  return tell(options, io, { json: created, lines: lines.join("\n") });
}

async function preview(
  id: string,
  options: CircularOptions & { readonly as?: string },
  io: Surroundings,
): Promise<ExitCode> {
  const answer = await forAccount(options, io, (target) =>
    askCirculars(
      target,
      { op: "preview", accountId: target.account.id, id, ...(options.as === undefined ? {} : { address: options.as }) },
      "previewed",
    ),
  );
  const { address, mail, size, recipients } = answer;
  if (options.json !== true) io.err(io.say("circular.previewed", { address, size: formatBytes(size), recipients }));
  return tell(options, io, { json: answer, lines: Buffer.from(mail, "base64").toString().replaceAll("\r\n", "\n") });
}

async function test(
  id: string,
  options: CircularOptions & { readonly as?: string; readonly to: string },
  io: Surroundings,
): Promise<ExitCode> {
  const { to, as } = options;
  const answer = await forAccount(options, io, (target) =>
    askCirculars(
      target,
      { op: "test", accountId: target.account.id, id, to, ...(as === undefined ? {} : { address: as }) },
      "circular",
    ),
  );
  return tell(options, io, { json: answer.circular, lines: io.say("circular.tested", { to }) });
}

async function change(
  op: "status" | "pause" | "resume" | "cancel",
  id: string,
  { options, io }: { readonly options: CircularOptions; readonly io: Surroundings },
): Promise<ExitCode> {
  const { circular, left } = await forAccount(options, io, (target) =>
    askCirculars(target, { op, accountId: target.account.id, id }, "circular"),
  );
  const lines = [...circularLines(circular, io), ...(left === undefined ? [] : [io.say("circular.left", { left })])];
  const json = left === undefined ? circular : { ...circular, left };
  return tell(options, io, { json, lines: lines.join("\n") });
}

async function list(options: CircularOptions & { readonly limit: string }, io: Surroundings): Promise<ExitCode> {
  const limit = Math.min(MOST, countOf(options.limit, io));
  const { circulars } = await forAccount(options, io, (target) =>
    askCirculars(target, { op: "list", accountId: target.account.id, limit }, "listed"),
  );
  const rows = circulars.map((one: Circular) => [
    one.id,
    formatTime(one.dueAt ?? one.createdAt),
    io.say(`circular.state.${one.state}`),
    io.say("circular.of", { count: one.recipients }),
    one.subject,
  ]);
  const lines = rows.length === 0 ? io.say("circular.none") : formatTable(rows);
  return tell(options, io, { json: circulars, lines });
}

/** A line for each recipient, or in JSON an object a line: a report may be long. */
async function report(id: string, options: ReportOptions, io: Surroundings): Promise<ExitCode> {
  const states = options.state?.map((text) => stateOf(text, io));
  await forAccount(options, io, async (target) => {
    const accountId = target.account.id;
    for (let after: string | null = "0"; after !== null; ) {
      const question: CircularAsk = {
        op: "report",
        accountId,
        id,
        limit: MOST,
        ...(after === "0" ? {} : { after }),
        ...(states === undefined ? {} : { states }),
      };
      const page: { readonly recipients: readonly ReportedRecipient[]; readonly next: string | null } =
        await askCirculars(target, question, "reported");
      if (options.json === true) for (const one of page.recipients) io.out(JSON.stringify(one));
      else if (page.recipients.length > 0) io.out(formatTable(page.recipients.map((one) => recipientRow(one, io))));
      after = page.next;
    }
  });
  return exitCode.ok;
}

async function release(
  { id, recipient }: { readonly id: string; readonly recipient: string },
  options: CircularOptions,
  io: Surroundings,
): Promise<ExitCode> {
  const answer = await forAccount(options, io, (target) =>
    askCirculars(target, { op: "release", accountId: target.account.id, id, recipient }, "done"),
  );
  return tell(options, io, { json: answer, lines: io.say("circular.released", { id: recipient }) });
}
