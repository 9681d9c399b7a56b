import type { Finding } from "@tamis/kit";
import { openGlobalScripts } from "@tamis/offers";
import { type Ability, compile } from "@tamis/sieve";
import type { FilterSettings } from "./config.ts";
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
  if (faults.length === 0) return { id, ok: true, text: `${lists.names.length} lists for scripts, all can be read` };
  return {
    id,
    ok: false,
    text: `lists that cannot be used: ${faults.join(", ")}; the mail of scripts that name them waits or is kept`,
    mend: "let the service read the file: UTF-8, one entry a line, or CSV with the column named in `filter.lists`",
  };
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
  if (faults.length === 0) return { id, ok: true, text: `${globals.names().length} global scripts, all compile` };
  return {
    id,
    ok: false,
    text: `global scripts that cannot be used: ${faults.join("; ")}; mail of scripts that include them is kept`,
    mend: "mend the script; folder and files may be written by their owner alone",
  };
}
