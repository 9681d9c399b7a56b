import type { Fcc } from "../answers.ts";
import type { Extension, Tag } from "../extension.ts";
import { checkMailboxName, prepareTarget } from "../mailbox-target.ts";
import { asText, asTexts } from "../program.ts";
import { checkFlags, flagsOf } from "./imap4flags.ts";
import { checkIdAlone } from "./mailboxid.ts";
import { checkSpecialUse } from "./special-use.ts";

/** RFC 8580 §3: actions that make a mail of which a copy can be kept; never reject. */
const on = ["vacation", "notify"];

/** A tag that says more about the copy, and means nothing without `:fcc` (RFC 8580 §3.1, RFC 9042 §5). */
function aboutCopy(name: string, kind: Tag["kind"], capability: string): Tag {
  return {
    name,
    on,
    kind,
    check(value, args, context) {
      if (args["fcc"] === undefined) {
        context.report({ code: "tag-needs-other", at: name, parameters: { tag: name, other: "fcc" } });
      } else if (!context.enabled(capability)) {
        context.report({ code: "tag-needs-require", at: name, parameters: { tag: name, capability } });
      }
      if (name === "flags") checkFlags(asTexts(value), "flags", context);
      if (name === "specialuse") checkSpecialUse(value, "specialuse", context);
      if (name === "mailboxid") checkIdAlone(args, context);
    },
  };
}

/** Stores a copy of what vacation and notify send (RFC 8580). */
export const fccExtension: Extension = {
  name: "fcc",
  rfc: "RFC 8580",
  state: "yes",
  needs: ["send", "file-copies"],
  tags: [
    {
      name: "fcc",
      on,
      kind: "string",
      check: (value, _args, context) => checkMailboxName(asText(value), "fcc", context),
      amend(value, preparation, args) {
        const target = prepareTarget(preparation, asText(value), args);
        const flags = args["flags"] === undefined ? null : preparation.texts(asTexts(args["flags"]));
        return (action, state) => {
          if (action.kind !== "vacation" && action.kind !== "notify") return action;
          const marked = flags === null ? {} : { flags: flagsOf(flags(state), state.limits.flags) };
          const fcc: Fcc = { ...target(state), ...marked };
          return { ...action, fcc };
        };
      },
    },
    aboutCopy("create", "flag", "mailbox"),
    aboutCopy("flags", "strings", "imap4flags"),
    aboutCopy("specialuse", "string", "special-use"),
    aboutCopy("mailboxid", "string", "mailboxid"),
  ],
};
