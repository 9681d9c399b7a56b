import { readFileSync, statSync } from "node:fs";
import { inspect } from "node:util";
import { z } from "zod";
import { readingPlace, resolvePath } from "./reading-place.ts";

const HIDDEN = "***";

/** Where a secret comes from. */
type SecretSource =
  | { readonly kind: "plain" }
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string };

/** A password or token that is never printed: text, JSON and inspection of it say `***`. */
export class Secret {
  readonly #source: SecretSource;
  #value: string;

  private constructor(source: SecretSource, value: string) {
    this.#source = source;
    this.#value = value;
  }

  /** A secret given as text. */
  static plain(value: string): Secret {
    return new Secret({ kind: "plain" }, value);
  }

  /** From a variable of the environment; the reason why not as a string. */
  static fromEnvironment(variable: string, environment: Readonly<Record<string, string | undefined>>): Secret | string {
    const value = environment[variable];
    return value
      ? new Secret({ kind: "env", variable }, value)
      : `the environment variable ${variable} is ${value === undefined ? "not set" : "empty"}`;
  }

  /** From a file, without its last line end; the reason why not as a string. */
  static fromFile(path: string): Secret | string {
    try {
      const value = readSecretFile(path);
      return value === "" ? `the file ${path} is empty` : new Secret({ kind: "file", path }, value);
    } catch (cause) {
      return `the file ${path} cannot be read: ${errorCode(cause)}`;
    }
  }

  /** The secret itself. A file is read again each time, so that a rotated secret needs no restart; while it cannot be read the last one holds. */
  reveal(): string {
    if (this.#source.kind !== "file") return this.#value;
    try {
      this.#value = readSecretFile(this.#source.path) || this.#value;
    } catch {
      // The last value holds: the file may be in the middle of its replacement.
    }
    return this.#value;
  }

  /** True where the secret stands in the configuration itself. */
  get isPlain(): boolean {
    return this.#source.kind === "plain";
  }

  /** The file it is read from; `null` for the other sources. */
  get file(): string | null {
    return this.#source.kind === "file" ? this.#source.path : null;
  }

  /** Same source and, as last read, same value. */
  equals(other: Secret): boolean {
    return JSON.stringify(this.#source) === JSON.stringify(other.#source) && this.#value === other.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }
}

function readSecretFile(path: string): string {
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

/** `ENOENT` and its like; for anything else its class. Never its message, which may quote what was read. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** True where every user of the machine may read the file. */
export function isReadableByOthers(path: string): boolean {
  try {
    return (statSync(path).mode & 0o004) !== 0;
  } catch {
    return false;
  }
}

const FORMS = "write `{ file: path }`, `{ env: NAME }` or the secret itself in quotes";

/** A {@link Secret}: `{ file: path }`, `{ env: NAME }` or plain text. `meaning` is what a fault says it is for. */
export function secret(meaning: string) {
  return z
    .unknown()
    .transform((given, context): Secret => {
      const made = makeSecret(given);
      if (made instanceof Secret) return made;
      context.addIssue({ code: "custom", message: made.problem, params: { mend: made.mend } });
      return z.NEVER;
    })
    .describe(`${meaning}: ${FORMS}`);
}

interface SecretFault {
  readonly problem: string;
  readonly mend: string;
}

function makeSecret(given: unknown): Secret | SecretFault {
  const place = readingPlace();
  if (given === undefined) return { problem: "missing", mend: FORMS };
  if (typeof given === "string") return given === "" ? { problem: "empty", mend: FORMS } : Secret.plain(given);
  if (typeof given !== "object" || given === null) return { problem: "a secret is a text", mend: FORMS };
  const [entry, ...more] = Object.entries(given);
  if (entry === undefined || more.length > 0 || typeof entry[1] !== "string" || entry[1] === "")
    return { problem: "not a form of secret", mend: FORMS };
  const [kind, name] = entry;
  if (kind === "env")
    return orFault(Secret.fromEnvironment(name, place.environment), "set it for this process, or name another");
  if (kind === "file")
    return orFault(Secret.fromFile(resolvePath(name)), "write the secret into it, readable by the user Tamis runs as");
  return { problem: `\`${kind}\` is no source of a secret`, mend: FORMS };
}

function orFault(made: Secret | string, mend: string): Secret | SecretFault {
  return typeof made === "string" ? { problem: made, mend } : made;
}
