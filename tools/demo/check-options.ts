import type { Post } from "./post.ts";
import type { ReturnedMail } from "./relay.ts";
import type { SchoolAccount } from "./school.ts";
import type { Stack } from "./stack.ts";
import type { Texts } from "./texts.ts";
import type { Tracker } from "./tracker.ts";
import type { View } from "./view.ts";

/** What the parts of `--check` look at, and where they tell of it. */
export type CheckOptions = {
  readonly stack: Pick<Stack, "dovecot" | "bus" | "sieve">;
  readonly tracker: Tracker;
  readonly post: Post;
  /** What the relay handed back. */
  readonly returned: readonly ReturnedMail[];
  readonly accounts: readonly SchoolAccount[];
  readonly view: View;
  readonly texts: Texts;
  readonly signal: AbortSignal;
};

/** How much of what was looked at is as it must be. */
export type Tally = { readonly right: number; readonly all: number };
