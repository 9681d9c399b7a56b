import type { RunState } from "./run-state.ts";
import type { Values } from "./values.ts";

/** Reads the strings that a test looks at. */
export type Read = (state: RunState) => Values;

/** Strings that tests share: read at most once per mail. */
export interface Slot {
  readonly id: number;
  readonly read: Read;
  /** Cheap to read and always there, so it may be read before a test asks. */
  readonly early: boolean;
  /** The header field that the strings come from. */
  readonly fieldName?: string;
}
