import { type DoctorContext, type Finding, findingOf, sectionNames } from "@tamis/kit";
import { FolderInUse, openStore, type StoreLog, type storeSections } from "@tamis/store";
import type { receiptsConfig } from "./config.ts";
import { remarks } from "./doctor-texts.ts";
import { migrations } from "./tables/schema.ts";

type Examined = DoctorContext<typeof storeSections & { readonly receipts: typeof receiptsConfig }>;
type Context = Pick<Examined, "settings" | "signal"> & { readonly log: StoreLog };

/** What `tamis doctor` asks of this service: its tables, and whether anything is sent of which reports could come. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const { file } = context.settings;
  const sends = sectionNames(file).includes("outbox");
  return [await storeFinding(context), ...(sends ? [] : [findingOf("receipts.outbox", remarks["no-outbox"])])];
}

async function storeFinding({ settings, signal, log }: Context): Promise<Finding> {
  const id = "receipts.store";
  const { store: storeSettings, state_dir: stateDir } = settings;
  try {
    const store = await openStore({ settings: storeSettings, stateDir, service: "receipts", migrations, log, signal });
    const ms = await store.ping();
    await store.close();
    return findingOf(id, remarks.store, { kind: store.kind, ms: ms.toFixed(1) });
  } catch (error) {
    // The service itself holds the folder: that is as it should be.
    if (error instanceof FolderInUse) return findingOf(id, remarks["store-in-use"]);
    return findingOf(id, remarks["store-closed"], { problem: error instanceof Error ? error.message : String(error) });
  }
}
