import { actionCommand } from "../action-command.ts";
import { defineCommand, type Extension } from "../extension.ts";
import { argumentsOf } from "../header-source.ts";
import { RuntimeFault } from "../run-state.ts";

/** Longest mailbox name accepted, in characters; servers refuse earlier. */
const longestName = 1000;

/** Whether a mailbox can have this name: not empty, no control characters (RFC 5228 §4.1). */
export function isMailboxName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return name !== "" && name.length <= longestName && !/[\u0000-\u001f\u007f]/.test(name);
}

const fileinto = defineCommand({
  name: "fileinto",
  shape: { positional: { mailbox: "string" } },
  check(args, context) {
    const { mailbox } = args;
    if (typeof mailbox !== "string") context.use({ dynamic: true });
    else if (isMailboxName(mailbox)) {
      context.use({ mailboxes: [mailbox] });
      const { create, specialuse, mailboxid } = argumentsOf(args);
      const missing = (create ?? specialuse ?? mailboxid) === undefined ? context.missingMailbox(mailbox) : null;
      if (missing !== null) {
        context.report({ severity: "warning", code: "mailbox-missing", at: "mailbox", parameters: missing });
      }
    } else context.report({ code: "bad-mailbox", at: "mailbox", parameters: { mailbox } });
  },
  prepare(args, origin, preparation) {
    const name = preparation.text(args.mailbox);
    return actionCommand(preparation, {
      name: "fileinto",
      args,
      origin,
      make(state) {
        const mailbox = name(state);
        if (!isMailboxName(mailbox)) throw new RuntimeFault("bad-mailbox", { mailbox });
        return { kind: "fileinto", mailbox, copy: false, create: false, origin };
      },
    });
  },
});

/** Files the mail into a mailbox (RFC 5228 §4.1). */
export const fileintoExtension: Extension = {
  name: "fileinto",
  rfc: "RFC 5228 §4.1",
  state: "yes",
  commands: [fileinto],
};
