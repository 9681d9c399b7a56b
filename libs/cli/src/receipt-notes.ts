import type { Receipt } from "@tamis/contracts";
import type { Surroundings } from "./surroundings.ts";

/** What is known of a recipient beside its state, in words. */
export function receiptNotes(
  { status, meaning, autoReplyAt, complainedAt, unverified }: Receipt,
  { say }: Surroundings,
): readonly string[] {
  return [
    ...(meaning === null ? [] : [`${meaning} (${status})`]),
    ...(autoReplyAt === null ? [] : [say("receipts.auto-reply")]),
    ...(complainedAt === null ? [] : [say("receipts.complaint")]),
    ...(unverified === 0 ? [] : [say("receipts.unverified-count", { count: unverified })]),
  ];
}
