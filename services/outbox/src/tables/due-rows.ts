import { type SelectQueryBuilder, sql } from "kysely";

/** So many that are due, for whoever asks until `until`: after that they are due again. */
export interface Taking {
  readonly limit: number;
  readonly now: Date;
  readonly until: Date;
}

/** Those of `ids` that nobody has touched since they were taken until `taken` are due at `until`. */
export interface Keeping {
  readonly ids: readonly number[];
  readonly taken: Date;
  readonly until: Date;
}

/** Of a query the rows whose `column` says that they are due, the longest due first, locked: whoever asks at the same moment gets others. */
export function dueRows<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  column: string,
  { limit, now }: Pick<Taking, "limit" | "now">,
): SelectQueryBuilder<DB, TB, O> {
  const at = sql.ref<Date>(column);
  return query.where(sql<boolean>`${at} <= ${now}`).orderBy(at).limit(limit).forUpdate().skipLocked();
}
