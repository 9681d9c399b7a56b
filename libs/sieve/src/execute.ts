import type { RunState } from "./run-state.ts";

/**
 * What a block does after a command: go on, stop everything, go back to where the script was included
 * (RFC 6609 §3.3), or leave a loop (RFC 5703 §3).
 */
export type Signal = "next" | "stop" | "return" | "break";

/** A command made ready: runs it once. */
export type Execute = (state: RunState) => Signal;

/** A test made ready. */
export type Evaluate = (state: RunState) => boolean;
