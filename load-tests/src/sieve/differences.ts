import type { SieveDecision } from "@tamis/testkit";

/** A way in which the two engines differ on purpose. */
export interface Reason {
  readonly name: string;
  readonly why: string;
  readonly excuses: (ours: SieveDecision, theirs: SieveDecision) => boolean;
}

/** Why a decision of ours may differ from Dovecot's: none is known for this mail and these rules. */
export const reasons: readonly Reason[] = [];

export interface Difference {
  readonly messageId: string;
  readonly ours: string;
  readonly theirs: string;
}

const words = (decision: SieveDecision | undefined): string =>
  decision === undefined ? "nothing" : decision.actions.join(", ");

/** Every mail on which the engines differ without a reason; a mail that only one of them saw is one too. */
export function differences(ours: readonly SieveDecision[], theirs: readonly SieveDecision[]): readonly Difference[] {
  const byId = new Map(theirs.map((decision) => [decision.messageId, decision]));
  const found = ours.flatMap((decision): Difference[] => {
    const other = byId.get(decision.messageId);
    byId.delete(decision.messageId);
    if (words(decision) === words(other)) return [];
    if (other !== undefined && reasons.some(({ excuses }) => excuses(decision, other))) return [];
    return [{ messageId: decision.messageId, ours: words(decision), theirs: words(other) }];
  });
  const missed = [...byId.values()].map((decision) => ({
    messageId: decision.messageId,
    ours: "nothing",
    theirs: words(decision),
  }));
  return [...found, ...missed];
}
