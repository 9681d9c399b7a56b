import type { Place } from "./fault-mails.ts";

/** A mail that was accepted for an account. */
export interface Delivered {
  readonly key: number;
  readonly accountId: string;
  readonly sort: string;
  readonly places: readonly Place[];
}

/** A copy that was found by reading the mailbox. */
export interface FoundCopy extends Place {
  readonly key: number;
  readonly accountId: string;
  readonly uid: number;
}

export type Fault = "lost" | "duplicated" | "misplaced";

export interface Wrong {
  readonly mail: Delivered;
  readonly fault: Fault;
  readonly found: readonly FoundCopy[];
}

export interface Verdict {
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly misplaced: number;
  readonly wrong: readonly Wrong[];
}

/** One comparable word per place; the order of flags means nothing. */
const wordOf = ({ folder, flags }: Place): string => `${folder} (${[...flags].sort().join(" ")})`;

function faultOf(expected: readonly Place[], found: readonly FoundCopy[]): Fault | undefined {
  if (found.length === 0) return "lost";
  if (found.length > expected.length) return "duplicated";
  const [wanted, got] = [expected, found].map((places) => places.map(wordOf).sort().join("; "));
  return wanted === got ? undefined : "misplaced";
}

/**
 * Compares what was delivered with what the mailboxes hold. Lost: nowhere. Duplicated: more copies than the rules ask
 * for. Misplaced: in another folder, with other flags, or a copy too few.
 */
export function judge(delivered: readonly Delivered[], found: readonly FoundCopy[]): Verdict {
  const copies = Map.groupBy(found, ({ accountId, key }) => `${accountId} ${key}`);
  const wrong = delivered.flatMap((mail) => {
    const own = copies.get(`${mail.accountId} ${mail.key}`) ?? [];
    const fault = faultOf(mail.places, own);
    return fault === undefined ? [] : [{ mail, fault, found: own }];
  });
  const count = (fault: Fault): number => wrong.filter((one) => one.fault === fault).length;
  return {
    delivered: delivered.length,
    lost: count("lost"),
    duplicated: count("duplicated"),
    misplaced: count("misplaced"),
    wrong,
  };
}

/** One line per mail that is not where it belongs. */
export function describeWrong({ mail, fault, found }: Wrong): string {
  const places = (list: readonly Place[]): string => list.map(wordOf).join(" + ") || "nowhere";
  return `${fault}: mail ${mail.key} [${mail.sort}] of ${mail.accountId}: expected ${places(mail.places)}, found ${places(found)}`;
}
