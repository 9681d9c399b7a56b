import { KEEP, type Plan } from "@tamis/contracts";
import { words } from "./fake-answers.ts";
import { type FakeCommand, type FakeImap, GOOD_CAPABILITIES, type Verdict } from "./fake-imap.ts";

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

/** The server is killed between the halves of the first MOVE out of this folder: the mails are in both (RFC 6851 §3.3). */
export const inHalves = (imap: FakeImap, from = "INBOX"): ((command: FakeCommand) => Verdict) =>
  once("UID MOVE", ({ args }) => {
    const [set = "", target = ""] = words(args);
    imap.copy(imap.folder(from).pick(set), imap.folder(target));
    return "cut";
  });

/** A plan that copies to these folders and keeps the mail. */
export const copyTo = (...mailboxes: readonly string[]): Plan => ({
  ...KEEP,
  copies: mailboxes.map((mailbox) => ({ mailbox, create: true, addFlags: [], removeFlags: [] })),
});
