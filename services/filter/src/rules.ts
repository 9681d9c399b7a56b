import type { BatchHead } from "@tamis/contracts";
import type { EventRules } from "./event-rules.ts";
import type { LayerScript } from "./layers.ts";
import type { Organisation } from "./organisation.ts";
import type { LoadedScript, Scripts } from "./scripts.ts";
import type { TextName } from "./texts.ts";

/** The scripts that decide on a batch. */
export interface Rules {
  /** The owner's, or the draft that stands in for it. */
  readonly script: LoadedScript | null;
  /** In the order in which they run. */
  readonly scripts: readonly LayerScript[];
  /** The account's own, which a draft is compared with. */
  readonly active: readonly LayerScript[];
  /** Why none of them is run. */
  readonly unusable?: TextName;
}

interface RulesDeps {
  readonly scripts: Pick<Scripts, "of" | "draft">;
  readonly organisation: Organisation;
  readonly eventRules: EventRules;
}

/** Throws `RetryLater` while the scripts cannot be read. */
export async function rulesOf(head: BatchHead, deps: RulesDeps): Promise<Rules> {
  if (head.purpose === "event") return await deps.eventRules(head);
  const { accountId, address, server, draft } = head;
  const own = await deps.scripts.of(accountId, server, address);
  const active = layersOf(own, deps.organisation);
  if (draft === undefined) return { script: own, scripts: active, active };
  const script = await deps.scripts.draft(draft, accountId, server, address);
  if (script === null) return { script, scripts: active, active, unusable: "draft-gone" };
  return { script, scripts: layersOf(script, deps.organisation), active };
}

/** Programs run once, whoever decides: nobody must begin anew because an answer is late. */
export function mayRunPrograms({ scripts }: Rules): boolean {
  return scripts.some(({ program }) => program !== null && (program.uses.dynamic || program.uses.programs.length > 0));
}

function layersOf(script: LoadedScript | null, organisation: Organisation): readonly LayerScript[] {
  const { before, after } = organisation.scripts();
  return [
    ...before.map(({ program }) => ({ layer: "before", program }) as const),
    ...(script === null ? [] : [{ ...script, layer: "user" } as const]),
    ...after.map(({ program }) => ({ layer: "after", program }) as const),
  ];
}
