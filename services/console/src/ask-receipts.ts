import type { ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import type { Account, Language } from "@tamis/kit";
import type { Behind } from "./console-context.ts";
import { granted } from "./refusal.ts";

type Answer<Kind extends ReceiptsAnswer["kind"]> = Omit<Extract<ReceiptsAnswer, { readonly kind: Kind }>, "kind">;

/** An answer of `receipts` of this kind; a `Problem` is a refusal, and any other kind is a bug. */
export async function askReceipts<Kind extends ReceiptsAnswer["kind"]>(
  behind: Pick<Behind, "askReceipts">,
  question: ReceiptsAsk,
  wanted: Kind,
): Promise<Answer<Kind>> {
  const { kind, ...rest } = granted(await behind.askReceipts(question));
  if (kind !== wanted) throw new Error(`receipts answered ${kind} instead of ${wanted}`);
  // Proof: the line before.
  return rest as unknown as Answer<Kind>;
}

/** Who asks: the owner, whose eyes see no more than theirs. */
export const asOwner = ({ account, language }: { readonly account: Account; readonly language: Language }) =>
  ({ accountId: account.id, as: "owner", language }) as const;
