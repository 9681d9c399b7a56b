import type { CircularAsk } from "@tamis/contracts";
import { Option } from "commander";
import { askCirculars } from "../ask-circulars.ts";
import { outlookLines } from "../circular-lines.ts";
import { type Adds, type CircularOptions, forAccount, tell } from "../circular-target.ts";
import type { CommandLine } from "../command-line.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf } from "../parameters.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTime } from "../table.ts";

interface ScheduleOptions extends CircularOptions {
  readonly at?: string;
  readonly zone: string;
  readonly which?: "earlier" | "later";
  readonly now?: true;
  readonly every?: string;
  readonly times?: string;
  readonly until?: string;
  readonly officeHours?: string;
  readonly anyHour?: true;
}

type Schedule = Extract<CircularAsk, { op: "schedule" }>;

export function addCircularSchedule(add: Adds, line: CommandLine): void {
  const { io } = line;
  add("schedule", "circular.schedule.about", [
    "tamis circular schedule 7 --account anna@example.org --at 2026-11-30T08:00 --zone Europe/Paris",
    "tamis circular schedule 7 --account anna@example.org --now --office-hours 'Mon-Fri 8:00-18:00'",
    "tamis circular schedule 7 --account anna@example.org --every 'first Monday 8:00' --until 2027-06-30",
  ])
    .argument("<number>", io.say("circular.number"))
    .addOption(new Option("--at <time>", io.say("circular.opt.at")))
    .addOption(
      new Option("--zone <zone>", io.say("circular.opt.zone")).default(
        Intl.DateTimeFormat().resolvedOptions().timeZone,
      ),
    )
    .addOption(new Option("--which <which>", io.say("circular.opt.which")).choices(["earlier", "later"]))
    .addOption(new Option("--now", io.say("circular.opt.now")))
    .addOption(new Option("--every <rule>", io.say("circular.opt.every")))
    .addOption(new Option("--times <n>", io.say("circular.opt.times")))
    .addOption(new Option("--until <day>", io.say("circular.opt.until")))
    .addOption(new Option("--office-hours <hours>", io.say("circular.opt.office-hours")))
    .addOption(new Option("--any-hour", io.say("circular.opt.any-hour")))
    .action(line.act((id: string, options: ScheduleOptions) => schedule(id, options, io)));
}

/** At a time, at once, or the first time that a rule says: one of them. */
function whenOf({ at, zone, which, now, every }: ScheduleOptions, io: Surroundings): Schedule["when"] {
  if ((at !== undefined && now !== undefined) || (at === undefined && now === undefined && every === undefined))
    throw new CommandFailure(io.say("circular.when"), exitCode.usage);
  if (at !== undefined) return { kind: "wall", wall: at, zone, ...(which === undefined ? {} : { which }) };
  return now === undefined ? { kind: "first", zone } : { kind: "now" };
}

function askOf(options: ScheduleOptions, io: Surroundings): Pick<Schedule, "when" | "every" | "hours"> {
  const { every: rule, times, until, officeHours, anyHour, zone } = options;
  if (rule === undefined && (times !== undefined || until !== undefined))
    throw new CommandFailure(io.say("circular.when-every"), exitCode.usage);
  const ends = {
    ...(times === undefined ? {} : { times: countOf(times, io) }),
    ...(until === undefined ? {} : { until }),
  };
  const own = officeHours === undefined ? {} : { hours: { kind: "own", text: officeHours, zone } as const };
  return {
    when: whenOf(options, io),
    ...(rule === undefined ? {} : { every: { rule, ...ends } }),
    ...(anyHour === undefined ? own : { hours: { kind: "any" } as const }),
  };
}

async function schedule(id: string, options: ScheduleOptions, io: Surroundings): Promise<ExitCode> {
  const ask = askOf(options, io);
  const answer = await forAccount(options, io, (target) =>
    askCirculars(target, { op: "schedule", accountId: target.account.id, id, ...ask }, "scheduled"),
  );
  const { dueAt, undoUntil, saidAt, recipients, size, sealing } = answer;
  const lines = [
    ...(saidAt === undefined ? [] : [io.say("circular.moved", { time: formatTime(saidAt) })]),
    io.say("circular.scheduled", {
      id,
      recipients,
      time: formatTime(dueAt),
      undo: formatTime(undoUntil),
      size: formatBytes(size),
    }),
    ...(sealing === undefined ? [] : [io.say("circular.sealing", { ...sealing })]),
    ...outlookLines(answer, io),
  ];
  return tell(options, io, { json: answer, lines: lines.join("\n") });
}
