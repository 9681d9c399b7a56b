import { type Receipt, type ReceiptState, type ReportLine, receiptState } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { asking, type ReceiptsOptions } from "../asking-receipts.ts";
import { accountOption, type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { type CsvOptions, csvFormOf, separatorOption } from "../csv-form.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf, receiptStateOf } from "../parameters.ts";
import { receiptNotes } from "../receipt-notes.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable, formatTime } from "../table.ts";
import type { TextKey } from "../texts.ts";
import { addReceiptRequests } from "./receipt-requests.ts";

interface ScopeOptions extends ReceiptsOptions {
  readonly circular?: string;
  readonly messageId?: string;
}

interface ListOptions extends ScopeOptions {
  readonly state?: readonly string[];
  readonly limit: string;
  readonly after?: string;
}

/** What `receipts` answers to `list` at most, and a page of the CSV. */
const MOST = 1000;

const SCOPE = "--account anna@example.org --circular 7";

export function addReceipts(root: Command, line: CommandLine): void {
  const { io } = line;
  const receipts = line.add(root, "receipts", "receipts.about");
  const add = (usage: string, about: TextKey, examples: readonly string[]): Command =>
    line.add(receipts, usage, about, examples).addOption(accountOption(io)).addOption(configOption(io));
  const scoped = (command: Command): Command =>
    command
      .addOption(new Option("--circular <number>", io.say("receipts.circular")))
      .addOption(new Option("--message-id <id>", io.say("receipts.message-id")));
  const stated = (command: Command): Command =>
    scoped(command).addOption(repeatable("--state <state>", io.say("receipts.state")));
  scoped(add("counts", "receipts.counts.about", [`tamis receipts counts ${SCOPE}`]))
    .addOption(jsonOption(io))
    .action(line.act((options: ScopeOptions) => counts(options, io)));
  stated(add("list", "receipts.list.about", [`tamis receipts list ${SCOPE} --state failed`]))
    .addOption(new Option("-n, --limit <n>", io.say("receipts.limit")).default("20"))
    .addOption(new Option("--after <number>", io.say("receipts.after")))
    .addOption(jsonOption(io))
    .action(line.act((options: ListOptions) => list(options, io)));
  stated(add("csv", "receipts.csv.about", [`tamis receipts csv ${SCOPE} > circular-7.csv`]))
    .addOption(separatorOption(io))
    .action(line.act((options: Omit<ListOptions, "limit"> & CsvOptions) => csv(options, io)));
  add("reports", "receipts.reports.about", ["tamis receipts reports 1000000007 --account anna@example.org"])
    .argument("<number>", io.say("receipts.number"))
    .addOption(jsonOption(io))
    .action(line.act((number: string, options: ReceiptsOptions) => reports(number, options, io)));
  addReceiptRequests(add, line);
}

const scopeOf = ({ circular, messageId }: ScopeOptions) => ({
  ...(circular === undefined ? {} : { circularId: circular }),
  // Shells take angle brackets for something else.
  ...(messageId === undefined ? {} : { messageId: messageId.startsWith("<") ? messageId : `<${messageId}>` }),
});

function statesOf({ state = [] }: Pick<ListOptions, "state">, io: Surroundings): { states?: readonly ReceiptState[] } {
  const states = state.map((text) => receiptStateOf(text, io));
  return states.length === 0 ? {} : { states };
}

async function counts(options: ScopeOptions, io: Surroundings): Promise<ExitCode> {
  const answer = await asking(options, io, (ask) => ask((asked) => ({ op: "counts", ...asked, ...scopeOf(options) })));
  if (answer.kind !== "counts") throw new CommandFailure(io.say("receipts.failed"));
  const { kind: _, ...found } = answer;
  if (options.json === true) {
    io.out(JSON.stringify(found, null, 2));
    return exitCode.ok;
  }
  const rows = receiptState.options.map(
    (state) => [io.say(`receipts.state.${state}`), found.counts[state] ?? 0] as const,
  );
  const marks = [
    [io.say("receipts.recipients"), found.recipients],
    ...rows,
    [io.say("receipts.auto-replies"), found.autoReplies],
    [io.say("receipts.complaints"), found.complaints],
  ] as const;
  io.out(formatTable(marks.map(([name, count]) => [name, String(count)])));
  return exitCode.ok;
}

async function list(options: ListOptions, io: Surroundings): Promise<ExitCode> {
  const limit = Math.min(MOST, countOf(options.limit, io));
  const after = options.after === undefined ? {} : { after: String(countOf(options.after, io)) };
  const about = { ...scopeOf(options), ...statesOf(options, io), ...after, limit };
  const answer = await asking(options, io, (ask) => ask((asked) => ({ op: "list", ...asked, ...about })));
  const { receipts, next } = answer.kind === "listed" ? answer : { receipts: [], next: null };
  if (options.json === true) io.out(JSON.stringify({ receipts, next }, null, 2));
  else {
    io.out(receipts.length === 0 ? io.say("receipts.none") : formatTable(receipts.map((one) => row(one, io))));
    if (next !== null) io.out(io.say("receipts.more", { next }));
  }
  return exitCode.ok;
}

function row(receipt: Receipt, io: Surroundings): string[] {
  const { id, address, state, stateAt } = receipt;
  const since = stateAt === null ? "" : formatTime(stateAt);
  const to = address ?? io.say("receipts.unknown-address");
  return [id, to, io.say(`receipts.state.${state}`), since, receiptNotes(receipt, io).join("; ")];
}

async function csv(options: Omit<ListOptions, "limit"> & CsvOptions, io: Surroundings): Promise<ExitCode> {
  const { separator, begin } = csvFormOf(options, io);
  const about = { ...scopeOf(options), ...statesOf(options, io), limit: MOST, separator };
  await asking(options, io, async (ask) => {
    for (let next: string | null | undefined; next !== null; ) {
      const after: { after?: string } = next === undefined ? {} : { after: next };
      const answer = await ask((asked) => ({ op: "csv", ...asked, ...about, ...after }));
      if (answer.kind !== "csv") throw new CommandFailure(io.say("receipts.failed"));
      const text = next === undefined ? begin + answer.text : answer.text;
      // `out` ends the last line itself.
      if (text !== "") io.out(text.replace(/\n$/, ""));
      next = answer.next;
    }
  });
  return exitCode.ok;
}

async function reports(number: string, options: ReceiptsOptions, io: Surroundings): Promise<ExitCode> {
  const recipient = String(countOf(number, io));
  const answer = await asking(options, io, (ask) => ask((asked) => ({ op: "reports", ...asked, recipient })));
  const lines = answer.kind === "reports" ? answer.reports : [];
  if (options.json === true) io.out(JSON.stringify(lines, null, 2));
  else io.out(lines.length === 0 ? io.say("receipts.no-reports") : formatTable(lines.map((one) => reportRow(one, io))));
  return exitCode.ok;
}

function reportRow({ at, kind, state, verified, status, meaning, by }: ReportLine, { say }: Surroundings): string[] {
  const said = state === null ? "" : say(`receipts.state.${state}`);
  const why = meaning === null ? [] : [`${meaning} (${status})`];
  const whose = by === undefined ? [] : [say("receipts.by", { address: by })];
  const notes = [...(verified ? [] : [say("receipts.unverified")]), ...why, ...whose];
  return [formatTime(at), kind, said, notes.join("; ")];
}
