import type { RecipientsTracked, ReportSeen } from "@tamis/contracts";
import { makeToken } from "@tamis/tokens";

/** Of the tokens of these tests. */
export const keys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const FIRST = 1_000_000_000;
/** So long after the tests begin, ms. */
export const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);
export const numbered = (n: number): string => String(FIRST + n);
export const tokenOf = (n: number): string => makeToken(numbered(n), keys);
export const messageIdOf = (n: number): string => `<${tokenOf(n)}@academie.example>`;

/** A fact of `outbox` about these recipients of circular 7. */
export const tracked = (...numbers: readonly number[]): RecipientsTracked => trackedAt(0, ...numbers);
export const trackedAt = (ms: number, ...numbers: readonly number[]): RecipientsTracked => ({
  v: 1,
  accountId: "anna",
  circularId: "7",
  recipients: numbers.map((n) => ({
    id: numbered(n),
    address: `r${n}@college.example`,
    messageId: messageIdOf(n),
    envelopeId: tokenOf(n),
    asksDisposition: true,
    sentAt: at(ms).getTime(),
  })),
});

let reports = 0;
/** A report in the mail of an account, with these tokens. */
export const mail = (tokens: readonly string[], ms = 1) =>
  ({
    v: 1,
    accountId: "bounces",
    mailId: "bounces/0/1/1",
    fingerprint: `f${++reports}`,
    at: at(ms).getTime(),
    tokens,
    messageIds: [],
  }) as const;
type Action = Extract<ReportSeen, { readonly kind: "dsn" }>["recipients"][number]["action"];
export const dsn = (n: number, action: Action, more: Partial<ReportSeen> = {}): ReportSeen =>
  ({
    kind: "dsn",
    ...mail([tokenOf(n)]),
    recipients: [{ final: `r${n}@college.example`, action }],
    ...more,
  }) as ReportSeen;
export const displayed = (n: number, more: Partial<ReportSeen> = {}): ReportSeen =>
  ({ kind: "mdn", ...mail([tokenOf(n)], 2), disposition: "displayed", ...more }) as ReportSeen;
