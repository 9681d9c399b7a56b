import { type ReceiptState, type ReportSeen, receiptState } from "@tamis/contracts";
import { otherSpelling } from "@tamis/message";

/** How it stands with a recipient, and since when. */
export interface Standing {
  readonly state: ReceiptState;
  /** When the first report said so; null while nothing was heard. */
  readonly at: Date | null;
  /** RFC 3463. */
  readonly status: string | null;
}

/** What a report says of a recipient. */
export interface Outcome {
  readonly state: ReceiptState;
  readonly status: string | null;
}

type DsnSeen = Extract<ReportSeen, { readonly kind: "dsn" }>;
type MdnSeen = Extract<ReportSeen, { readonly kind: "mdn" }>;
type ReportedRecipient = DsnSeen["recipients"][number];

const rank = (state: ReceiptState): number => receiptState.options.indexOf(state);

/** What the report says of the state of the recipient with this address (null: unknown); null where it says nothing of it. */
export function outcomeOf(report: ReportSeen, address: string | null): Outcome | null {
  switch (report.kind) {
    case "dsn":
      return strongest(aboutAddress(report, address).flatMap((one) => deliveryOf(one) ?? []));
    case "mdn":
      return dispositionOf(report);
    case "arf":
    case "auto-reply":
      return null;
    default:
      return report satisfies never;
  }
}

/** The same, whichever report came first and however often. */
export function after(before: Standing, outcome: Outcome, at: Date): Standing {
  const said: Standing = { ...outcome, at };
  const isStronger = rank(outcome.state) - rank(before.state);
  if (isStronger !== 0 || before.at === null) return isStronger > 0 ? said : before;
  const isEarlier = at.getTime() - before.at.getTime();
  if (isEarlier !== 0) return isEarlier < 0 ? said : before;
  return (outcome.status ?? "") < (before.status ?? "") ? said : before;
}

/** RFC 3464 §2.3.1, §2.3.2: an address that is a list or is sent on has reports of others; those of its own count where there are any. */
function aboutAddress({ recipients, more }: DsnSeen, address: string | null): readonly ReportedRecipient[] {
  const own = recipients.filter((one) => address !== null && isAbout(one, address));
  if (own.length > 0) return own;
  // Its own may be among those that were not handed over.
  return more === true ? [] : recipients;
}

/** Whether the report names this address. */
export function isAbout({ final, original }: Pick<ReportedRecipient, "final" | "original">, address: string): boolean {
  const sought = comparable(address);
  return [final, original].some((named) => named !== undefined && comparable(named) === sought);
}

/**
 * An address in one spelling. Domains have no case (RFC 5321 §2.4), and no local part that differs by it alone is in use; a domain may be in U-labels
 * where the mail left for its A-labels, and the reverse (RFC 6533 §3).
 */
function comparable(address: string): string {
  const written = address.normalize("NFC").toLowerCase();
  const behind = written.lastIndexOf("@") + 1;
  const domain = written.slice(behind);
  return /\P{ASCII}/u.test(domain) ? `${written.slice(0, behind)}${otherSpelling(domain) ?? domain}` : written;
}

function strongest(outcomes: readonly Outcome[]): Outcome | null {
  return (
    outcomes.toSorted(
      (one, other) => rank(other.state) - rank(one.state) || ((one.status ?? "") < (other.status ?? "") ? -1 : 1),
    )[0] ?? null
  );
}

/** RFC 3464 §2.3.3 */
function deliveryOf({ action, ...rest }: ReportedRecipient): Outcome | null {
  const status = rest.status ?? null;
  switch (action) {
    case "failed":
    case "delayed":
    case "delivered":
    case "relayed":
      return { state: action, status };
    case "expanded":
      return { state: "relayed", status };
    case "unknown":
      return byClass(status);
    default:
      return action satisfies never;
  }
}

/** RFC 3463 §2, where the report has no action. */
function byClass(status: string | null): Outcome | null {
  if (status?.startsWith("5.") === true) return { state: "failed", status };
  return status?.startsWith("4.") === true ? { state: "delayed", status } : null;
}

/** RFC 8098 §3.2.6.2: whatever a mail program did with it, it was there. */
function dispositionOf({ disposition }: MdnSeen): Outcome | null {
  switch (disposition) {
    case "displayed":
    case "deleted":
      return { state: disposition, status: null };
    case "dispatched":
    case "processed":
    case "denied":
    case "failed":
      return { state: "delivered", status: null };
    case "unknown":
      return null;
    default:
      return disposition satisfies never;
  }
}
