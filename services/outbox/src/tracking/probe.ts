import { randomUUID } from "node:crypto";
import { DOCTOR_ACCOUNT, type RecipientsTracked } from "@tamis/contracts";
import { dateText } from "@tamis/message";
import { makeToken, type TokenKeys } from "@tamis/tokens";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import { type BounceSettings, bounceAddress } from "./config.ts";

/** Whom the probe has to do with. */
export interface ProbeDeps {
  readonly settings: BounceSettings;
  /** The keys of tokens; null: none were ever made. */
  keys(): Promise<TokenKeys | null>;
  tell(fact: RecipientsTracked): Promise<void>;
  /** What `receipts` knows of the mail with this Message-ID; `silent`: nobody answers; `hidden`: it is not shown. */
  counts(messageId: string): Promise<ProbeCounts | "silent" | "hidden">;
  /** Gives the mail to the relay; the words of its refusal, null where it took it. */
  send(mail: OutgoingMail): Promise<string | null>;
  pause(ms: number): Promise<void>;
  now(): Date;
}

export interface ProbeCounts {
  readonly recipients: number;
  readonly delivered: number;
}

/** What became of a report that was sent to ourselves. */
export type Probed =
  | { readonly kind: "arrived"; readonly ms: number }
  | { readonly kind: "not-tried" | "silent" | "hidden" | "lost" }
  | { readonly kind: "refused"; readonly reply: string };

/** Of no ledger: ours count to 2^31. It is the same each time, and another mail begins it anew. */
const RECIPIENT = "999999999999999999";
const LOOK_MS = 250;
/** How long `receipts` may take to know of it, ms. */
const TOLD_MS = 5_000;
/** How long the report may take from the relay to `receipts`, ms. */
export const PROBE_MS = 12_000;

/** Sends a report on nobody's mail (RFC 3464) to the address that reports come back to, and waits until `receipts` has it. */
export async function probeReceipts(deps: ProbeDeps): Promise<Probed> {
  const { settings, now } = deps;
  const keys = await deps.keys();
  if (keys === null) return { kind: "not-tried" };
  const domain = (settings.address ?? settings.domain ?? "").replace(/^.*@/, "");
  const about = { messageId: `<${randomUUID()}@${domain}>`, address: `${DOCTOR_ACCOUNT}@${domain}` };
  const before = await deps.counts(about.messageId);
  if (before === "silent" || before === "hidden") return { kind: before };
  const began = now().getTime();
  const recipient = { id: RECIPIENT, ...about, asksDisposition: false, sentAt: began };
  await deps.tell({ v: 1, accountId: DOCTOR_ACCOUNT, recipients: [recipient] });
  // Told before it is sent: a report that comes first would be dropped with the probe before this one.
  const isTold = await until(deps, { ...about, withinMs: TOLD_MS }, ({ recipients }) => recipients > 0);
  if (!isTold) return { kind: "silent" };
  const to = bounceAddress(settings, makeToken(RECIPIENT, keys));
  const refusal = await deps.send(reportTo(to, { about: about.address, domain, at: now() }));
  if (refusal !== null) return { kind: "refused", reply: refusal };
  const hasArrived = await until(deps, { ...about, withinMs: PROBE_MS }, ({ delivered }) => delivered > 0);
  return hasArrived ? { kind: "arrived", ms: now().getTime() - began } : { kind: "lost" };
}

interface Waiting {
  readonly messageId: string;
  readonly withinMs: number;
}

/** Whether that comes to be in time. */
async function until(
  { counts, pause, now }: ProbeDeps,
  { messageId, withinMs }: Waiting,
  isSo: (counts: ProbeCounts) => boolean,
): Promise<boolean> {
  const end = now().getTime() + withinMs;
  for (;;) {
    const found = await counts(messageId);
    if (typeof found !== "string" && isSo(found)) return true;
    if (now().getTime() >= end) return false;
    await pause(LOOK_MS);
  }
}

interface Reporting {
  readonly about: string;
  readonly domain: string;
  readonly at: Date;
}

function reportTo(to: string, { about, domain, at }: Reporting): OutgoingMail {
  const boundary = `=_${randomUUID()}`;
  const lines = [
    `From: MAILER-DAEMON <mailer-daemon@${domain}>`,
    `To: <${to}>`,
    "Subject: Tamis: do reports come back?",
    `Date: ${dateText(at.getTime())}`,
    `Message-ID: <${randomUUID()}@${domain}>`,
    // RFC 3834 §5.
    "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    "`tamis doctor` sent this to see whether reports come back. / `tamis doctor` a envoye ceci pour voir si les rapports reviennent.",
    `--${boundary}`,
    "Content-Type: message/delivery-status",
    "",
    `Reporting-MTA: dns; ${domain}`,
    "",
    `Final-Recipient: rfc822; ${about}`,
    "Action: delivered",
    "Status: 2.0.0",
    "",
    `--${boundary}--`,
    "",
  ];
  return {
    envelopeId: null,
    from: null,
    recipients: [{ id: 0, address: to }],
    octets: Buffer.from(lines.join("\r\n")),
    dsn: null,
    deliverBy: null,
  };
}
