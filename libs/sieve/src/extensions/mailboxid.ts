import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { type Arguments, asText } from "../program.ts";
import { FactsMissing, type RunState } from "../run-state.ts";

/** The mailbox of an id, null when there is none (RFC 9042 §4). */
function mailboxOf(state: RunState, id: string): string | null {
  const found = state.facts.mailboxIds?.get(id);
  if (found === undefined) throw new FactsMissing([{ kind: "mailbox-id", id }]);
  return found;
}

/** RFC 9042 §4: the mailbox with the id, else the one that is named. */
export function byId<T extends { readonly mailbox: string }>(target: T, id: string, state: RunState): T {
  const mailbox = mailboxOf(state, id);
  return mailbox === null ? target : { ...target, mailbox };
}

/** RFC 9042 §4.2: a mailbox is told by its id or by its use, not by both. */
export function checkIdAlone(args: Arguments, context: CheckContext): void {
  if (args["specialuse"] === undefined) return;
  context.report({ code: "tags-exclusive", at: "mailboxid", parameters: { tag: "mailboxid", other: "specialuse" } });
}

// RFC 9042 §6
const mailboxidexists = defineTest({
  name: "mailboxidexists",
  shape: { positional: { ids: "strings" } },
  prepare({ ids }, line, preparation) {
    const expand = preparation.texts(ids);
    return (state) => {
      state.spend(1);
      const wanted = expand(state);
      const unknown = wanted.filter((id) => state.facts.mailboxIds?.get(id) === undefined);
      if (wanted.some((id) => state.facts.mailboxIds?.get(id) === null)) return false;
      if (unknown.length > 0) throw new FactsMissing(unknown.map((id) => ({ kind: "mailbox-id", id })));
      return state.matched("mailboxidexists", line, { field: wanted.join(", ") });
    };
  },
});

/** Mailboxes by an id that outlives their names (RFC 9042). */
export const mailboxId: Extension = {
  name: "mailboxid",
  rfc: "RFC 9042",
  state: "yes",
  needs: ["objectid"],
  tests: [mailboxidexists],
  tags: [
    {
      name: "mailboxid",
      on: ["fileinto"],
      kind: "string",
      check: (_value, args, context) => checkIdAlone(args, context),
      amend(value, preparation) {
        const id = preparation.text(asText(value));
        return (action, state) => (action.kind === "fileinto" ? byId(action, id(state), state) : action);
      },
    },
  ],
};
