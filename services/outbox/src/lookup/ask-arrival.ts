import type { Question } from "../tables/lookups.ts";
import type { Arrival } from "./ask-program.ts";
import type { Searched } from "./search-mailbox.ts";

/** Who can be asked; null: nobody is, there. */
export interface Places {
  readonly mailbox: {
    readonly search: (question: Question) => Promise<Searched["kind"]>;
    readonly giveUpMs: number;
  } | null;
  readonly program: ((messageId: string, signal: AbortSignal) => Promise<Arrival>) | null;
  readonly now: () => Date;
}

/**
 * Asks first where a copy would lie, then the program. A mailbox that cannot be looked into leaves everything open: the copy that says that the
 * mail arrived may be in it. That none was found says nothing until it has been looked for long enough, and never that it did not arrive.
 */
export async function askArrival(
  question: Question,
  { mailbox, program, now }: Places,
  signal: AbortSignal,
): Promise<Arrival> {
  const searched = (await mailbox?.search(question)) ?? "not-found";
  if (searched === "found") return "arrived";
  if (searched !== "not-found") return "unclear";
  const said = (await program?.(question.messageId, signal)) ?? "unclear";
  if (said !== "unclear" || mailbox === null) return said;
  return now().getTime() - question.since.getTime() >= mailbox.giveUpMs ? "not-found" : "unclear";
}
