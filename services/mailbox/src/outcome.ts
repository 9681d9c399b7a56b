import type { ServerRefused } from "./imap/server-refused.ts";
import type { End } from "./steps.ts";

/** What became of one mail. `retry`: the server is in passing trouble, the same plan may be tried again. */
export interface Outcome {
  readonly result: "kept" | "moved" | "discarded" | "gone" | "failed" | "retry";
  readonly folder: string;
  readonly newUid?: number;
  readonly newUidValidity?: number;
  /** Stable code: `over-quota`, `no-such-folder`, `no-move`, `no-trash`, `refused` … */
  readonly reason?: string;
}

/** The mail was no longer in INBOX. */
export const GONE: Outcome = { result: "gone", folder: "" };

export function movedTo(end: End, where: { readonly newUid?: number; readonly newUidValidity?: number }): Outcome {
  return { result: end.discard ? "discarded" : "moved", folder: end.mailbox, ...where };
}

/** What the server's refusal means for the mails of the command. */
export function refusal(error: ServerRefused): { readonly result: "failed" | "retry"; readonly reason: string } {
  if (error.isPassing) return { result: "retry", reason: error.code.toLowerCase() };
  switch (error.code) {
    case "OVERQUOTA":
      return { result: "failed", reason: "over-quota" };
    case "TRYCREATE":
    case "NONEXISTENT":
      return { result: "failed", reason: "no-such-folder" };
    default:
      return { result: "failed", reason: "refused" };
  }
}
