import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the sources of a package cite, and what its table of RFCs lacks. */
export interface RfcsCited {
  /** `RFC 5804`, each once. */
  readonly cited: readonly string[];
  /** Those of them without a row. */
  readonly missing: readonly string[];
}

/** The RFCs that the TypeScript sources in `src/` of this package's folder cite, beside the rows of its RFCS.md. */
export function rfcsCited(packageFolder: string): RfcsCited {
  const src = join(packageFolder, "src");
  const sources = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const cited = new Set(sources.flatMap((name) => readFileSync(join(src, name), "utf8").match(/\bRFC \d+/g) ?? []));
  const table = readFileSync(join(packageFolder, "RFCS.md"), "utf8");
  const rows = new Set(table.match(/(?<=^\| )RFC \d+\b/gm));
  return { cited: [...cited], missing: [...cited].filter((rfc) => !rows.has(rfc)) };
}
