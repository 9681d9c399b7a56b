import { type ReportAnswer, reportSeen } from "@tamis/contracts";
import { readToken, type TokenKeys } from "@tamis/tokens";
import type { Ledger } from "./tables/ledger.ts";

export interface ReportDeps {
  readonly ledger: Pick<Ledger, "note">;
  /** null: there are to be keys, and they are not here yet. */
  readonly keys: () => TokenKeys | "none" | null;
  readonly now: () => Date;
  /** What a report came to. */
  readonly onNoted: (kind: string, match: string) => void;
}

/**
 * `receipts.report`: notes what a report says; answered after commit, the same however often it is given. Throws while it cannot be told
 * whose token it is: whoever asked asks again.
 */
export async function onReport(payload: unknown, deps: ReportDeps): Promise<ReportAnswer> {
  const parsed = reportSeen.safeParse(payload);
  if (!parsed.success) return { kind: "refused", reason: `no report: ${parsed.error.issues[0]?.path.join(".") ?? ""}` };
  const report = parsed.data;
  const recipientId = recipientOf(report.tokens, deps.keys());
  const { match, isItsAuthors } = await deps.ledger.note({ report, recipientId, now: deps.now() });
  deps.onNoted(report.kind, match);
  return { kind: "noted", match, ...(isItsAuthors ? { stays: true } : {}) };
}

function recipientOf(tokens: readonly string[], keys: TokenKeys | "none" | null): string | null {
  if (tokens.length === 0 || keys === "none") return null;
  if (keys === null) throw new Error("the keys of tokens are not known yet");
  for (const token of tokens) {
    const recipient = readToken(token, keys);
    if (recipient !== null) return recipient;
  }
  return null;
}
