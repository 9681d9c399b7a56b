export { FolderInUse } from "./folder-lock.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export { type StoreSettings, storeSections } from "./section.ts";
export { StoreUnavailable } from "./store-errors.ts";
export type { Migrations, Store, StoreHandle, StoreLog } from "./types.ts";
