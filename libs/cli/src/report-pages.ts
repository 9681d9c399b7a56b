import type { CircularAsk, Receipt, ReportedRecipient } from "@tamis/contracts";
import { askCirculars } from "./ask-circulars.ts";
import type { CircularReceipts } from "./circular-receipts.ts";
import type { Target } from "./circular-target.ts";

/** Who knows the receipts; null: nobody does. */
export type Follower = CircularReceipts | null;

/** A recipient of a circular with what is known of it. */
export interface FollowedRecipient {
  readonly recipient: ReportedRecipient;
  readonly receipt: Receipt | undefined;
}

/** The report on a circular page by page, in the order of the recipients' numbers. A refusal, or nobody there, is a `CommandFailure`. */
export async function* walkReport(
  target: Target,
  about: Extract<CircularAsk, { readonly op: "report" }>,
  follower: Follower,
): AsyncGenerator<readonly FollowedRecipient[]> {
  let next: string | null | undefined;
  while (next !== null) {
    const after: { after?: string } = next === undefined ? {} : { after: next };
    const page: { readonly recipients: readonly ReportedRecipient[]; readonly next: string | null } =
      await askCirculars(target, { ...about, ...after }, "reported");
    const receipts = follower === null ? null : await follower.of(page.recipients);
    yield page.recipients.map((recipient) => ({ recipient, receipt: receipts?.get(recipient.id) }));
    next = page.next;
  }
}
