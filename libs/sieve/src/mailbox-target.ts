import type { CheckContext } from "./extension.ts";
import { isMailboxName } from "./extensions/fileinto.ts";
import { byId, checkIdAlone } from "./extensions/mailboxid.ts";
import { byUse, checkSpecialUse } from "./extensions/special-use.ts";
import type { Preparation } from "./preparation.ts";
import { type Arguments, asText, type Text } from "./program.ts";
import { type RunState, RuntimeFault } from "./run-state.ts";

/** A mailbox that something is stored in beside the mail's own: of `:fcc`, of `snooze`. */
export interface MailboxTarget {
  readonly mailbox: string;
  readonly create: boolean;
  readonly specialUse?: string;
}

const needed = { create: "mailbox", specialuse: "special-use", mailboxid: "mailboxid" } as const;

/** Checks the tags that tell a mailbox in other ways: each needs its own extension (RFC 8579 §4, RFC 9042 §4, RFC 5490 §3.2). */
export function checkTarget(args: Arguments, context: CheckContext): void {
  for (const [tag, capability] of Object.entries(needed)) {
    if (args[tag] === undefined || context.enabled(capability)) continue;
    context.report({ code: "tag-needs-require", at: tag, parameters: { tag, capability } });
  }
  checkSpecialUse(args["specialuse"], "specialuse", context);
  if (args["mailboxid"] !== undefined) checkIdAlone(args, context);
}

/** Reports a literal that can be no mailbox. */
export function checkMailboxName(mailbox: Text | undefined, at: string, context: CheckContext): void {
  if (typeof mailbox !== "string" || isMailboxName(mailbox)) return;
  context.report({ code: "bad-mailbox", at, parameters: { mailbox } });
}

/** The target that the name and those tags come to. */
export function prepareTarget(
  preparation: Preparation,
  name: Text,
  args: Arguments,
): (state: RunState) => MailboxTarget {
  const expand = preparation.text(name);
  const use = args["specialuse"] === undefined ? null : preparation.text(asText(args["specialuse"]));
  const id = args["mailboxid"] === undefined ? null : preparation.text(asText(args["mailboxid"]));
  const create = args["create"] === true;
  return (state) => {
    const mailbox = expand(state);
    if (!isMailboxName(mailbox)) throw new RuntimeFault("bad-mailbox", { mailbox });
    const named: MailboxTarget = { mailbox, create };
    if (id !== null) return byId(named, id(state), state);
    return use === null ? named : byUse(named, use(state), state);
  };
}
