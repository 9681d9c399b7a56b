import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Fewer sign-ins than this leave nothing worth a pause. */
const MANY = 200;
/** No sign-in for so long: all are done. */
const CALM_MS = 2_000;
/** The pause grows with the heap, some 2 ms a megabyte: above this it would eat into a lease. */
const MAX_HEAP_BYTES = 512 * 1024 * 1024;

/**
 * Gives memory back after many sign-ins. Half of the heap is their garbage then, and V8, which looks for some when much
 * is allocated, would keep it as long as the accounts do nothing but wait: 30 KB for each.
 */
export class MemoryTrim {
  readonly #collect: () => void;
  #signIns = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(collect: () => void = giveBack) {
    this.#collect = collect;
  }

  /** An account signed in. */
  note(): void {
    this.#signIns += 1;
    if (this.#signIns < MANY) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#trim(), CALM_MS).unref();
  }

  #trim(): void {
    this.#timer = null;
    this.#signIns = 0;
    if (process.memoryUsage().heapTotal <= MAX_HEAP_BYTES) this.#collect();
  }
}

/** A collection that moves what lives together and returns the rest to the system: 0.1 s for a heap of 60 MB. */
export function giveBack(): void {
  setFlagsFromString("--expose-gc");
  const gc: NodeJS.GCFunction = runInNewContext("gc");
  gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
