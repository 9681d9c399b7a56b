import { waitFor } from "@tamis/testkit";
import { keyOf } from "../load-account.ts";
import { type Arena, FULL_TIMING, openArena, type Timing } from "./arena.ts";
import { type DeliveryFlow, deliveryFlow } from "./delivery-flow.ts";
import { type FaultKind, type FaultName, faultKinds } from "./fault-kinds.ts";
import { faultMail, KEYWORD_MAIL, probeMail } from "./fault-mails.ts";
import { journalOf } from "./journal.ts";
import { type MailHistory, mailHistory, recoveryMs } from "./recovery.ts";
import { type FoundCopy, judge, type Verdict } from "./verdict.ts";

export interface FaultsOptions {
  readonly messages: number;
  readonly accounts: number;
  readonly faults: readonly FaultName[];
  readonly timing?: Timing;
  /** Mails delivered per second beside the probes. */
  readonly perSecond?: number;
  /** How long one recovery, and the settling at the end, may take. */
  readonly deadlineMs?: number;
  readonly say?: (line: string) => void;
  /** `mailbox` and `filter` in one process; faults of `filter` alone are left out. */
  readonly together?: boolean;
}

export interface FaultsResult {
  readonly verdict: Verdict;
  readonly parked: number;
  /** Per fault, ms until the last account was served again; undefined: not within the deadline. */
  readonly recoveries: ReadonlyMap<FaultName, number | undefined>;
  /** Services that ended without being killed. */
  readonly unexpectedEnds: readonly string[];
  /** One text per mail that is not where it belongs. */
  readonly journals: readonly string[];
}

/** The least number of messages per fault: enough that some arrive while it lasts. */
export const MESSAGES_PER_FAULT = 30;
const JOURNALS = 20;

interface Run extends Required<Pick<FaultsOptions, "perSecond" | "deadlineMs" | "say">> {
  readonly arena: Arena;
  readonly flow: DeliveryFlow;
  readonly history: MailHistory;
  readonly recoveries: Map<FaultName, number | undefined>;
}

const keysFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/**
 * QUIRK: Dovecot writes the name of a Maildir's new keyword after the mails that have it; killed between the two it knows the
 * keyword as `unknown-0` for ever. So each account has used it before anything is killed.
 */
async function useKeyword({ dovecot, accounts }: Arena, timeoutMs: number): Promise<void> {
  const { raw, folder } = KEYWORD_MAIL;
  for (const { address } of accounts) await dovecot.deliver(address, raw);
  for (const { address } of accounts)
    await waitFor(async () => (await dovecot.listAll(address)).some((mail) => mail.folder === folder), {
      timeoutMs,
      describe: `a mail in ${folder} of ${address}`,
    });
}

/** Mail flows before, while and after the fault; probes, one per account, tell when all are served again. */
async function survive(run: Run, kind: FaultKind, keys: readonly number[]): Promise<void> {
  const { arena, flow, history, perSecond, deadlineMs, say } = run;
  const half = Math.floor(keys.length / 2);
  const probes = keys.slice(half, half + Math.min(arena.accounts.length, Math.ceil(keys.length / 4))).map(probeMail);
  const after = keys.slice(half + probes.length).map(faultMail);
  const during = flow.deliver(keys.slice(0, half).map(faultMail), perSecond);
  await flow.reached(flow.delivered.length + Math.floor(half / 3));
  await kind.inflict(arena, flow);
  const since = performance.timeOrigin + performance.now();
  await Promise.all([flow.deliver(probes, 1_000), during]);
  const took = await recoveryMs(
    history,
    probes.map(({ key }) => key),
    since,
    deadlineMs,
  );
  run.recoveries.set(kind.name, took);
  say(
    `${kind.name}: ${kind.tells}: ${took === undefined ? `NOT recovered within ${deadlineMs / 1000} s` : `all accounts served again after ${Math.round(took)} ms`}`,
  );
  await kind.mend?.(arena);
  await flow.deliver(after, perSecond);
}

