import { RECIPIENTS_PER_PAGE, type ReceiptState, receiptState } from "@tamis/contracts";
import type { Account, Language } from "@tamis/kit";
import { askReceipts, asOwner } from "./ask-receipts.ts";
import type { Behind } from "./console-context.ts";
import { granted } from "./refusal.ts";

/** Whom a reminder would not reach, and who needs none. */
const LEFT_OUT: readonly ReceiptState[] = ["failed", "displayed"];
const TO_REMIND = receiptState.options.filter((state) => !LEFT_OUT.includes(state));
/** What `receipts` answers at most. */
const PAGE = 1000;

export interface Reminding {
  readonly account: Account;
  readonly language: Language;
  /** Of the circular. */
  readonly id: string;
  /** Of the new one, among those of its owner: asked again with the same, it is the same. */
  readonly key: string;
}

/**
 * Makes a draft that says what a circular said, for those who got that and did not display it as far as is known. Its number; null: there is
 * nobody to remind. A `Problem` where what is known may not be seen.
 */
export async function remind({ id, key, ...who }: Reminding, behind: Behind): Promise<string | null> {
  const numbers = await numbersToRemind({ id, ...who }, behind);
  if (numbers.length === 0) return null;
  const { account, language } = who;
  const owned = { accountId: account.id, language };
  const made = granted(await behind.ask({ op: "again", ...owned, id, key }, "created"));
  for (let at = 0; at < numbers.length; at += RECIPIENTS_PER_PAGE) {
    const recipients = numbers.slice(at, at + RECIPIENTS_PER_PAGE);
    granted(await behind.ask({ op: "add-from", ...owned, id: made.id, of: id, recipients }, "added"));
  }
  return made.id;
}

async function numbersToRemind(
  { id: circularId, ...who }: Omit<Reminding, "key">,
  behind: Behind,
): Promise<readonly string[]> {
  const numbers: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const from: { after?: string } = after === undefined ? {} : { after };
    const question = { op: "list", ...asOwner(who), circularId, states: TO_REMIND, limit: PAGE, ...from } as const;
    const page: Awaited<ReturnType<typeof askReceipts<"listed">>> = await askReceipts(behind, question, "listed");
    numbers.push(...page.receipts.map(({ id }) => id));
    after = page.next;
  }
  return numbers;
}
