import type { Locale, Say } from "./say.ts";

/** What a command touches of the process it runs in: tests give their own. */
export interface Surroundings {
  /** One or more whole lines to standard output. */
  readonly out: (text: string) => void;
  /** To standard error. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly locale: Locale;
  readonly say: Say;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}
