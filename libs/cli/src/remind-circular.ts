import { randomUUID } from "node:crypto";
import { RECIPIENTS_PER_PAGE, type Receipt, type ReceiptState, type RecipientFault } from "@tamis/contracts";
import { askCirculars } from "./ask-circulars.ts";
import { CircularReceipts } from "./circular-receipts.ts";
import type { Target } from "./circular-target.ts";
import { type CreatedCircular, type CreatedDraft, createDraft, type DraftOptions } from "./create-circular.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { walkReport } from "./report-pages.ts";

/** What `tamis circular remind` is told. */
export interface RemindOptions extends Partial<DraftOptions> {
  readonly of: string;
  readonly silent?: true;
}

/** Whom a reminder would not reach, and who needs none. */
const LEFT_OUT: ReadonlySet<ReceiptState> = new Set(["failed", "displayed"] satisfies ReceiptState[]);

/**
 * Makes a draft for those of a circular who got it and did not display it as far as is known, or with `silent` for those of whom nothing was
 * heard; null where there is nobody. It says what that circular said, unless it is told what to say.
 */
export async function remindCircular(options: RemindOptions, target: Target): Promise<CreatedCircular | null> {
  const { of } = options;
  const numbers = await toRemind(options, target);
  if (numbers.length === 0) return null;
  const made = await draftOf(options, target);
  const { id } = made;
  const accountId = target.account.id;
  const faults: RecipientFault[] = [];
  let [suppressed, recipients] = [0, 0];
  for (let at = 0; at < numbers.length; at += RECIPIENTS_PER_PAGE) {
    const page = numbers.slice(at, at + RECIPIENTS_PER_PAGE);
    const added = await askCirculars(target, { op: "add-from", accountId, id, of, recipients: page }, "added");
    faults.push(...added.faults);
    suppressed += added.suppressed;
    recipients = added.recipients;
  }
  return { ...made, recipients, suppressed, faults, lists: null, outlook: null };
}

async function toRemind({ of, silent }: RemindOptions, target: Target): Promise<readonly string[]> {
  const { account, io, hasReceipts } = target;
  if (!hasReceipts) throw new CommandFailure(io.say("receipts.absent"));
  const isToRemind = (receipt: Receipt | undefined): boolean => {
    const state = receipt?.state ?? "none";
    return silent === true ? state === "none" : !LEFT_OUT.has(state);
  };
  const follower = new CircularReceipts({ ...target, circularId: of });
  const about = { op: "report", accountId: account.id, id: of, states: ["accepted"], limit: 1000 } as const;
  const numbers: string[] = [];
  let followed = 0;
  for await (const page of walkReport(target, about, follower)) {
    if (follower.refused !== null) throw new CommandFailure(follower.refused);
    followed += page.filter(({ receipt }) => receipt !== undefined).length;
    numbers.push(...page.filter(({ receipt }) => isToRemind(receipt)).map(({ recipient }) => recipient.id));
  }
  // Where nobody was followed, that nobody is known to have read it says nothing.
  if (numbers.length > 0 && followed === 0) throw new CommandFailure(io.say("circular.not-followed", { id: of }));
  return numbers;
}

/** The new draft: of the same text, or of another. */
async function draftOf(options: RemindOptions, target: Target): Promise<CreatedDraft> {
  const { of, subject, text, html, markdown } = options;
  const isOther = subject !== undefined || text !== undefined || html !== undefined || markdown !== undefined;
  if (isOther) {
    if (subject === undefined) throw new CommandFailure(target.io.say("circular.no-subject"), exitCode.usage);
    return createDraft({ ...options, subject }, target);
  }
  const question = { op: "again", accountId: target.account.id, id: of, key: randomUUID() } as const;
  const { id, secrets, links } = await askCirculars(target, question, "created");
  return { id, secrets, links };
}
