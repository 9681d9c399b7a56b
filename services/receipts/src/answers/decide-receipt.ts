import type { MailRead, ReceiptPolicy, ReceiptRequest } from "@tamis/contracts";

/** All that a decision on a receipt depends on. */
export interface ReceiptCase {
  readonly request: ReceiptRequest;
  /** What the account does. */
  readonly policy: ReceiptPolicy;
  /** Domains of the organisation, lower case, beside that of the recipient; those below them too. */
  readonly inside: readonly string[];
  /** As {@link MailRead} says. */
  readonly seen: MailRead["mails"][number]["seen"];
  /** The owner's word on this mail; null: none. */
  readonly answer: "send" | "refuse" | null;
}

/** Why only the owner can say; the first three are RFC 8098 §2.1's. */
export type AskedBecause = "no-return-path" | "other-return-path" | "several-addresses" | "policy" | "outside";

/** `wait`: until somebody reads it. `manual`: the owner said so; `automatic`: his policy. */
export type ReceiptDecision =
  | { readonly kind: "impossible"; readonly reason: "option-required" }
  | { readonly kind: "wait" }
  | { readonly kind: "ask"; readonly reason: AskedBecause }
  | { readonly kind: "send"; readonly mode: "manual" | "automatic" }
  | { readonly kind: "refuse" };

/**
 * What becomes of a request (RFC 8098 §2). "Displayed" is said of what its owner read, or says that he read; whatever else made a mail \Seen
 * did not display it. The owner's word on one mail is stronger than his policy.
 */
export function decideReceipt({ request, policy, inside, seen, answer }: ReceiptCase): ReceiptDecision {
  if (answer === "refuse") return { kind: "refuse" };
  // RFC 8098 §2.2: what must be understood and is not makes a normal disposition impossible.
  if (request.required.length > 0) return { kind: "impossible", reason: "option-required" };
  if (answer === "send") return seen === "no" ? { kind: "wait" } : { kind: "send", mode: "manual" };
  if (policy === "never") return seen === "no" ? { kind: "wait" } : { kind: "refuse" };
  const reason = askedBecause({ request, policy, inside });
  if (reason !== null) return { kind: "ask", reason };
  // Nobody is known to have read it: then only its owner can say.
  if (seen === "unknown") return { kind: "ask", reason: "policy" };
  return seen === "no" ? { kind: "wait" } : { kind: "send", mode: "automatic" };
}

function askedBecause({
  request,
  policy,
  inside,
}: Pick<ReceiptCase, "request" | "policy" | "inside">): AskedBecause | null {
  const { to, returnPath, finalRecipient } = request;
  const [address = "", ...others] = to;
  if (others.length > 0) return "several-addresses";
  if (returnPath === undefined) return "no-return-path";
  if (comparable(returnPath) !== comparable(address)) return "other-return-path";
  if (policy === "ask") return "policy";
  const isInside = [...inside, domainOf(finalRecipient)].some((domain) => isWithin(domainOf(address), domain));
  return policy === "inside" && !isInside ? "outside" : null;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

const isWithin = (domain: string, owner: string): boolean => domain === owner || domain.endsWith(`.${owner}`);

/** RFC 8098 §2.1: the local part has case, and quotes that are none of it; the domain has no case. */
function comparable(address: string): string {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(0, at));
  const bare = /^".*"$/s.test(local) ? local.slice(1, -1).replace(/\\(.)/gs, "$1") : local;
  return `${bare}@${domainOf(address)}`;
}
