import type { SealingCounts } from "@tamis/contracts";
import type { CircularRecipients } from "../../tables/circular-recipients.ts";
import type { ReportPage } from "../../tables/circular-report.ts";
import type { ComposedCircular } from "../composed-circular.ts";

export interface ForeseenDeps {
  readonly recipients: Pick<CircularRecipients, "report">;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/** Recipients of one look at their certificates. */
const AT_ONCE = 500;
/** Whoever asks waits no longer for what is only said beforehand. */
const PATIENCE_MS = 10_000;

/** How the secrets of a circular would go to all that are to get them; null where there are none, or where that cannot be said now, or soon. */
export async function foreseen(
  composed: ComposedCircular,
  circularId: number,
  { recipients, now, log }: ForeseenDeps,
): Promise<SealingCounts | null> {
  if (composed.foresee === undefined) return null;
  const began = performance.now();
  const sum = { smime: 0, archive: 0, nothing: 0 };
  try {
    for (let after: string | null = ""; after !== null; ) {
      const page: ReportPage = await recipients.report(circularId, { after, states: ["scheduled"], limit: AT_ONCE });
      const addresses = page.recipients.map(({ address }) => address);
      const counts = await composed.foresee(addresses, now());
      for (const by of ["smime", "archive", "nothing"] as const) sum[by] += counts[by];
      after = page.next;
      if (after !== null && performance.now() - began > PATIENCE_MS) return null;
    }
    return sum;
  } catch (err) {
    log.warn({ err, circularId }, "circular-not-foreseen");
    return null;
  }
}