async function readMailboxes({ dovecot, accounts }: Arena): Promise<readonly FoundCopy[]> {
  const found: FoundCopy[] = [];
  for (const { id, address } of accounts) {
    for (const { folder, flags, uid, messageId } of await dovecot.listAll(address)) {
      const key = keyOf(messageId);
      if (key !== undefined) found.push({ key, accountId: id, folder, flags, uid });
    }
  }
  return found;
}

async function streamsAreEmpty({ pipeline: { bus } }: Arena): Promise<boolean> {
  const states = await Promise.all([bus.streamState("MAIL"), bus.streamState("APPLY")]);
  return states.every(({ messages }) => messages === 0);
}

/** Reads every mailbox until all is in place, or until the deadline. */
async function settle({ arena, flow, deadlineMs }: Run): Promise<Verdict> {
  const look = async (): Promise<Verdict> => judge(flow.delivered, await readMailboxes(arena));
  await waitFor(async () => (await streamsAreEmpty(arena)) && (await look()).wrong.length === 0, {
    timeoutMs: deadlineMs,
    intervalMs: 500,
    describe: "every mail in its place",
  }).catch(() => undefined);
  return look();
}

/** Nothing may be done a second time later: looks again when every mail would have been published anew, were it not settled. */
async function settleForGood(run: Run, timing: Timing): Promise<Verdict> {
  const first = await settle(run);
  if (first.wrong.length > 0) return first;
  const until = performance.now() + 2_000 * timing.republish_seconds;
  await waitFor(() => performance.now() > until, {
    timeoutMs: 3_000 * timing.republish_seconds,
    intervalMs: 100,
    describe: "the time of re-publication",
  });
  return settle(run);
}

function segments(messages: number, kinds: readonly FaultKind[]): ReadonlyMap<FaultKind, readonly number[]> {
  const size = Math.floor(messages / kinds.length);
  return new Map(
    kinds.map((kind, index) => {
      const isLast = index === kinds.length - 1;
      return [kind, keysFrom(index * size, isLast ? messages - index * size : size)];
    }),
  );
}

async function conclude(run: Run, timing: Timing): Promise<FaultsResult> {
  const { arena, history, recoveries } = run;
  const verdict = await settleForGood(run, timing);
  const journals: string[] = [];
  for (const wrong of verdict.wrong.slice(0, JOURNALS))
    journals.push(await journalOf(arena.pipeline.bus, history, wrong));
  const parked = (await arena.pipeline.bus.parked.list()).length;
  if (verdict.wrong.length > 0) run.say(`the logs of all services are kept in ${arena.keepLogs()}`);
  return { verdict, parked, recoveries, unexpectedEnds: arena.pipeline.unexpectedEnds(), journals };
}

/**
 * Delivers mail while things break, one after the other, and reads every mailbox afterwards.
 * @throws Error when `messages` is less than {@link MESSAGES_PER_FAULT} per fault, or the servers do not start
 */
export async function runFaults(options: FaultsOptions): Promise<FaultsResult> {
  const together = options.together === true;
  const kinds = faultKinds.filter(({ name, isApart }) => options.faults.includes(name) && !(together && isApart));
  if (options.messages < MESSAGES_PER_FAULT * kinds.length) {
    throw new RangeError(
      `${kinds.length} faults need at least ${MESSAGES_PER_FAULT * kinds.length} messages, not ${options.messages}`,
    );
  }
  const { timing = FULL_TIMING, perSecond = 60, deadlineMs = 120_000, say = () => {} } = options;
  const arena = await openArena({ accounts: options.accounts, timing, together });
  try {
    say(`${options.accounts} accounts are served by ${together ? "2 sorters" : "2 mailbox instances and 2 filters"}`);
    const run: Run = {
      arena,
      flow: deliveryFlow(arena.dovecot, arena.accounts),
      history: mailHistory(arena.log),
      recoveries: new Map(),
      perSecond,
      deadlineMs,
      say,
    };
    await useKeyword(arena, deadlineMs);
    for (const [kind, keys] of segments(options.messages, kinds)) await survive(run, kind, keys);
    return await conclude(run, timing);
  } finally {
    await arena.stop();
  }
}
