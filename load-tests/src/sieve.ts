import { chmodSync } from "node:fs";
import { join } from "node:path";
import { type DovecotSieve, openDovecotSieve, tempDir } from "@tamis/testkit";
import { alternate, medianOf } from "./alternate.ts";
import { chosen, readOptions, textOption, wholeNumber } from "./options.ts";
import { type Figures, say, table, writeReport } from "./report.ts";
import { compileTime } from "./sieve/compile-time.ts";
import { type OurSide, runOurs, runTheirs, type SieveTurn } from "./sieve/contenders.ts";
import { differences } from "./sieve/differences.ts";
import { writeMaildir } from "./sieve/mailbox.ts";
import { type SieveScriptName, sieveScripts } from "./sieve/rules.ts";
import { significant } from "./statistics.ts";

const scriptNames: readonly SieveScriptName[] = ["headers30", "body", "rules1000", "rules1000_rare"];

/** Options of `npm run load -- sieve`. */
export const SIEVE_HELP = `--messages N   mails in the Maildir, 10 to 100000 (5000)
--rounds N     alternating runs, of which the median counts, 1 to 99 (3)
--scripts LIST of ${scriptNames.join(",")} (all)
--seed N       of the mails (1)
--profile DIR  writes a CPU profile of each of our runs there
--json FILE    writes the figures`;

/** What it takes to run both engines. */
interface Bench {
  readonly engine: DovecotSieve;
  readonly side: OurSide;
  readonly maildir: string;
  readonly rounds: number;
}

interface ScriptResult {
  readonly name: SieveScriptName;
  readonly runs: Readonly<Record<string, readonly SieveTurn[]>>;
  readonly messages: number;
  readonly different: number;
}

type Results = readonly ScriptResult[];

const MOST_SHOWN = 10;

async function runScript(name: SieveScriptName, { engine, side, maildir, rounds }: Bench): Promise<ScriptResult> {
  const script = sieveScripts[name]();
  // Fills Node's compile cache, as the first run of a day does; the files come into the page cache for both.
  await runOurs(side, script, maildir);
  const runs = await alternate<SieveTurn>(
    {
      ours: () => runOurs(side, script, maildir),
      theirs: () => runTheirs(engine, script, maildir),
    },
    rounds,
  );
  const ours = runs["ours"]?.[0]?.decisions ?? [];
  const found = differences(ours, runs["theirs"]?.[0]?.decisions ?? []);
  for (const { messageId, ours: mine, theirs } of found.slice(0, MOST_SHOWN)) {
    say(`  ${name}: ${messageId}: ours ${mine}; sieve-filter ${theirs}`);
  }
  if (found.length > MOST_SHOWN) say(`  ${name}: and ${found.length - MOST_SHOWN} more`);
  return { name, runs, messages: ours.length, different: found.length };
}

type Contender = "ours" | "theirs";

const cpu = ({ runs }: ScriptResult, who: Contender): number => medianOf(runs[who], ({ cpuSeconds }) => cpuSeconds);
const ratio = (result: ScriptResult): number => significant(cpu(result, "theirs") / cpu(result, "ours"), 3);

function tell(results: Results): void {
  const rows = results.map((result) => [
    result.name,
    significant(cpu(result, "ours"), 3),
    significant(cpu(result, "theirs"), 3),
    Math.round(result.messages / cpu(result, "ours")),
    Math.round(result.messages / cpu(result, "theirs")),
    ratio(result),
    result.different,
  ]);
  say("CPU seconds of a whole process, its start and the compilation of the script included:");
  const head = ["script", "ours s", "sieve-filter s", "ours mails/s", "sieve-filter mails/s", "ratio", "differences"];
  say(table(head, rows));
}

function figures(results: Results, who: Contender): Figures {
  return Object.fromEntries(
    results.map((result) => [
      result.name,
      {
        cpu_s: significant(cpu(result, who)),
        mails_per_cpu_s: Math.round(result.messages / cpu(result, who)),
        all_runs_cpu_s: (result.runs[who] ?? []).map(({ cpuSeconds }) => significant(cpuSeconds)),
        ...(who === "ours" ? { different_mails: result.different } : {}),
      },
    ]),
  );
}

/** What a command line asks for. */
interface Wish {
  readonly messages: number;
  readonly rounds: number;
  readonly seed: number;
  readonly names: readonly SieveScriptName[];
  readonly profile: string | undefined;
  readonly json: string | undefined;
}

function readWish(argv: readonly string[]): Wish {
  const string = { type: "string" } as const;
  const specs = { messages: string, rounds: string, scripts: string, seed: string, profile: string, json: string };
  const options = readOptions(argv, specs);
  return {
    messages: wholeNumber("messages", options["messages"] ?? "5000", { min: 10, max: 100_000 }),
    rounds: wholeNumber("rounds", options["rounds"] ?? "3", { min: 1, max: 99 }),
    seed: wholeNumber("seed", options["seed"] ?? "1", { min: 0, max: 1e9 }),
    names: chosen("scripts", textOption(options["scripts"]), scriptNames),
    profile: textOption(options["profile"]),
    json: textOption(options["json"]),
  };
}

async function runScripts({ messages, rounds, seed, names, profile }: Wish, engine: DovecotSieve): Promise<Results> {
  const { path: dir, remove } = tempDir("tamis-load-sieve");
  try {
    // The other engine drops the rights of root.
    chmodSync(dir, 0o755);
    const maildir = join(dir, "Maildir");
    writeMaildir(maildir, messages, seed);
    const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
    const results: ScriptResult[] = [];
    for (const name of names) {
      say(`${name}: ${messages} mails …`);
      results.push(await runScript(name, { engine, side: { dir, flags }, maildir, rounds }));
    }
    return results;
  } finally {
    remove();
  }
}

/** `npm run load -- sieve`: exit code 0 when both engines decide the same on every mail. */
export async function runSieve(argv: readonly string[]): Promise<number> {
  const wish = readWish(argv);
  const compiling = compileTime(sieveScripts.rules1000());
  using engine = openDovecotSieve();
  const results = await runScripts(wish, engine);
  tell(results);
  say(
    `Compiling 1,000 rules: ${compiling.warm.toFixed(1)} ms warm (median of 20), ${compiling.cold.toFixed(1)} ms cold`,
  );
  if (wish.json !== undefined) {
    await writeReport(wish.json, {
      scenario: "sieve",
      ours: {
        ...figures(results, "ours"),
        compile_1000_rules_warm_ms: significant(compiling.warm, 3),
        compile_1000_rules_cold_ms: significant(compiling.cold, 3),
      },
      peers: { "sieve-filter": figures(results, "theirs") },
      ceiling: {},
      ratios: Object.fromEntries(results.map((result) => [result.name, ratio(result)])),
      settings: { messages: wish.messages, rounds: wish.rounds, seed: wish.seed, sieve_filter: engine.version },
    });
  }
  return results.every(({ different }) => different === 0) ? 0 : 1;
}
