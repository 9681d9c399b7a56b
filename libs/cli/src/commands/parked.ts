import { type Bus, RetryLater } from "@tamis/bus";
import { type Command, Option } from "commander";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf } from "../parameters.ts";
import { type ConfigOption, readSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTable, formatTime } from "../table.ts";

interface ParkedOptions extends ConfigOption {
  readonly json?: true;
  readonly all?: true;
}

export function addParked(root: Command, line: CommandLine): void {
  const { io } = line;
  const parked = line.add(root, "parked", "parked.about");
  const common = (command: Command): Command => command.addOption(jsonOption(io)).addOption(configOption(io));
  const number = io.say("parked.number");
  const all = (): Option => new Option("--all", io.say("parked.all"));
  common(line.add(parked, "list", "parked.list.about", ["tamis parked list --json"])).action(
    line.act((options: ParkedOptions) => list(options, io)),
  );
  common(line.add(parked, "show <number>", "parked.show.about", ["tamis parked show 17"])).action(
    line.act((seq: string, options: ParkedOptions) => show(seq, options, io)),
  );
  common(line.add(parked, "replay", "parked.replay.about", ["tamis parked replay 17 18", "tamis parked replay --all"]))
    .argument("[numbers...]", number)
    .addOption(all())
    .action(
      line.act((seqs: readonly string[], options: ParkedOptions) => onEach(seqs, options, { io, act: replayOne })),
    );
  common(line.add(parked, "drop", "parked.drop.about", ["tamis parked drop 17"]))
    .argument("[numbers...]", number)
    .addOption(all())
    .action(line.act((seqs: readonly string[], options: ParkedOptions) => onEach(seqs, options, { io, act: dropOne })));
}

async function list(options: ParkedOptions, io: Surroundings): Promise<ExitCode> {
  const entries = await withBus(readSettings(options, io), io, (bus) => bus.parked.list());
  if (options.json === true) io.out(JSON.stringify(entries, null, 2));
  else if (entries.length === 0) io.out(io.say("parked.none"));
  else
    io.out(
      formatTable(
        entries.map((entry) => [
          String(entry.seq),
          formatTime(entry.parkedAt),
          entry.subject,
          formatBytes(entry.bytes),
          entry.reason,
        ]),
      ),
    );
  return exitCode.ok;
}

async function show(number: string, options: ParkedOptions, io: Surroundings): Promise<ExitCode> {
  const seq = countOf(number, io);
  const found = await withBus(readSettings(options, io), io, (bus) => bus.parked.show(seq));
  if (found === null) throw new CommandFailure(io.say("parked.missing", { seq }));
  const { entry, payload } = found;
  // A batch of mail is not text: its bytes are shown as far as they can be read.
  if (options.json === true)
    io.out(JSON.stringify({ ...entry, payload: Buffer.from(payload).toString("base64") }, null, 2));
  else {
    const rows = Object.entries({
      ...entry,
      parkedAt: formatTime(entry.parkedAt),
      headers: JSON.stringify(entry.headers),
    });
    io.out(formatTable(rows.map(([name, value]) => [name, String(value)])));
    io.out(printable(payload));
  }
  return exitCode.ok;
}

const SHOWN_BYTES = 4096;

function printable(payload: Uint8Array): string {
  const text = new TextDecoder().decode(payload.subarray(0, SHOWN_BYTES));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters would reach the terminal
  const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "·");
  return payload.length > SHOWN_BYTES ? `${clean}\n… ${formatBytes(payload.length)}` : clean;
}

/** What happened to one parked message. */
interface Handled {
  readonly seq: number;
  readonly ok: boolean;
  readonly text: string;
}

interface EachOne {
  readonly io: Surroundings;
  readonly act: (bus: Bus, seq: number, io: Surroundings) => Promise<Handled>;
}

async function onEach(numbers: readonly string[], options: ParkedOptions, { io, act }: EachOne): Promise<ExitCode> {
  if ((numbers.length === 0) !== (options.all === true))
    throw new CommandFailure(io.say("usage.number-or-all"), exitCode.usage);
  const given = numbers.map((number) => countOf(number, io));
  const handled = await withBus(readSettings(options, io), io, async (bus) => {
    const seqs = options.all === true ? (await bus.parked.list()).map((entry) => entry.seq) : given;
    const results: Handled[] = [];
    for (const seq of seqs) results.push(await act(bus, seq, io));
    return results;
  });
  if (options.json === true) io.out(JSON.stringify(handled, null, 2));
  else if (handled.length === 0) io.out(io.say("parked.none"));
  else for (const { ok, text } of handled) (ok ? io.out : io.err)(text);
  return handled.every((result) => result.ok) ? exitCode.ok : exitCode.failed;
}

/** One that cannot be replayed stays parked, and the next one is tried. */
async function replayOne(bus: Bus, seq: number, { say }: Surroundings): Promise<Handled> {
  try {
    await bus.parked.replay(seq);
    return { seq, ok: true, text: say("parked.replayed", { seq }) };
  } catch (error) {
    if (error instanceof RetryLater && error.code === "unreachable") throw error;
    return {
      seq,
      ok: false,
      text: say("parked.not-replayed", { seq, message: error instanceof Error ? error.message : String(error) }),
    };
  }
}

async function dropOne(bus: Bus, seq: number, { say }: Surroundings): Promise<Handled> {
  const dropped = await bus.parked.drop(seq);
  return { seq, ok: dropped, text: say(dropped ? "parked.dropped" : "parked.missing", { seq }) };
}
