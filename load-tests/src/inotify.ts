import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** One kernel setting of inotify(7). */
interface Limit {
  readonly name: "max_user_instances" | "max_user_watches";
  readonly wanted: number;
}

/** What the scenario cannot go on without; told to the person as it is. */
export class LimitTooLow extends Error {}

const folder = "/proc/sys/fs/inotify";

/** Each IDLE and each hibernated connection of Dovecot holds one inotify instance and a few watches. */
export function wantedLimits(connections: number): readonly Limit[] {
  return [
    { name: "max_user_instances", wanted: connections + 1_024 },
    { name: "max_user_watches", wanted: 8 * connections + 8_192 },
  ];
}

const read = ({ name }: Limit): number => Number(readFileSync(`${folder}/${name}`, "utf8"));

/** The command that raises them, for a person to type. */
export function sysctlCommand(limits: readonly Limit[]): string {
  return `sudo sysctl -w ${limits.map(({ name, wanted }) => `fs.inotify.${name}=${wanted}`).join(" ")}`;
}

/** So many connections fit into the kernel's own default of 128, if nobody else on the machine watches files. */
const FEW = 100;

/**
 * Sees to it that Dovecot can watch so many connections. Below that it silently polls every 30 s and stops hibernating.
 * As root it raises the limits, and `restore` (also run at the end of this process) puts them back.
 * @throws LimitTooLow with the command to type, for more than a hundred connections
 */
export function needInotify(connections: number, say: (line: string) => void): { readonly restore: () => void } {
  if (!existsSync(folder)) return { restore: () => {} };
  const low = wantedLimits(connections).filter((limit) => read(limit) < limit.wanted);
  if (low.length === 0) return { restore: () => {} };
  if (process.getuid?.() !== 0) {
    if (connections <= FEW) return { restore: () => {} };
    throw new LimitTooLow(
      `fs.inotify is too low for ${connections} idle connections: Dovecot would poll instead. Type:\n  ${sysctlCommand(low)}`,
    );
  }
  const before = low.map((limit) => ({ name: limit.name, wanted: read(limit) }));
  const set = (limits: readonly Limit[]): void => {
    for (const { name, wanted } of limits) writeFileSync(`${folder}/${name}`, String(wanted));
  };
  const restore = (): void => {
    process.off("exit", restore);
    set(before);
  };
  set(low);
  process.once("exit", restore);
  say(
    `fs.inotify raised for this run: ${low.map(({ name, wanted }) => `${name} ${wanted}`).join(", ")} (put back at the end)`,
  );
  return { restore };
}
