import type { FuzzCase } from "./cases.ts";

/** Octets of a case that are kept. */
const ROOM = 256 * 1024;
const COUNT = 0;
const LENGTH = 1;
const HEAD = 8;

/** Memory that two threads share: the case under way, so that one that never ends, or takes all memory, can be told. */
export class Slate {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #text: Buffer;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEAD + ROOM)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, HEAD / 4);
    this.#text = Buffer.from(memory, HEAD);
  }

  /** Notes that a case begins. */
  begin(one: FuzzCase): void {
    Atomics.store(this.#numbers, LENGTH, this.#text.write(JSON.stringify(one), "utf8"));
    Atomics.add(this.#numbers, COUNT, 1);
  }

  /** Cases begun. */
  get count(): number {
    return Atomics.load(this.#numbers, COUNT);
  }

  /** The last case begun, as JSON; cut when it is very long. */
  get text(): string {
    return this.#text.toString("utf8", 0, Atomics.load(this.#numbers, LENGTH));
  }
}
