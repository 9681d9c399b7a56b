import { type ReceiptRequestLine, type RequestState, receiptPolicy, requestState } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { asking, type ReceiptsOptions } from "../asking-receipts.ts";
import { type CommandLine, jsonOption, repeatable } from "../command-line.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf } from "../parameters.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable, formatTime } from "../table.ts";
import type { TextKey } from "../texts.ts";

interface RequestsOptions extends ReceiptsOptions {
  readonly state?: readonly string[];
  readonly limit: string;
  readonly after?: string;
}

interface PolicyOptions extends ReceiptsOptions {
  readonly reset?: true;
}

/** What `receipts` answers at most. */
const MOST = 1000;
const ANNA = "--account anna@example.org";

/** `tamis receipts requests | answer | policy`: what others ask of the account. */
export function addReceiptRequests(
  add: (usage: string, about: TextKey, examples: readonly string[]) => Command,
  { io, act }: CommandLine,
): void {
  add("requests", "receipts.requests.about", [`tamis receipts requests ${ANNA} --state asking`])
    .addOption(repeatable("--state <state>", io.say("receipts.request-state")))
    .addOption(new Option("-n, --limit <n>", io.say("receipts.request-limit")).default("20"))
    .addOption(new Option("--after <number>", io.say("receipts.request-after")))
    .addOption(jsonOption(io))
    .action(act((options: RequestsOptions) => requests(options, io)));
  add("answer", "receipts.answer.about", [`tamis receipts answer 12 send ${ANNA}`])
    .argument("<number>", io.say("receipts.request-number"))
    .argument("<send|refuse>", io.say("receipts.answer"))
    .action(act((number: string, word: string, options: ReceiptsOptions) => answer({ number, word }, options, io)));
  add("policy", "receipts.policy.about", [`tamis receipts policy ${ANNA}`, `tamis receipts policy inside ${ANNA}`])
    .argument("[policy]", io.say("receipts.policy"))
    .addOption(new Option("--reset", io.say("receipts.policy-reset")))
    .addOption(jsonOption(io))
    .action(act((word: string | undefined, options: PolicyOptions) => policy(word, options, io)));
}

async function requests(options: RequestsOptions, io: Surroundings): Promise<ExitCode> {
  const limit = Math.min(MOST, countOf(options.limit, io));
  const after = options.after === undefined ? {} : { after: String(countOf(options.after, io)) };
  const states = options.state?.map((text) => stateOf(text, io));
  const about = { ...(states === undefined || states.length === 0 ? {} : { states }), ...after, limit };
  const found = await asking(options, io, (ask) => ask((asked) => ({ op: "requests", ...asked, ...about })));
  if (found.kind !== "requests") throw new CommandFailure(io.say("receipts.failed"));
  const { requests: lines, next } = found;
  if (options.json === true) io.out(JSON.stringify({ requests: lines, next }, null, 2));
  else {
    io.out(lines.length === 0 ? io.say("receipts.no-requests") : formatTable(lines.map((one) => row(one, io))));
    if (next !== null) io.out(io.say("receipts.more", { next }));
  }
  return exitCode.ok;
}

function row({ id, at, to, state, meaning }: ReceiptRequestLine, { say }: Surroundings): string[] {
  return [id, formatTime(at), to.join(", "), say(`receipts.request.${state}`), meaning ?? ""];
}

function stateOf(text: string, io: Surroundings): RequestState {
  const parsed = requestState.safeParse(text);
  if (parsed.success) return parsed.data;
  const states = requestState.options.join(", ");
  throw new CommandFailure(io.say("receipts.bad-state", { text, states }), exitCode.usage);
}

async function answer(
  { number, word }: { readonly number: string; readonly word: string },
  options: ReceiptsOptions,
  io: Surroundings,
): Promise<ExitCode> {
  if (word !== "send" && word !== "refuse")
    throw new CommandFailure(io.say("receipts.bad-answer", { text: word }), exitCode.usage);
  const request = String(countOf(number, io));
  const done = await asking(options, io, (ask) => ask((asked) => ({ op: "answer", ...asked, request, answer: word })));
  if (done.kind !== "answered") throw new CommandFailure(io.say("receipts.failed"));
  io.out(io.say(`receipts.request.${done.state}`));
  return exitCode.ok;
}

async function policy(word: string | undefined, options: PolicyOptions, io: Surroundings): Promise<ExitCode> {
  const choose = options.reset === true ? { choose: null } : word === undefined ? {} : { choose: policyOf(word, io) };
  const found = await asking(options, io, (ask) => ask((asked) => ({ op: "policy", ...asked, ...choose })));
  if (found.kind !== "policy") throw new CommandFailure(io.say("receipts.failed"));
  const { chosen, effective } = found;
  if (options.json === true) io.out(JSON.stringify({ chosen, effective }, null, 2));
  else
    io.out(
      `${effective}: ${io.say(`receipts.policy.${effective}`)} (${io.say(chosen === null ? "receipts.by-settings" : "receipts.by-owner")})`,
    );
  return exitCode.ok;
}

function policyOf(text: string, io: Surroundings) {
  const parsed = receiptPolicy.safeParse(text);
  if (parsed.success) return parsed.data;
  const policies = receiptPolicy.options.join(", ");
  throw new CommandFailure(io.say("receipts.bad-policy", { text, policies }), exitCode.usage);
}
