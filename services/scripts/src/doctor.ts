import { type doorsSections, lookAtImap } from "@tamis/doors";
import { certificateFinding, type DoctorContext, type Finding, findingOf } from "@tamis/kit";
import { FolderInUse, openStore, type storeSections } from "@tamis/store";
import type { scriptsConfig } from "./config.ts";
import { remarks } from "./doctor-texts.ts";
import { migrations } from "./tables/schema.ts";

type Context = Pick<
  DoctorContext<typeof doorsSections & typeof storeSections & { readonly scripts: typeof scriptsConfig }>,
  "settings" | "signal" | "log"
>;

/** What `tamis doctor` asks of this service: its certificate, its tables, the IMAP server that checks passwords. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const { cert_file: certFile, key_file: keyFile } = context.settings.scripts;
  const certificate = certificateFinding("scripts.certificate", "scripts", { certFile, keyFile });
  return [certificate, await storeFinding(context), await imapFinding(context)];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function storeFinding({ settings, signal, log }: Context): Promise<Finding> {
  const id = "scripts.store";
  try {
    const { store: storeSettings, state_dir: stateDir } = settings;
    const store = await openStore({ settings: storeSettings, stateDir, service: "scripts", migrations, log, signal });
    const ms = await store.ping();
    await store.close();
    return findingOf(id, remarks.store, { kind: store.kind, ms: ms.toFixed(1) });
  } catch (error) {
    // The service itself holds the folder: that is as it should be.
    if (error instanceof FolderInUse) return findingOf(id, remarks["store-in-use"]);
    return findingOf(id, remarks["store-closed"], { problem: messageOf(error) });
  }
}

async function imapFinding({ settings }: Context): Promise<Finding> {
  const id = "scripts.imap";
  const { where, answers, takesTokens, code } = await lookAtImap(settings);
  if (!answers) return findingOf(id, remarks["imap-silent"], { where, code });
  return findingOf(id, takesTokens ? remarks["imap-tokens"] : remarks.imap, { where });
}
