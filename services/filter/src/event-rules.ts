import type { BatchHead } from "@tamis/contracts";
import { foldersWatched, type ImapsieveSettings, type WatchedFolder } from "@tamis/kit";
import type { LayerScript } from "./layers.ts";
import type { MailboxAsker } from "./needs.ts";
import { type ScriptFileOptions, scriptFiles } from "./organisation.ts";
import type { Rules } from "./rules.ts";
import type { LoadedScript, Scripts } from "./scripts.ts";

/** RFC 6785 §2.3.1. */
const SCRIPT_ENTRY = "/shared/imapsieve/script";

export interface EventRulesOptions extends ScriptFileOptions {
  readonly settings: ImapsieveSettings;
  readonly scripts: Pick<Scripts, "stored">;
  readonly asker: Pick<MailboxAsker, "metadata">;
}

/** The one script that runs on IMAP events of a batch (RFC 6785 §2.3.1). Throws `RetryLater` while it cannot be read. */
export type EventRules = (head: BatchHead) => Promise<Rules>;

/** Opens the scripts of `imapsieve:`. They compiled when the configuration was read; one that no longer does throws. */
export function openEventRules(options: EventRulesOptions): EventRules {
  const paths = options.settings.folders.flatMap(({ script }) => (script === undefined ? [] : [script]));
  const fileAt = scriptFiles([...new Set(paths)], { ...options, event: true });
  return async (head) => {
    const folder = foldersWatched(options.settings, head.address).find((one) => one.folder === head.watched?.folder);
    if (folder === undefined) return NO_RULES;
    if (folder.script !== undefined) {
      const { name, program } = fileAt(folder.script);
      return rulesWith({ layer: "before", program }, { name, version: "", program });
    }
    const name = folder.owner_script ?? (await namedByMetadata(head, folder, options));
    if (name === null) return NO_RULES;
    const { accountId, server, address } = head;
    const script = await options.scripts.stored(name, { accountId, server, address });
    return script === null ? NO_RULES : rulesWith({ ...script, layer: "user" }, script);
  };
}

const NO_RULES: Rules = { script: null, scripts: [], active: [] };

const rulesWith = (layer: LayerScript, script: LoadedScript): Rules => ({
  script,
  scripts: [layer],
  active: [layer],
});

/** The folder's annotation, else the server's; an empty one is none, and the other does not stand in for it. */
async function namedByMetadata(
  { accountId, folder }: BatchHead,
  { metadata }: WatchedFolder,
  { asker }: Pick<EventRulesOptions, "asker">,
): Promise<string | null> {
  if (metadata !== true) return null;
  const places = [folder.name, null];
  const values = await asker.metadata(
    accountId,
    places.map((mailbox) => ({ mailbox, entry: SCRIPT_ENTRY })),
  );
  return values.find((value) => value !== null) || null;
}
