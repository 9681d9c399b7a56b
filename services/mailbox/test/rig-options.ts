import type { Account } from "@tamis/kit";
import type { MailboxConfig } from "../src/config.ts";
import type { FakeImap } from "./fake-imap.ts";

/** Short times, so that faults show within a test. */
export const QUICK = {
  done_timeout_seconds: 0.8,
  silence_seconds: 1,
  backoff_max_seconds: 0.05,
  republish_seconds: 30,
  wake_again_seconds: 0.02,
};

/** How an account is served in a test. */
export interface RigOptions {
  /** `filter` is asked for its decisions before anything is published. */
  readonly asked?: boolean;
  readonly capabilities?: string;
  readonly config?: Partial<MailboxConfig>;
  /** The section `imapsieve`. */
  readonly watched?: unknown;
  /** The section `drafts`. */
  readonly drafts?: unknown;
  /** Tamis answers for the account. */
  readonly receipts?: Account["receipts"];
  /** Before the account is served. */
  readonly prepare?: (imap: FakeImap) => void;
}
