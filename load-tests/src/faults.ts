import { FULL_TIMING } from "./faults/arena.ts";
import { faultNames } from "./faults/fault-kinds.ts";
import { type FaultsResult, MESSAGES_PER_FAULT, runFaults } from "./faults/run-faults.ts";
import { needInotify } from "./inotify.ts";
import { BadOptions, chosen, readOptions, textOption, wholeNumber } from "./options.ts";
import { type Report, say, writeReport } from "./report.ts";

/** Options of `npm run load -- faults`. */
export const FAULTS_HELP = `--messages N   mails delivered in all (default 2000)
--accounts N   accounts they go to (default 60)
--together     mailbox and filter in one process, as tamis up runs them; without the faults of filter alone
--faults LIST  of ${faultNames.join(",")} (default all)
--json FILE    writes the figures`;

function reportOf(
  result: FaultsResult,
  { accounts, together }: { readonly accounts: number; readonly together: boolean },
): Report {
  const { delivered, lost, duplicated, misplaced } = result.verdict;
  const recoveries = [...result.recoveries].map(([name, ms]) => [
    `${name}_recovery_ms`,
    ms === undefined ? "none" : Math.round(ms),
  ]);
  const { lease, ...timeouts } = FULL_TIMING;
  return {
    scenario: "faults",
    ours: {
      delivered_mails: delivered,
      lost_mails: lost,
      duplicated_mails: duplicated,
      misplaced_mails: misplaced,
      parked_messages: result.parked,
      ...Object.fromEntries(recoveries),
    },
    peers: {},
    ceiling: {},
    ratios: {},
    settings: {
      accounts,
      ...(together ? { sorters: 2 } : { mailbox_instances: 2, filters: 2 }),
      lease: { ...lease },
      ...timeouts,
    },
  };
}

function longest(result: FaultsResult): string {
  const unrecovered = [...result.recoveries].filter(([, ms]) => ms === undefined).map(([name]) => name);
  if (unrecovered.length > 0) return `never recovered within the deadline: ${unrecovered.join(", ")}`;
  const [name, ms = 0] = [...result.recoveries].reduce((worst, one) => ((one[1] ?? 0) > (worst[1] ?? 0) ? one : worst));
  return `longest recovery ${Math.round(ms)} ms (${name})`;
}

function isClean({ verdict, parked, recoveries, unexpectedEnds }: FaultsResult): boolean {
  return (
    verdict.wrong.length === 0 &&
    parked === 0 &&
    unexpectedEnds.length === 0 &&
    [...recoveries.values()].every((ms) => ms !== undefined)
  );
}

function tell(result: FaultsResult): void {
  for (const journal of result.journals) say(journal);
  if (result.verdict.wrong.length > result.journals.length)
    say(`… and ${result.verdict.wrong.length - result.journals.length} more`);
  for (const end of result.unexpectedEnds) say(end);
  const { delivered, lost, duplicated, misplaced } = result.verdict;
  say(longest(result));
  say(`delivered ${delivered} lost ${lost} duplicated ${duplicated} misplaced ${misplaced} parked ${result.parked}`);
}

/** `npm run load -- faults`: exit code 0 when nothing is lost, duplicated, misplaced or parked. */
export async function runFaultsScenario(argv: readonly string[]): Promise<number> {
  const string = { type: "string" } as const;
  const options = readOptions(argv, {
    messages: string,
    accounts: string,
    together: { type: "boolean" },
    faults: string,
    json: string,
  });
  const together = options["together"] === true;
  const faults = chosen("faults", textOption(options["faults"]), faultNames);
  const messages = wholeNumber("messages", options["messages"] ?? "2000", { min: 1, max: 1_000_000 });
  const accounts = wholeNumber("accounts", options["accounts"] ?? "60", { min: 2, max: 2_000 });
  if (messages < MESSAGES_PER_FAULT * faults.length)
    throw new BadOptions(`--messages: ${faults.length} faults need at least ${MESSAGES_PER_FAULT * faults.length}`);
  // Both instances are connected to an account for a moment when it changes hands.
  const limits = needInotify(2 * accounts, say);
  try {
    say(`timeouts: ${JSON.stringify(FULL_TIMING)}`);
    const result = await runFaults({ messages, accounts, faults, together, say });
    tell(result);
    const json = textOption(options["json"]);
    if (json !== undefined) await writeReport(json, reportOf(result, { accounts, together }));
    return isClean(result) ? 0 : 1;
  } finally {
    limits.restore();
  }
}
