import type { Instant, RecurrenceFault, SaidTimeFault } from "@tamis/when";

/** Why a draft is not going to be sent. */
export type DraftFault =
  | {
      readonly code:
        | "too-long"
        | "no-from"
        | "several-from"
        | "foreign-from"
        | "no-recipient"
        | "too-many-recipients"
        | "no-time"
        | "two-times"
        | "sent-before"
        | "scheduled-twice"
        | "twin"
        | "not-known";
    }
  | { readonly code: "bad-address"; readonly address: string }
  /** A field of Send Later that is no date. */
  | { readonly code: "bad-date"; readonly text: string }
  | { readonly code: "said"; readonly fault: SaidTimeFault; readonly word: string }
  | {
      readonly code: "ambiguous";
      readonly instant: Extract<Instant, { kind: "missing" | "twice" }>;
      readonly wall: string;
      readonly zone: string;
    }
  | { readonly code: "recurrence"; readonly fault: RecurrenceFault; readonly word: string }
  | { readonly code: "late"; readonly wall: string; readonly zone: string };
