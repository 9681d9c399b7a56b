import { isAbsolute, resolve } from "node:path";

/** Where the text that is being parsed right now stands. */
export interface ReadingPlace {
  /** Relative paths in the configuration start here: the folder of tamis.yaml. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const NOWHERE: ReadingPlace = { folder: ".", environment: {} };
let current: ReadingPlace = NOWHERE;

/** Runs `read`, which must be synchronous, with `place` in force: zod schemas take no context, and paths and secrets need one. */
export function readAt<T>(place: ReadingPlace, read: () => T): T {
  const outer = current;
  current = place;
  try {
    return read();
  } finally {
    current = outer;
  }
}

export function readingPlace(): ReadingPlace {
  return current;
}

/** An absolute path: `path` as seen from the file being read. */
export function resolvePath(path: string): string {
  return isAbsolute(path) ? path : resolve(current.folder, path);
}
