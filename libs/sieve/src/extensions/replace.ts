import { parseAddresses } from "@tamis/message";
import { defineCommand, type Extension } from "../extension.ts";
import { isEditable } from "../message-edits.ts";
import { needWhole } from "../part-in-loop.ts";
import { RuntimeFault } from "../run-state.ts";
import { isAddress } from "./base-actions.ts";

/** RFC 5703 §5: `:from` is a list of mailboxes. */
function isMailboxList(text: string): boolean {
  const mailboxes = parseAddresses(text);
  return mailboxes.length > 0 && mailboxes.every(({ address }) => isAddress(address));
}

const replace = defineCommand({
  name: "replace",
  shape: {
    tags: { mime: "flag", subject: "string", from: "string" },
    positional: { replacement: "string" },
    exclusive: [
      ["mime", "subject"],
      ["mime", "from"],
    ],
  },
  check({ from }, context) {
    context.use({ body: true, attachments: true });
    if (typeof from === "string" && !isMailboxList(from)) {
      context.report({ code: "bad-address", at: "from", parameters: { address: from } });
    }
  },
  prepare(args, origin, preparation) {
    const text = preparation.text(args.replacement);
    const subject = args.subject === undefined ? null : preparation.text(args.subject);
    const from = args.from === undefined ? null : preparation.text(args.from);
    return (state) => {
      state.spend(1);
      state.origin = origin;
      needWhole(state);
      const part = state.part ?? [];
      if (!isEditable(state.message, part)) throw new RuntimeFault("part-not-editable", { part: part.join(".") });
      const sender = from?.(state) ?? "";
      state.edit({
        kind: "replace-part",
        part,
        mime: args.mime === true,
        text: text(state),
        ...(subject === null ? {} : { subject: subject(state) }),
        // RFC 5703 §5: an address that cannot be used is ignored.
        ...(isMailboxList(sender) ? { from: sender } : {}),
      });
      return "next";
    };
  },
});

/** Puts another text in the place of a part, or of the whole mail (RFC 5703 §5). */
export const replaceExtension: Extension = {
  name: "replace",
  rfc: "RFC 5703 §5",
  state: "yes",
  needs: ["rewrite"],
  commands: [replace],
};
