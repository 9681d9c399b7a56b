import { defineTest, type Extension } from "../extension.ts";
import { FactsMissing, type RunState } from "../run-state.ts";
import { isMailboxName } from "./fileinto.ts";

/** Whether a mailbox exists, from the facts; INBOX always does. */
function exists(state: RunState, name: string): boolean | undefined {
  return name.toUpperCase() === "INBOX" ? true : state.facts.mailboxExists?.get(name);
}

const mailboxexists = defineTest({
  name: "mailboxexists",
  shape: { positional: { mailboxes: "strings" } },
  check({ mailboxes }, context) {
    mailboxes.forEach((mailbox, index) => {
      if (typeof mailbox !== "string") context.use({ dynamic: true });
      else if (isMailboxName(mailbox)) context.use({ mailboxTests: [mailbox] });
      else context.report({ code: "bad-mailbox", at: "mailboxes", index, parameters: { mailbox } });
    });
  },
  prepare({ mailboxes }, line, preparation) {
    const expand = preparation.texts(mailboxes);
    return (state) => {
      state.spend(1);
      const names = expand(state);
      if (names.some((name) => exists(state, name) === false)) return false;
      const unknown = names.filter((name) => exists(state, name) === undefined);
      if (unknown.length > 0) throw new FactsMissing(unknown.map((name) => ({ kind: "mailbox-exists", name })));
      return state.matched("mailboxexists", line, { field: names.join(", ") });
    };
  },
});

/** `mailboxexists` and `fileinto :create` (RFC 5490 §3.1, §3.2). */
export const mailbox: Extension = {
  name: "mailbox",
  rfc: "RFC 5490 §3",
  state: "yes",
  tests: [mailboxexists],
  tags: [
    {
      name: "create",
      on: ["fileinto"],
      kind: "flag",
      amend: () => (action) => (action.kind === "fileinto" ? { ...action, create: true } : action),
    },
  ],
};
