import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { type ArgumentValue, asText } from "../program.ts";
import { FactsMissing, type RunState, RuntimeFault } from "../run-state.ts";
import { isMailboxName } from "./fileinto.ts";

/** RFC 6154 §2, RFC 8457 §3 and the draft on snoozing; servers may have others. */
const knownUses = [
  "\\All",
  "\\Archive",
  "\\Drafts",
  "\\Flagged",
  "\\Important",
  "\\Junk",
  "\\Sent",
  "\\Snoozed",
  "\\Trash",
];

/** RFC 8579 §3: an attribute is a backslash and an atom. */
export function isSpecialUse(text: string): boolean {
  return /^\\[A-Za-z0-9!#$&'+,\-./:;<=>?@[^_`|}~]+$/.test(text);
}

/** Reports a literal that can be no special-use attribute. */
export function checkSpecialUse(value: ArgumentValue | undefined, at: string, context: CheckContext, index = 0): void {
  if (typeof value !== "string" || isSpecialUse(value)) return;
  const parameters = { attribute: value, known: knownUses.join(", ") };
  context.report({ code: "bad-special-use", at, index, parameters });
}

/** The owner's mailboxes with the attribute. */
function mailboxesFor(state: RunState, attribute: string): readonly string[] {
  const { specialUse } = state.facts;
  if (specialUse === undefined) throw new FactsMissing([{ kind: "special-use" }]);
  return specialUse.get(attribute.toLowerCase()) ?? [];
}

/** What RFC 8579 §4 makes of a target: the mailbox with the attribute, else the one named, which gets it if it is created. */
export function byUse<T extends { readonly mailbox: string }>(
  target: T,
  attribute: string,
  state: RunState,
): T & { readonly specialUse?: string } {
  if (!isSpecialUse(attribute)) {
    throw new RuntimeFault("bad-special-use", { attribute, known: knownUses.join(", ") });
  }
  const found = mailboxesFor(state, attribute);
  const mailbox = found.includes(target.mailbox) ? target.mailbox : found[0];
  return mailbox === undefined ? { ...target, specialUse: attribute } : { ...target, mailbox };
}

const specialuseExists = defineTest({
  name: "specialuse_exists",
  shape: { positional: { mailbox: "string?", attributes: "strings" } },
  check({ mailbox, attributes }, context) {
    if (typeof mailbox === "string" && !isMailboxName(mailbox)) {
      context.report({ code: "bad-mailbox", at: "mailbox", parameters: { mailbox } });
    }
    attributes.forEach((attribute, index) => {
      checkSpecialUse(attribute, "attributes", context, index);
    });
  },
  prepare(args, line, preparation) {
    const named = args.mailbox === undefined ? null : preparation.text(args.mailbox);
    const expand = preparation.texts(args.attributes);
    return (state) => {
      state.spend(1);
      const mailbox = named?.(state);
      const attributes = expand(state);
      const holds = attributes.every((attribute) => {
        const found = mailboxesFor(state, attribute);
        return mailbox === undefined ? found.length > 0 : found.some((name) => sameMailbox(name, mailbox));
      });
      return holds && state.matched("specialuse_exists", line, { field: attributes.join(", ") });
    };
  },
});

function sameMailbox(left: string, right: string): boolean {
  return left === right || (left.toUpperCase() === "INBOX" && right.toUpperCase() === "INBOX");
}

/** Mailboxes by what they are for (RFC 8579). */
export const specialUseExtension: Extension = {
  name: "special-use",
  rfc: "RFC 8579",
  state: "yes",
  needs: ["special-use"],
  tests: [specialuseExists],
  tags: [
    {
      name: "specialuse",
      on: ["fileinto"],
      kind: "string",
      check: (value, _args, context) => checkSpecialUse(value, "specialuse", context),
      amend(value, preparation) {
        const attribute = preparation.text(asText(value));
        return (action, state) => (action.kind === "fileinto" ? byUse(action, attribute(state), state) : action);
      },
    },
  ],
};
