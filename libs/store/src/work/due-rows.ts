import { type SelectQueryBuilder, sql } from "kysely";

/** So many that are due, for whoever asks until `until`: after that they are due again. */
export interface Taking {
  readonly limit: number;
  readonly now: Date;
  readonly until: Date;
  /** These are under way with whoever asks: what makes them due again meanwhile waits for its end. */
  readonly except?: readonly number[] | undefined;
}

/** Of these, those that nobody has touched since they were held until `taken` are held until `until`. */
export interface Keeping {
  readonly ids: readonly number[];
  readonly taken: Date;
  readonly until: Date;
}

/** Of a query the rows whose column `at` says that they are due, the longest due first, locked: whoever asks at the same moment gets others. */
export function dueRows<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  column: { readonly id: string; readonly at: string },
  { limit, now, except = [] }: Pick<Taking, "limit" | "now" | "except">,
): SelectQueryBuilder<DB, TB, O> {
  const at = sql.ref<Date>(column.at);
  const isDue = sql<boolean>`${at} <= ${now} and ${sql.ref(column.id)} <> all(${except}::int[])`;
  return query.where(isDue).orderBy(at).limit(limit).forUpdate().skipLocked();
}
