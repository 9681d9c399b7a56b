import type { Store } from "@tamis/store";
import { type KeptKeys, type KeyAges, keptKeys, renewKeys } from "@tamis/tokens";
import type { Tables } from "./schema.ts";

const NAME = "token-keys";

/** The keys of receipt tokens, as all instances over these tables have them: made where there are none, renewed where it is time. */
export function renewTokenKeys(store: Pick<Store<Tables>, "transaction">, now: Date, ages: KeyAges): Promise<KeptKeys> {
  return store.transaction(async (db) => {
    await db
      .insertInto("kept")
      .values({ name: NAME, value: "null" })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    const { value } = await db
      .selectFrom("kept")
      .select("value")
      .where("name", "=", NAME)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const kept = keptKeys.nullable().parse(JSON.parse(value));
    const renewed = renewKeys(kept, now, ages);
    if (renewed !== kept)
      await db
        .updateTable("kept")
        .set({ value: JSON.stringify(renewed) })
        .where("name", "=", NAME)
        .execute();
    return renewed;
  });
}
