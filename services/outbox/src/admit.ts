import type { Sending, SubmissionAnswer, SubmissionHead } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { readMarks, redirectMark } from "./redirect-mark.ts";
import type { SendingKind } from "./sending-kind.ts";
import { isSameMailbox, toPath } from "./smtp/address.ts";
import type { AdmittedSending } from "./tables/intake.ts";

/** Who a redirected mail leaves as: its owner, its own sender, or an address of the installation's. */
export type RedirectFrom = "owner" | "sender" | `${string}@${string}`;

/** What may leave, and as what. */
export interface Rules {
  readonly redirectFrom: RedirectFrom;
  /** Signs redirect marks. */
  readonly key: string;
  /** Received fields that a mail may have, and redirects of ours that it may have gone through (RFC 5321 §6.3). */
  readonly maxReceived: number;
  readonly maxRedirects: number;
  /** Octets of one mail. */
  readonly maxBytes: number;
  /** How long a sending of a kind is tried, ms. */
  readonly lifeMs: (kind: SendingKind) => number;
}

type Reason = NonNullable<Extract<SubmissionAnswer, { kind: "committed" }>["sendings"][number]["reason"]>;

export type Admission =
  | { readonly kind: "admitted"; readonly sending: AdmittedSending }
  | { readonly kind: "refused"; readonly reason: Reason };

interface Asked {
  readonly head: Pick<SubmissionHead, "accountId" | "address">;
  readonly sending: Sending;
  readonly body: AdmittedSending["body"];
  readonly now: Date;
}

const refused = (reason: Reason): Admission => ({ kind: "refused", reason });

/** Decides on one sending, and gives it its final form. How many there were before is for the ledger to know. */
export function admit(asked: Asked, rules: Rules): Admission {
  const { head, sending, body, now } = asked;
  if (sending.to.some((address) => toPath(address) === null)) return refused("bad-address");
  const from = envelopeSender(asked, rules);
  if (from !== null && toPath(from) === null) return refused("bad-address");
  if (body.octets.length > rules.maxBytes) return refused("too-large");
  const loop = sending.kind === "redirect" ? loopIn(asked, rules) : null;
  if (loop !== null) return refused(loop);
  const expiresAt = now.getTime() + rules.lifeMs(sending.kind);
  const { deliverBy } = sending;
  const to = [...new Set(sending.to)];
  return {
    kind: "admitted",
    sending: {
      key: sending.key,
      kind: sending.kind,
      from,
      to,
      messageId: sending.messageId,
      body,
      prefix:
        sending.kind === "redirect"
          ? to.map((target) => redirectMark(rules.key, { accountId: head.accountId, target })).join("")
          : "",
      cancelsKeep: sending.cancelsKeep,
      hold: sending.hold,
      // RFC 2852 §4: what must be there by a time or come back is not tried after it.
      expiresAt: new Date(deliverBy?.mode === "return" ? Math.min(expiresAt, deliverBy.time) : expiresAt),
      dsn: sending.dsn === undefined ? null : JSON.stringify(sending.dsn),
      deliverBy: deliverBy === undefined ? null : JSON.stringify(deliverBy),
      fcc: sending.fcc ?? null,
    },
  };
}

/**
 * RFC 3834 §4, RFC 5429 §2.1: what answers by itself leaves as <>, or two machines answer each other for ever. A redirected mail
 * that came as <> stays so; where nobody knows what it came as, it leaves as its owner, who can get reports about it.
 */
function envelopeSender({ head, sending }: Asked, { redirectFrom }: Rules): string | null {
  const { kind, from } = sending;
  if (kind === "reject" || kind === "vacation") return null;
  if (kind !== "redirect") return from ?? null;
  if (from === null) return null;
  if (redirectFrom === "sender") return from ?? head.address;
  return redirectFrom === "owner" ? head.address : redirectFrom;
}

/**
 * RFC 5228 §4.2, RFC 5321 §6.3. Delivered-To is no sign of a loop: every mail that came to the owner has the owner's.
 */
function loopIn({ head, sending, body }: Asked, rules: Rules): "loop" | "too-many-hops" | null {
  if (sending.to.some((target) => isSameMailbox(target, head.address))) return "loop";
  const message = readMessage(body.octets);
  const marks = readMarks(rules.key, message);
  if (sending.to.some((target) => marks.has({ accountId: head.accountId, target }))) return "loop";
  const isTravelled = message.headers("Received").length > rules.maxReceived || marks.count >= rules.maxRedirects;
  return isTravelled ? "too-many-hops" : null;
}
