import type { FolderPrints } from "./copy-journal.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import type { ServerRefused } from "./imap/server-refused.ts";
import type { CopyPlace, End } from "./steps.ts";

/** What became of one mail. `retry`: the server is in passing trouble, the same plan may be tried again. */
export interface Outcome {
  readonly result: "kept" | "moved" | "discarded" | "gone" | "failed" | "retry";
  readonly folder: string;
  readonly newUid?: number;
  readonly newUidValidity?: number;
  /** Stable code: `over-quota`, `no-such-folder`, `no-move`, `no-uidplus`, `no-delete`, `altered`, `no-trash`, `refused` … */
  readonly reason?: string;
}

/** The mail was no longer in INBOX. */
export const GONE: Outcome = { result: "gone", folder: "" };

/** It lies where its plan wanted it; in INBOX, where it was stored anew, it is kept. */
export function movedTo(end: End, { newUid, newUidValidity }: CopyPlace): Outcome {
  const result = end.discard ? "discarded" : end.kind === "expunge" && isInbox(end.mailbox) ? "kept" : "moved";
  return {
    result,
    folder: end.mailbox,
    ...(newUid === undefined ? {} : { newUid }),
    ...(newUidValidity === undefined ? {} : { newUidValidity }),
  };
}

/** Of a mail that is no longer where it was: moved by us where it lies in the target (`there`; null: not looked), else by its owner. */
export function awayTo(end: End, there: FolderPrints | null, fingerprint: string): Outcome {
  const newUid = there?.take(fingerprint);
  return newUid === undefined ? GONE : movedTo(end, { newUid, newUidValidity: there?.uidValidity ?? 0 });
}

/** What the server's refusal means for the mails of the command. */
export function refusal(error: ServerRefused): { readonly result: "failed" | "retry"; readonly reason: string } {
  if (error.isPassing) return { result: "retry", reason: error.code.toLowerCase() };
  switch (error.code) {
    case "OVERQUOTA":
      return { result: "failed", reason: "over-quota" };
    case "TOOBIG":
      return { result: "failed", reason: "too-large" };
    case "TRYCREATE":
    case "NONEXISTENT":
      return { result: "failed", reason: "no-such-folder" };
    default:
      return { result: "failed", reason: "refused" };
  }
}
