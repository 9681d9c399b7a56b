import { randomUUID } from "node:crypto";
import type { Store } from "@tamis/store";
import { z } from "zod";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

const epoch = z.object({
  /** Made with the tables, and never again. */
  installation: z.string(),
  /** Rises for ever: what is lower than it was is older than it was. */
  number: z.number().int(),
  /** When a process that knew the tables for its own last said so, epoch ms. */
  at: z.number(),
});
export type Epoch = Readonly<z.infer<typeof epoch>>;

const NAME = "epoch";

/** How far the tables have come, to be compared with what is known outside of them. */
export interface Epochs {
  /** null: these tables never sent anything. */
  read(): Promise<Epoch | null>;
  /** The next one, at least `least`. */
  advance(now: Date, least?: number): Promise<Epoch>;
}

/** The epochs of an opened store. */
export function openEpochs(store: Store<Tables>): Epochs {
  return {
    read: () => store.transaction(read),
    advance: (now, least = 0) =>
      store.transaction(async (db) => {
        const before = await read(db);
        const next: Epoch = {
          installation: before?.installation ?? randomUUID(),
          number: Math.max(least, (before?.number ?? 0) + 1),
          at: now.getTime(),
        };
        const value = JSON.stringify(next);
        await db
          .insertInto("kept")
          .values({ name: NAME, value })
          .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
          .execute();
        return next;
      }),
  };
}

async function read(db: Db): Promise<Epoch | null> {
  const row = await db.selectFrom("kept").select("value").where("name", "=", NAME).forUpdate().executeTakeFirst();
  return row === undefined ? null : epoch.parse(JSON.parse(row.value));
}
