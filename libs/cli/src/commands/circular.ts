import { type Circular, circularReceipts } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askCirculars } from "../ask-circulars.ts";
import { circularLines, createdLines, receiptLines } from "../circular-lines.ts";
import { countReceipts } from "../circular-receipts.ts";
import { type Adds, type CircularOptions, forAccount, tell } from "../circular-target.ts";
import { accountOption, type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { type CreateOptions, createCircular } from "../create-circular.ts";
import type { ExitCode } from "../exit-code.ts";
import { countOf } from "../parameters.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTable, formatTime } from "../table.ts";
import { addCircularRecipients, addSuppressions, sourceOptions } from "./circular-recipients.ts";
import { addRemind, addReport } from "./circular-report.ts";
import { addCircularSchedule } from "./circular-schedule.ts";

/** Circulars of a list. */
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
  add("status", "circular.status.about", ["tamis circular status 7 --account anna@example.org"])
    .argument("<number>", io.say("circular.number"))
    .action(line.act((id: string, options: CircularOptions) => status(id, options, io)));
  for (const op of ["withdraw", "pause", "resume", "cancel"] as const)
    add(op, `circular.${op}.about`, [`tamis circular ${op} 7 --account anna@example.org`])
      .argument("<number>", io.say("circular.number"))
      .action(line.act((id: string, options: CircularOptions) => change(op, id, { options, io })));
  add("list", "circular.list.about", ["tamis circular list --account anna@example.org"])
    .addOption(new Option("-n, --limit <n>", io.say("outbox.list.limit")).default("20"))
    .action(line.act((options: CircularOptions & { readonly limit: string }) => list(options, io)));
  addReport(add, line);
  addRemind(add, line);
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
    .addOption(repeatable("--secret <file>", io.say("circular.opt.secret")))
    .addOption(new Option("--from <mailbox>", io.say("circular.opt.from")))
    .addOption(new Option("--reply-to <mailbox>", io.say("circular.opt.reply-to")))
    .addOption(new Option("--list-id <id>", io.say("circular.opt.list-id")))
    .addOption(new Option("--untracked", io.say("circular.opt.untracked")))
    .addOption(new Option("--receipts <which>", io.say("circular.opt.receipts")).choices(circularReceipts.options))
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

async function create(options: CircularOptions & CreateOptions, io: Surroundings): Promise<ExitCode> {
  const created = await forAccount(options, io, (target) => createCircular(options, target));
  return tell(options, io, { json: created, lines: createdLines(created, io).join("\n") });
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

/** How far it is, and what is known of those whom it reached. */
async function status(id: string, options: CircularOptions, io: Surroundings): Promise<ExitCode> {
  const { circular, receipts } = await forAccount(options, io, async (target) => {
    const question = { op: "status", accountId: target.account.id, id } as const;
    const { circular } = await askCirculars(target, question, "circular");
    const isFollowed = circular.tracked && target.hasReceipts;
    const counted = isFollowed ? await countReceipts({ ...target, circularId: id }) : null;
    return { circular, receipts: counted === null || "refused" in counted ? null : counted };
  });
  const { counts, recipients, autoReplies, complaints } = receipts ?? {};
  const json =
    receipts === null ? circular : { ...circular, receipts: { recipients, counts, autoReplies, complaints } };
  const lines = [...circularLines(circular, io), ...(receipts === null ? [] : receiptLines(receipts, io))];
  return tell(options, io, { json, lines: lines.join("\n") });
}

async function change(
  op: "withdraw" | "pause" | "resume" | "cancel",
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
