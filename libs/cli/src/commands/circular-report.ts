import type { CircularAsk, Receipt, ReportedRecipient } from "@tamis/contracts";
import { Option } from "commander";
import { reportHeader, reportLine } from "../circular-csv.ts";
import { createdLines, recipientRow } from "../circular-lines.ts";
import { CircularReceipts } from "../circular-receipts.ts";
import { type Adds, type CircularOptions, forAccount, type Target, tell } from "../circular-target.ts";
import { type CommandLine, repeatable } from "../command-line.ts";
import { type CsvForm, type CsvOptions, csvFormOf, separatorOption } from "../csv-form.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { receiptStateOf, stateOf } from "../parameters.ts";
import { type RemindOptions, remindCircular } from "../remind-circular.ts";
import { type Follower, walkReport } from "../report-pages.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable } from "../table.ts";

interface ReportOptions extends CircularOptions, CsvOptions {
  readonly state?: readonly string[];
  readonly receipt?: readonly string[];
  readonly csv?: true;
}

/** `tamis circular report`: how sending went and what is known of each recipient. */
export function addReport(add: Adds, line: CommandLine): void {
  const { io } = line;
  add("report", "circular.report.about", [
    "tamis circular report 7 --account anna@example.org --state rejected --state unknown",
    "tamis circular report 7 --account anna@example.org --receipt none --csv > silent.csv",
  ])
    .argument("<number>", io.say("circular.number"))
    .addOption(repeatable("--state <state>", io.say("outbox.list.state")))
    .addOption(repeatable("--receipt <state>", io.say("circular.opt.receipt")))
    .addOption(new Option("--csv", io.say("circular.opt.csv")).conflicts("json"))
    .addOption(separatorOption(io))
    .action(line.act((id: string, options: ReportOptions) => report(id, options, io)));
}

/** `tamis circular remind`: a draft for those of another circular who did not read it. */
export function addRemind(add: Adds, line: CommandLine): void {
  const { io } = line;
  add("remind", "circular.remind.about", [
    "tamis circular remind --of 7 --account anna@example.org",
    "tamis circular remind --of 7 --silent --account anna@example.org --subject 'Rappel : rentrée' --markdown rappel.md",
  ])
    .addOption(new Option("--of <number>", io.say("circular.number")).makeOptionMandatory())
    .addOption(new Option("--silent", io.say("circular.opt.silent")))
    .addOption(new Option("--subject <text>", io.say("circular.opt.subject")))
    .addOption(new Option("--text <file>", io.say("circular.opt.text")))
    .addOption(new Option("--html <file>", io.say("circular.opt.html")))
    .addOption(new Option("--markdown <file>", io.say("circular.opt.markdown")))
    .addOption(repeatable("--attach <file>", io.say("circular.opt.attach")))
    .addOption(new Option("--from <mailbox>", io.say("circular.opt.from")))
    .addOption(new Option("--reply-to <mailbox>", io.say("circular.opt.reply-to")))
    .addOption(new Option("--list-id <id>", io.say("circular.opt.list-id")))
    .action(line.act((options: CircularOptions & RemindOptions) => remind(options, io)));
}

async function report(id: string, options: ReportOptions, io: Surroundings): Promise<ExitCode> {
  const states = options.state?.map((text) => stateOf(text, io));
  const wanted = options.receipt?.map((text) => receiptStateOf(text, io));
  const csv = options.csv === true ? csvFormOf(options, io) : null;
  await forAccount(options, io, async (target) => {
    const follower: Follower = target.hasReceipts ? new CircularReceipts({ ...target, circularId: id }) : null;
    const isWanted = (receipt: Receipt | undefined): boolean =>
      wanted === undefined || (receipt !== undefined && wanted.includes(receipt.state));
    const about: Extract<CircularAsk, { op: "report" }> = { ...question(target, id), ...(states && { states }) };
    let isFirst = true;
    for await (const page of walkReport(target, about, follower)) {
      const shown = page.filter(({ receipt }) => isWanted(receipt));
      if (isFirst && follower?.refused) io.err(follower.refused);
      if (isFirst && csv !== null) io.out(trimmed(csv.begin + reportHeader(io, csv.separator)));
      isFirst = false;
      const isFollowed = follower !== null && !follower.refused;
      if (shown.length > 0) io.out(textOf(shown, { isJson: options.json === true, csv, isFollowed, io }));
    }
  });
  return exitCode.ok;
}

const question = ({ account }: Target, id: string) =>
  ({ op: "report", accountId: account.id, id, limit: 1000 }) as const;

interface Showing {
  readonly isJson: boolean;
  /** null: not as CSV. */
  readonly csv: CsvForm | null;
  /** Whether receipts are shown, too. */
  readonly isFollowed: boolean;
  readonly io: Surroundings;
}

interface Line {
  readonly recipient: ReportedRecipient;
  readonly receipt?: Receipt | undefined;
}

/** A line for each recipient, in JSON an object a line: a report may be long. */
function textOf(lines: readonly Line[], { isJson, csv, isFollowed, io }: Showing): string {
  const known = ({ receipt }: Line): Receipt | null | undefined => (isFollowed ? (receipt ?? null) : undefined);
  if (isJson) return lines.map((one) => JSON.stringify({ ...one.recipient, receipt: known(one) })).join("\n");
  if (csv !== null) {
    const form = { io, separator: csv.separator };
    return trimmed(lines.map(({ recipient, receipt }) => reportLine(recipient, receipt, form)).join(""));
  }
  return formatTable(lines.map((one) => recipientRow(one.recipient, known(one), io)));
}

/** `out` ends the last line itself. */
const trimmed = (text: string): string => text.replace(/\n$/, "");

async function remind(options: CircularOptions & RemindOptions, io: Surroundings): Promise<ExitCode> {
  const reminded = await forAccount(options, io, (target) => remindCircular(options, target));
  if (reminded === null) return tell(options, io, { json: null, lines: io.say("circular.nobody-to-remind") });
  const lines = [...createdLines(reminded, io), io.say("circular.reminder", { id: reminded.id })];
  return tell(options, io, { json: reminded, lines: lines.join("\n") });
}
