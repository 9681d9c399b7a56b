import { type CircularOutlook, MOST_DOMAINS } from "@tamis/contracts";
import type { StoreHandle } from "@tamis/store";
import { sql } from "kysely";
import type { Tables } from "./schema.ts";

/** Who will be written to, and who not, as the ledger has it now: without the size, which only whoever composes knows. */
export async function outlookOf(db: StoreHandle<Tables>, circularId: number): Promise<Omit<CircularOutlook, "size">> {
  const rows = await db
    .selectFrom("circular_recipient as row")
    .leftJoin("suppressed", "suppressed.mailbox", "row.mailbox")
    .select(sql<string>`substring(row.mailbox from '[^@]*$')`.as("domain"))
    .select((row) => [
      row.cast<number>(row.fn.countAll(), "integer").as("recipients"),
      row
        .cast<number>(
          row.fn
            .countAll()
            .filterWhere((one) =>
              one.or([one("suppressed.mailbox", "is not", null), one("row.state", "=", "suppressed")]),
            ),
          "integer",
        )
        .as("suppressed"),
    ])
    .where("circular_id", "=", circularId)
    .groupBy("domain")
    .execute();
  const sum = (of: "recipients" | "suppressed"): number => rows.reduce((before, row) => before + row[of], 0);
  const domains = rows
    .map(({ domain, recipients, suppressed }) => ({ domain, count: recipients - suppressed }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.domain.localeCompare(b.domain));
  return {
    recipients: sum("recipients"),
    suppressed: sum("suppressed"),
    domains: domains.slice(0, MOST_DOMAINS),
    domainCount: domains.length,
  };
}
