import { KEEP, type Plan } from "@tamis/contracts";
import { type FakeCommand, GOOD_CAPABILITIES, type Verdict } from "./fake-imap.ts";

/** What a good server can do, without these. */
export const without = (...names: readonly string[]): string =>
  GOOD_CAPABILITIES.split(" ")
    .filter((name) => !names.includes(name))
    .join(" ");

/** A verdict on the first command of one kind, and no other. */
export function once(
  verb: string,
  verdict: Verdict | ((command: FakeCommand) => Verdict),
): (command: FakeCommand) => Verdict {
  let isOver = false;
  return (command) => {
    if (isOver || command.verb !== verb) return "pass";
    isOver = true;
    return typeof verdict === "function" ? verdict(command) : verdict;
  };
}

/** A plan that copies to these folders and keeps the mail. */
export const copyTo = (...mailboxes: readonly string[]): Plan => ({
  ...KEEP,
  copies: mailboxes.map((mailbox) => ({ mailbox, create: true, addFlags: [], removeFlags: [] })),
});
