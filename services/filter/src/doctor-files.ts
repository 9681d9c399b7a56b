import { type Finding, findingOf } from "@tamis/kit";
import { openGlobalScripts } from "@tamis/offers";
import { type Ability, compile } from "@tamis/sieve";
import type { FilterSettings } from "./config.ts";
import { remarks } from "./doctor-texts.ts";
import { openLists } from "./lists.ts";

interface Examined {
  readonly settings: Pick<FilterSettings, "lists" | "organisation">;
  /** What scripts may count on in this installation. */
  readonly abilities: ReadonlySet<Ability>;
}

/** Whether the operator's files that scripts name can be used: external lists for everybody, and global scripts. */
export async function examineFiles({ settings, abilities }: Examined): Promise<readonly Finding[]> {
  const { lists, organisation } = settings;
  const folder = organisation.global_scripts;
  return [
    ...(lists.length === 0 ? [] : [await listsFinding(lists)]),
    ...(folder === undefined ? [] : [globalsFinding(folder, abilities)]),
  ];
}

async function listsFinding(settings: FilterSettings["lists"]): Promise<Finding> {
  const id = "filter.lists";
  const faults: string[] = [];
  const lists = openLists({
    lists: settings,
    memoryBytes: 1,
    clock: () => performance.now(),
    onUnusable: ({ list, code }) => faults.push(`${list} (${code})`),
  });
  for (const name of lists.names) await lists.of(name, "").catch(() => {});
  if (faults.length === 0) return findingOf(id, remarks.lists, { count: lists.names.length });
  return findingOf(id, remarks["broken-lists"], { faults: faults.join(", ") });
}

function globalsFinding(folder: string, abilities: ReadonlySet<Ability>): Finding {
  const id = "filter.global-scripts";
  const faults: string[] = [];
  const onUnusable = ({ file, code }: { readonly file: string; readonly code: string }): void =>
    void faults.push(`${file} (${code})`);
  const globals = openGlobalScripts({ folder, clock: () => 0, onUnusable });
  for (const name of globals.names()) {
    const scripts = ({ location, name: included }: { readonly location: string; readonly name: string }) =>
      // What it includes of its owner's is there or not, account by account.
      location === "global" ? globals.read(included) : "";
    const compiled = compile(globals.read(name) ?? "", { abilities, scripts, name: { location: "global", name } });
    const error = compiled.ok ? undefined : compiled.diagnostics.find(({ severity }) => severity === "error");
    if (error !== undefined) faults.push(`${name}.sieve:${error.span.line}:${error.span.column}: ${error.message}`);
  }
  if (faults.length === 0) return findingOf(id, remarks["global-scripts"], { count: globals.names().length });
  return findingOf(id, remarks["broken-global-scripts"], { faults: faults.join("; ") });
}
