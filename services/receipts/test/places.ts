import { openStore, type Store, type StoreSettings } from "@tamis/store";
import { storePlaces } from "@tamis/testkit";
import { migrations, type Tables } from "../src/tables/schema.ts";

const log = { info() {}, warn() {}, error() {} };

/** Where the tables may be. */
const { places, stateDir } = storePlaces();

export { places };

export const openTables = (settings: StoreSettings): Promise<Store<Tables>> =>
  openStore<Tables>({ settings, stateDir, service: "receipts", migrations, log });
