import type { ProgramResult } from "../facts.ts";
import type { MessageEdit } from "../message-edits.ts";
import { SuiteSkipped } from "./suite-ends.ts";
import type { SuiteSession } from "./suite-session.ts";

type Kind = "pipe" | "filter" | "execute";

/** A program of a script, with what it reads. */
interface Call {
  readonly kind: Kind;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly input: Uint8Array;
}

const defaultTimeoutMs = 10_000;

/** Programs that scripts of a test file call, each run once for the same input. */
export class SuitePrograms implements ReadonlyMap<string, ProgramResult> {
  readonly #session: SuiteSession;
  readonly #known = new Map<string, ProgramResult>();

  constructor(session: SuiteSession) {
    this.#session = session;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Another message, another run: nothing is known any more. */
  clear(): void {
    this.#known.clear();
  }

  /** The answer to a need for a program, by its key: the program is run when it is first asked for. */
  get(key: string): ProgramResult | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = this.run(callOf(key, this.#session));
    this.#known.set(key, result);
    return result;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  run({ kind, name, parameters, input }: Call): ProgramResult {
    const { environment, settings } = this.#session;
    const folder = settings.get(`sieve_${kind}_bin_dir`);
    if (folder === undefined) return { ok: false, missing: true };
    if (environment.runProgram === undefined) {
      throw new SuiteSkipped(`it runs the program ${name}, which is only done with --programs`);
    }
    const seconds = settings.seconds(`sieve_${kind}_exec_timeout`);
    const { missing, exitCode, output } = environment.runProgram({
      folder,
      name,
      parameters,
      input: settings.get(`sieve_${kind}_input_eol`) === "lf" ? withLf(input) : input,
      timeoutMs: seconds === undefined ? defaultTimeoutMs : seconds * 1000,
    });
    return { ok: exitCode === 0, output, ...(missing ? { missing: true } : {}) };
  }

  entries(): MapIterator<[string, ProgramResult]> {
    return this.#known.entries();
  }

  keys(): MapIterator<string> {
    return this.#known.keys();
  }

  values(): MapIterator<ProgramResult> {
    return this.#known.values();
  }

  forEach(each: (value: ProgramResult, key: string, map: ReadonlyMap<string, ProgramResult>) => void): void {
    for (const [key, value] of this.#known) each(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, ProgramResult]> {
    return this.entries();
  }
}

/** The key of a need is the program, its arguments and what stands for its input: see `programResult`. */
function callOf(key: string, session: SuiteSession): Call {
  const [kind, name, parameters, seen]: [Kind, string, string[], null | { text: string } | MessageEdit[]] =
    JSON.parse(key);
  const input = Array.isArray(seen) ? session.edited(seen) : Buffer.from(seen?.text ?? "", "utf8");
  return { kind, name, parameters, input };
}

/** Programs may want the line ends of their system. */
function withLf(octets: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(octets).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
