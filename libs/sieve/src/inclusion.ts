import { type DiagnosticParameters, translate } from "./diagnostic.ts";
import type { Limits } from "./limits.ts";
import type { CommandNode, IncludedScript, ScriptName } from "./program.ts";

/** The texts of scripts that `include` may name; null: there is no such script. Pure, asked at most once per script. */
export type ScriptSource = (script: ScriptName) => string | null;

/** Why a script cannot be included here. */
export interface IncludeProblem {
  readonly kind: "missing" | "recursive" | "unknown" | "faulty";
  readonly code: string;
  readonly parameters: DiagnosticParameters;
}

/** What is wrong, in no language yet. */
type Fault = Parameters<typeof translate>[0];

/** What compiling one script came to. */
export type CompiledScript =
  | { readonly ok: true; readonly commands: readonly CommandNode[]; readonly globals: readonly string[] }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly fault: Fault | null };

interface Known {
  readonly problem: IncludeProblem | null;
  /** Scripts one inside the other, this one counted. */
  readonly height: number;
}

/** Gathers the scripts that one compilation includes: each compiled once, never inside itself (RFC 6609 §3.2). */
export class Inclusion {
  readonly scripts: IncludedScript[] = [];
  readonly #source: ScriptSource | undefined;
  readonly #globals: readonly string[];
  readonly #limits: Limits;
  readonly #compile: (text: string, name: string) => CompiledScript;
  readonly #known = new Map<string, Known>();
  readonly #open: { readonly key: string; height: number }[] = [];
  #includes = 0;
  #bytes = 0;

  constructor(given: {
    readonly source: ScriptSource | undefined;
    /** The script that is compiled, where its name is known. */
    readonly own: ScriptName | undefined;
    /** Names of the global scripts that there are. */
    readonly globals: readonly string[];
    readonly limits: Limits;
    compile(text: string, name: string): CompiledScript;
  }) {
    this.#source = given.source;
    this.#globals = given.globals;
    this.#limits = given.limits;
    this.#compile = given.compile;
    this.#open.push({ key: given.own === undefined ? "" : scriptKey(given.own), height: 1 });
  }

  /** Includes a script where the one being compiled says so. */
  include(script: ScriptName): IncludeProblem | null {
    const parameters = { script: script.name };
    if (++this.#includes > this.#limits.includes) {
      return { kind: "faulty", code: "too-many-includes", parameters: { limit: this.#limits.includes } };
    }
    const key = scriptKey(script);
    if (this.#open.some((one) => one.key === key)) return { kind: "recursive", code: "include-recursive", parameters };
    const known = this.#known.get(key) ?? this.#add(script, key);
    const around = this.#open.at(-1);
    if (around !== undefined) around.height = Math.max(around.height, known.height + 1);
    if (this.#open.length + known.height > this.#limits.includeDepth + 1) {
      return { kind: "faulty", code: "include-too-deep", parameters: { limit: this.#limits.includeDepth } };
    }
    return known.problem;
  }

  #add(script: ScriptName, key: string): Known {
    const opened = { key, height: 1 };
    const problem = this.#link(script, opened);
    const known = { problem, height: opened.height };
    this.#known.set(key, known);
    return known;
  }

  #link(script: ScriptName, opened: { readonly key: string; height: number }): IncludeProblem | null {
    const parameters = { script: script.name };
    if (this.#source === undefined) return { kind: "unknown", code: "include-unknown", parameters };
    const text = this.#source(script);
    if (text === null) {
      const there = script.location === "global" ? { there: this.#globals.join(", ") } : {};
      return { kind: "missing", code: missingCode(script), parameters: { ...parameters, ...there } };
    }
    this.#bytes += text.length;
    if (this.#bytes > this.#limits.includedBytes) {
      return { kind: "faulty", code: "includes-too-big", parameters: { limit: this.#limits.includedBytes } };
    }
    // Deeper than this is an error anyway: nothing more is compiled.
    if (this.#open.length > this.#limits.includeDepth) return null;
    this.#open.push(opened);
    const compiled = this.#compile(text, script.name);
    this.#open.pop();
    if (!compiled.ok) {
      const { line, column, fault } = compiled;
      const where = { ...parameters, line, column, ...reasonsOf(fault) };
      return { kind: "faulty", code: "include-faulty", parameters: where };
    }
    this.scripts.push({ ...script, commands: compiled.commands, globals: compiled.globals });
    return null;
  }
}

/** In each language: it is told in one that is not known yet. */
function reasonsOf(fault: Fault | null): DiagnosticParameters {
  if (fault === null) return {};
  return { reason: translate(fault, "en").message, "reason-fr": translate(fault, "fr").message };
}

/** How a script that is not there is told of. */
export function missingCode({ location }: ScriptName): string {
  return location === "global" ? "include-missing-global" : "include-missing-personal";
}

/** One text for a script's name; a name has no line ends. */
export function scriptKey({ location, name }: ScriptName): string {
  return `${location}\n${name}`;
}
