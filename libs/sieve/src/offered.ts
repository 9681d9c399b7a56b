import { type Ability, abilities, type ExtensionAbility } from "./ability.ts";
import { registry } from "./compile.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { refusedIn } from "./registry.ts";

/** What scripts may name in `require` where the world around them is so. */
export interface Offered {
  /** In the order of `capabilities()`. */
  readonly names: readonly string[];
  /** What may not be named, with the first ability that is missing for it. */
  readonly refused: ReadonlyMap<string, ExtensionAbility>;
}

/** Divides the extensions into those that can be carried out with these abilities, and the others. */
export function offered(there: ReadonlySet<Ability>): Offered {
  const refused = refusedIn(registry, there);
  return { names: registry.capabilities.filter((name) => !refused.has(name)), refused };
}

/** The extensions that a script requires and may not, for want of an ability, each once; told by its diagnostics. */
export function refusedBy(diagnostics: readonly Pick<Diagnostic, "code" | "parameters">[]): readonly string[] {
  const names = diagnostics.filter(({ code }) => codes.has(code)).map(({ parameters }) => String(parameters["name"]));
  return [...new Set(names)];
}

const codes: ReadonlySet<string> = new Set(abilities.map((ability) => `without-${ability}`));
