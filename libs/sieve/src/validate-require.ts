import type { CommandTree } from "./ast.ts";
import type { Compilation, Problem } from "./check-context.ts";

/** Capabilities of vendors that this library does not have: named so in the diagnostic. */
const knownElsewhere: ReadonlySet<string> = new Set(
  `vnd.dovecot.config vnd.dovecot.extdata vnd.cyrus.jmapquery vnd.cyrus.log vnd.cyrus.implicit_keep_target
  vnd.stalwart.expressions vnd.stalwart.foreveryline vnd.stalwart.while jmapquery`.split(/\s+/),
);

// require = "require" <capabilities: string-list>
/** Enables what a `require` names; each capability that is not to be had is reported at its own place. */
export function readRequire(command: CommandTree, compilation: Compilation): void {
  const [list, extra] = command.arguments;
  if (list?.kind !== "strings") {
    const parameters = { name: "require", argument: "capabilities", kind: "strings" };
    compilation.report(command, { code: "missing-argument", parameters });
    return;
  }
  if (extra !== undefined) {
    compilation.report(extra, { code: "extra-argument", parameters: { name: "require", count: 1 } });
  }
  if (command.tests.length > 0 || command.block !== null) {
    compilation.report(command, { code: "unexpected-block", parameters: { name: "require" } });
  }
  for (const item of list.items) {
    const { value } = item;
    const problem = enable(value, compilation);
    if (problem === null) continue;
    compilation.report(item, problem);
    if (problem.severity === "warning") continue;
    compilation.refused.add(value);
    // The script cannot compile any more: what needs the capability is not told again.
    if (compilation.registry.requirable.has(value)) compilation.enabled.add(value);
  }
}

/** Enables one capability, or says why not. Capability names are case-sensitive (RFC 5228 §6). */
function enable(name: string, compilation: Compilation): Problem | null {
  const { registry, offered } = compilation;
  const capability = registry.requirable.get(name);
  if (capability === null) return null;
  if (capability !== undefined && (offered.has(capability) || offered.has(name))) {
    compilation.enable(capability);
    if (!registry.outdated.has(name)) return null;
    compilation.outdated.add(name);
    return { severity: "warning", code: "capability-outdated", parameters: { name, capability } };
  }
  if (capability !== undefined) {
    const missing = registry.needs.get(capability)?.find((ability) => compilation.lacks(ability));
    return { code: missing === undefined ? "capability-not-offered" : `without-${missing}`, parameters: { name } };
  }
  if (knownElsewhere.has(name)) return { code: "capability-not-here", parameters: { name } };
  const parameters = compilation.unknown(name, offered);
  return {
    code: "unknown-capability",
    parameters: { name: String(parameters["name"]), meant: String(parameters["meant"]) },
  };
}
