import type { Logger } from "@tamis/kit";

const silent = (): undefined => undefined;
/** Says nothing. */
export const silentLog: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  child: () => silentLog,
  isLevelEnabled: () => false,
};
