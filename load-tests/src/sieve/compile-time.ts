import { compile } from "@tamis/sieve";
import { median } from "../statistics.ts";

/** How long a script compiles, ms of CPU time. */
export interface CompileTime {
  /** The first time in this process, nothing compiled by the JIT yet. */
  readonly cold: number;
  /** Median of {@link WARM_RUNS} in a process that has compiled it as often before. */
  readonly warm: number;
}

const WARM_RUNS = 20;

/** Compiles the script once cold, then until the process is warm, then as often to measure it. @throws Error when it does not compile */
export function compileTime(script: string): CompileTime {
  const once = (): number => {
    const before = process.cpuUsage();
    const compiled = compile(script);
    const { user, system } = process.cpuUsage(before);
    if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
    return (user + system) / 1000;
  };
  const cold = once();
  for (let run = 0; run < WARM_RUNS; run++) once();
  return { cold, warm: median(Array.from({ length: WARM_RUNS }, once)) };
}
