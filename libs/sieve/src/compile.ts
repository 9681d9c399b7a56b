import { Compilation } from "./check-context.ts";
import type { Diagnostic, Locale } from "./diagnostic.ts";
import type { Extension } from "./extension.ts";
import { extensions } from "./extensions/index.ts";
import { type Limits, withLimits } from "./limits.ts";
import { parse } from "./parser.ts";
import type { Program } from "./program.ts";
import { buildRegistry, type Registry } from "./registry.ts";
import { validate } from "./validator.ts";

/** What a script may use here, and how to speak about it. */
export interface CompileOptions {
  /** What `require` may name; default: everything known. Anything else is refused at its position. */
  readonly capabilities?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Language of the messages; default English. */
  readonly locale?: Locale;
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
  const compilation = new Compilation({
    registry: language,
    offered: new Set(options.capabilities ?? language.capabilities),
    limits,
    locale: options.locale ?? "en",
  });
  if (utf8Length(text, limits.scriptBytes) > limits.scriptBytes) {
    const span = { start: 0, end: 0, line: 1, column: 1 };
    compilation.report(span, { code: "script-too-big", parameters: { limit: limits.scriptBytes } });
    return { ok: false, diagnostics: compilation.diagnostics };
  }
  const broken = new Set<number>();
  const trees = parse(text, {
    nesting: limits.nesting,
    report(code, span, parameters = {}) {
      broken.add(span.line);
      compilation.report(span, { code, parameters });
    },
    hints: {
      isCommand: (name) => language.commands.has(name),
      isTest: (name) => language.tests.has(name),
      tests: (name) =>
        (language.tests.get(name) ?? language.commands.get(name))?.item.tests ??
        (language.tests.has(name) || language.commands.has(name) ? "none" : null),
      takesBlock: (name) => language.commands.get(name)?.item.block === true,
    },
  });
  const program = validate(trees, compilation.broken(broken));
  const diagnostics = compilation.sorted();
  return compilation.failed ? { ok: false, diagnostics } : { ok: true, program, warnings: diagnostics };
}

/** Octets of the text in UTF-8; stops counting beyond `enough`. */
function utf8Length(text: string, enough: number): number {
  if (text.length > enough) return text.length;
  return Buffer.byteLength(text, "utf8");
}
