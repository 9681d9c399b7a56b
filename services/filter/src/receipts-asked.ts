import {
  type BatchedMail,
  type BatchHead,
  formatMailId,
  MDN_SENT,
  type Plan,
  partitionOf,
  RECEIPT_ASKED,
  type ReceiptAsked,
  SEEN_UNREAD,
  type Target,
} from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { isFresh } from "./age.ts";
import type { BatchContext, Decided, DecideSettings } from "./decide.ts";
import { envelopeOf } from "./envelope.ts";
import { quietBecause } from "./quiet.ts";
import { receiptRequestIn } from "./receipt-request.ts";

export interface AskedDeps {
  readonly settings: Pick<DecideSettings, "envelope" | "outgoingMaxAgeMs">;
  /** Tells `receipts`; repetitions under the same id are one. */
  readonly publishAsked: (p: number, fact: ReceiptAsked, id: string) => Promise<void>;
}

const SEEN = "\\seen";

/**
 * Tells of a mail that asks for a disposition, where Tamis is to answer for its account, and marks it, so that it is found when it is read.
 * What was seen before anybody can have been watched reading it bears a mark of its own. Rejects as `Bus.publishFact`.
 */
export async function withReceiptAsked(
  decided: Decided,
  { mail, batch }: { readonly mail: BatchedMail; readonly batch: BatchContext },
  { settings, publishAsked }: AskedDeps,
): Promise<Decided> {
  const { destination } = decided.plan;
  // What a rule changes is another mail, whose sender asked for nothing.
  if (destination.kind === "discard" || destination.edits !== undefined) return decided;
  const asked = receiptAskedOf(mail, batch, settings);
  if (asked === null) return decided;
  await publishAsked(partitionOf(asked.accountId), asked, `${asked.mailId}/receipt-asked`);
  if (asked.means !== "yes") return decided;
  const wasSeen = mail.meta.flags.some((flag) => flag.toLowerCase() === SEEN);
  return { ...decided, plan: withFlags(decided.plan, [RECEIPT_ASKED, ...(wasSeen ? [SEEN_UNREAD] : [])]) };
}

function receiptAskedOf(
  { meta, raw }: BatchedMail,
  { head, now }: BatchContext,
  { envelope, outgoingMaxAgeMs: maxAgeMs }: AskedDeps["settings"],
): ReceiptAsked | null {
  const { accountId, address, folder, receipts } = head;
  if (receipts === undefined || quietBecause(head) !== null || head.purpose === "event") return null;
  if (meta.flags.some((flag) => flag.toLowerCase() === MDN_SENT.toLowerCase())) return null;
  const message = readMessage(raw, { size: meta.size });
  const request = receiptRequestIn(message, { address, envelope: envelopeOf(message, address, envelope) });
  // An outage, a restore or an import answers nobody.
  if (request === null || !isFresh(message, { internalDate: meta.internalDate, now, maxAgeMs })) return null;
  return {
    v: 1,
    accountId,
    mailId: formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid: meta.uid }),
    fingerprint: meta.fingerprint,
    at: meta.internalDate,
    ...receipts,
    request,
  };
}

function withFlags(plan: Plan, flags: readonly string[]): Plan {
  const { destination } = plan;
  if (destination.kind === "discard") return plan;
  return { ...plan, destination: { ...destination, addFlags: [...new Set([...destination.addFlags, ...flags])] } };
}

/** What rules mark as read was read by nobody: where receipts are answered here, that shows on the mail, wherever it goes. */
export function withReadMarks<D extends { readonly plan: Plan }>(decided: D, { receipts }: BatchHead): D {
  const { copies, destination } = decided.plan;
  const targets = destination.kind === "discard" ? copies : [...copies, destination];
  if (receipts === undefined || !targets.some(isMarkedRead)) return decided;
  const plan = {
    copies: copies.map((copy) => (isMarkedRead(copy) ? { ...copy, addFlags: [...copy.addFlags, SEEN_UNREAD] } : copy)),
    destination,
  };
  const isRead = destination.kind !== "discard" && isMarkedRead(destination);
  return { ...decided, plan: isRead ? withFlags(plan, [SEEN_UNREAD]) : plan };
}

/** Now, or when it wakes. */
const isMarkedRead = ({ addFlags, wake }: Pick<Target, "addFlags" | "wake">): boolean =>
  [...addFlags, ...(wake?.addFlags ?? [])].some((flag) => flag.toLowerCase() === SEEN);
