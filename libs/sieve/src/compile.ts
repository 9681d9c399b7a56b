import type { Ability } from "./ability.ts";
import { Compilation, UsesBuilder } from "./check-context.ts";
import type { Diagnostic, Locale } from "./diagnostic.ts";
import type { Extension } from "./extension.ts";
import { extensions } from "./extensions/index.ts";
import { type CompiledScript, Inclusion, type ScriptSource } from "./inclusion.ts";
import { type Limits, withLimits } from "./limits.ts";
import { type ParserHints, parse } from "./parser.ts";
import type { Program, ScriptName } from "./program.ts";
import { buildRegistry, type Registry, refusedIn } from "./registry.ts";
import { LineMap } from "./source.ts";
import { validate } from "./validator.ts";

/** What a script may use here, and how to speak about it. */
export interface CompileOptions {
  /** What `require` may name; default: everything known. Anything else is refused at its position. */
  readonly capabilities?: readonly string[];
  /**
   * What there is where the script is to run; default: everything. An extension that needs more is refused at its `require`,
   * which says why, and `ihave` is false for it; a word that needs more is warned of.
   */
  readonly abilities?: ReadonlySet<Ability>;
  readonly limits?: Partial<Limits>;
  /** Language of the messages; default English. */
  readonly locale?: Locale;
  /** The owner's mailboxes, where they are known: filing into another one is warned of. */
  readonly mailboxes?: readonly string[];
  /** The external lists that there are (RFC 6134), by `listName`, where they are known: another one is warned of. */
  readonly lists?: readonly string[];
  /** Names of the global scripts that there are, to tell where another one is included. */
  readonly globalScripts?: readonly string[];
  /** The texts that `include` may name. Absent: what is included is not looked at, and running it is an error. */
  readonly scripts?: ScriptSource;
  /** What the script itself is called, so that including it is seen to be recursive. */
  readonly name?: ScriptName;
}

/** A program with its warnings, or everything that is wrong with the script. */
export type Compiled =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** The whole language. */
export const registry: Registry = buildRegistry(extensions);

/** Compiles a script (RFC 5228). Never throws on any text. */
export function compile(text: string, options: CompileOptions = {}): Compiled {
  return compileWith(registry, text, options);
}

/** Everything `require` may name in this library. */
export function capabilities(): readonly string[] {
  return registry.capabilities;
}

/** A language of our own making, for tests of the library itself. */
export function registryOf(more: readonly Extension[]): Registry {
  return buildRegistry([...extensions, ...more]);
}

/** Compiles with a given language. */
export function compileWith(language: Registry, text: string, options: CompileOptions): Compiled {
  const limits = withLimits(options.limits);
  const abilities = options.abilities ?? null;
  const refused = abilities === null ? null : refusedIn(language, abilities);
  const offered = (options.capabilities ?? language.capabilities).filter((name) => refused?.has(name) !== true);
  const required = new Set<string>();
  const uses = new UsesBuilder();
  const compileScript = (script: string, more: { readonly script?: string } = {}): Compiled => {
    const compilation = new Compilation({
      ...more,
      registry: language,
      offered: new Set(offered),
      abilities,
      limits,
      locale: options.locale ?? "en",
      mailboxes: options.mailboxes,
      lists: options.lists,
      uses,
      inclusion,
      lines: new LineMap(script),
    });
    const compiled = compileInto(compilation, script);
    for (const capability of compilation.enabled) required.add(capability);
    return compiled;
  };
  const inclusion = new Inclusion({
    source: options.scripts,
    own: options.name,
    globals: options.globalScripts ?? [],
    limits,
    compile: (script, name) => summary(compileScript(script, { script: name })),
  });
  const compiled = compileScript(text);
  if (!compiled.ok) return compiled;
  // What included scripts require and use counts for the whole.
  return { ...compiled, program: { ...compiled.program, required: [...required], uses: uses.uses } };
}

/** An included script in short: its commands, or the first of what is wrong. */
function summary(compiled: Compiled): CompiledScript {
  if (compiled.ok) return { ok: true, commands: compiled.program.commands, globals: compiled.program.globals };
  const first = compiled.diagnostics.find(({ severity }) => severity === "error");
  return { ok: false, line: first?.span.line ?? 1, column: first?.span.column ?? 1, fault: first ?? null };
}

function compileInto(compilation: Compilation, text: string): Compiled {
  const { limits, registry: language } = compilation;
  if (utf8Length(text, limits.scriptBytes) > limits.scriptBytes) {
    compilation.report({ start: 0, end: 0 }, { code: "script-too-big", parameters: { limit: limits.scriptBytes } });
    return { ok: false, diagnostics: compilation.diagnostics };
  }
  // RFC 5228 §8.1: no octet 0 anywhere, comments and strings included; such a file is no text.
  const zero = text.indexOf("\0");
  if (zero >= 0) {
    compilation.report({ start: zero, end: zero + 1 }, { code: "nul-character" });
    return { ok: false, diagnostics: compilation.diagnostics };
  }
  const broken = new Set<number>();
  const trees = parse(text, {
    nesting: limits.nesting,
    report(code, at, parameters = {}) {
      broken.add(compilation.lines.line(at.start));
      compilation.report(at, { code, parameters });
    },
    hints: parserHints(language),
  });
  const program = validate(trees, compilation.broken(broken));
  const diagnostics = compilation.sorted();
  return compilation.failed ? { ok: false, diagnostics } : { ok: true, program, warnings: diagnostics };
}

/** What the parser may know of a language. */
export function parserHints({ commands, tests }: Registry): ParserHints {
  return {
    isCommand: (name) => commands.has(name),
    isTest: (name) => tests.has(name),
    tests: (name) =>
      (tests.get(name) ?? commands.get(name))?.item.tests ?? (tests.has(name) || commands.has(name) ? "none" : null),
    takesBlock: (name) => commands.get(name)?.item.block === true,
  };
}

/** Octets of the text in UTF-8; stops counting beyond `enough`. */
function utf8Length(text: string, enough: number): number {
  if (text.length > enough) return text.length;
  return Buffer.byteLength(text, "utf8");
}
