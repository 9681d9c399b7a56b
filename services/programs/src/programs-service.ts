import { buckets, metrics, outgoingObjects, type ProgramHead, subjects } from "@tamis/contracts";
import type { ServiceContext, ServiceDefinition } from "@tamis/kit";
import pLimit from "p-limit";
import { type ProgramsConfig, programsConfig } from "./config.ts";
import { examine } from "./doctor.ts";
import { Journal } from "./journal.ts";
import { onProgramsRun, type ProgramsDeps } from "./on-programs-run.ts";
import { programFile } from "./program-file.ts";
import { type ProgramLimits, runProgram } from "./run-program.ts";

const sections = { programs: programsConfig };
type Programs = ServiceContext<typeof sections>;

/** A call is taken for lost this long after its program must have been killed. */
const GRACE_MS = 30_000;

/** Runs the programs that scripts name, each call once. */
export const programsService: ServiceDefinition<typeof sections> = {
  name: "programs",
  sections,
  async start(service) {
    const { bus } = service;
    const deps = await depsOf(service);
    const answering = new Set<Promise<unknown>>();
    const responder = await bus.respond(
      subjects.programsRun,
      ({ payload }) => {
        const answer = onProgramsRun(payload, deps).then((frame) => ({ payload: frame }));
        answering.add(answer);
        return answer.finally(() => answering.delete(answer));
      },
      { queue: "programs" },
    );
    return {
      async stop() {
        await responder.stop();
        await Promise.allSettled(answering);
      },
    };
  },
  doctor: examine,
};

async function depsOf({ bus, settings, instance, log, meter }: Programs): Promise<ProgramsDeps> {
  const { programs } = settings;
  const runs = meter.createCounter(metrics.programRuns, { unit: "{run}", description: "Programs run for scripts" });
  const duration = meter.createHistogram(metrics.programDuration, { unit: "s", description: "How long they ran" });
  const limits = limitsOf(programs);
  return {
    journal: new Journal(await bus.bucket(buckets.programs)),
    objects: await bus.objects(outgoingObjects),
    instance,
    isAllowed: allowanceOf(programs),
    find: (name) => programFile(programs.folder, name),
    run: (path, args, input) => runProgram(path, args, input, limits),
    inTurn: pLimit(programs.at_once),
    lostAfterMs: limits.timeoutMs + GRACE_MS,
    now: () => Date.now(),
    log,
    onEnd(command: ProgramHead["command"], how, seconds) {
      runs.add(1, { command, how });
      duration.record(seconds, { command });
    },
  };
}

function limitsOf(programs: ProgramsConfig): ProgramLimits {
  const { uid, gid = uid } = programs;
  return {
    timeoutMs: programs.timeout_seconds * 1000,
    outputBytes: programs.output_bytes,
    memoryBytes: programs.memory_bytes,
    processes: programs.processes,
    user: uid === undefined || gid === undefined ? undefined : { uid, gid },
  };
}

function allowanceOf({ accounts }: ProgramsConfig): (address: string) => boolean {
  if (accounts === "all") return () => true;
  const allowed = new Set(accounts.map((address) => address.toLowerCase()));
  return (address) => allowed.has(address.toLowerCase());
}
