import type { ReportedRecipient } from "@tamis/contracts";
import type { Arrivals } from "./journal-sink.ts";

/** Who got how many. */
export interface CircularVerdict {
  readonly recipients: number;
  /** Found exactly once in the journal. */
  readonly sentOnce: number;
  readonly duplicated: readonly string[];
  /** Have a last word other than unknown, or are still to be sent, and nothing arrived. */
  readonly missing: readonly string[];
  /** The ledger says that nobody knows. */
  readonly unknown: number;
  /** Of these, to whom nothing came. */
  readonly unknownNeverArrived: number;
}

/** Compares what the ledger says of each recipient with what arrived. */
export function judgeCircular(report: readonly ReportedRecipient[], arrivals: Arrivals): CircularVerdict {
  const timesOf = ({ messageId, address }: ReportedRecipient): number => arrivals.get(`${messageId} ${address}`) ?? 0;
  const unknown = report.filter(({ state }) => state === "unknown");
  const idsOf = (some: readonly ReportedRecipient[]): readonly string[] =>
    some.map(({ id, state }) => `${id} ${state}`);
  return {
    recipients: report.length,
    sentOnce: report.filter((one) => timesOf(one) === 1).length,
    duplicated: idsOf(report.filter((one) => timesOf(one) > 1)),
    missing: idsOf(report.filter((one) => one.state !== "unknown" && timesOf(one) === 0)),
    unknown: unknown.length,
    unknownNeverArrived: unknown.filter((one) => timesOf(one) === 0).length,
  };
}

/** Whether nobody got two, nobody is forgotten, and of no more is it unknown than were on the wire when something was killed. */
export function isExact(verdict: CircularVerdict, mostUnknown: number): boolean {
  const { recipients, sentOnce, duplicated, missing, unknown, unknownNeverArrived } = verdict;
  return (
    duplicated.length === 0 &&
    missing.length === 0 &&
    sentOnce + unknownNeverArrived === recipients &&
    unknown <= mostUnknown
  );
}
