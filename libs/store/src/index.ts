export { FolderInUse } from "./folder-lock.ts";
export { type Objects, ObjectsUnavailable } from "./objects/objects.ts";
export { openObjects } from "./objects/open-objects.ts";
export { type AttachmentsSettings, attachmentsSection, type ObjectsSettings } from "./objects/section.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export { type StoreSettings, storeSections } from "./section.ts";
export { StoreUnavailable } from "./store-errors.ts";
export type { Migrations, Store, StoreHandle, StoreLog } from "./types.ts";
