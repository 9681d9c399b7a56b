import { withoutComments } from "@tamis/message";
import { actionCommand } from "../action-command.ts";
import { defineCommand, type Extension } from "../extension.ts";
import { RuntimeFault } from "../run-state.ts";

/** RFC 5322 §3.4.1: an addr-spec without blanks and comments; its domain may be an address literal (RFC 5321 §4.1.3). */
const addressSpec = /^(?:[^\s"<>()[\],;:@\\]+|"(?:[^"\\\r\n]|\\.)*")@(?:[^\s"<>()[\],;:@\\]+|\[[A-Za-z0-9.:-]+\])$/;

/** Whether the text is one address that mail can be sent to. */
export function isAddress(text: string): boolean {
  return addressSpec.test(text) && text.length <= 320 && !text.includes("..");
}

/** RFC 5322 §2.1.1: characters of one line. */
const longestText = 998;

/** RFC 5322 §3.2.5: a display name. Its alternatives begin with different characters: nothing is tried twice. */
const phrase = /^(?:[^\s"<>()[\],;:@\\]|[ \t]|"(?:[^"\\\r\n]|\\.)*")*$/;

/**
 * The address that mail goes to where a script names one: `a@example.org`, or `Alice <a@example.org>`
 * (RFC 5228 §2.4.2.3: no routes, no groups), with blanks and comments where RFC 5322 §3.4.1 has them. Null for anything else.
 */
export function sieveAddress(text: string): string | null {
  if (text.length > longestText) return null;
  // A quoted string may hold what looks like a comment.
  const plain = (text.includes('"') ? text : withoutComments(text)).replace(/^[ \t]+|[ \t]+$/g, "");
  const open = plain.endsWith(">") ? plain.lastIndexOf("<") : -1;
  if (!phrase.test(plain.slice(0, Math.max(0, open)))) return null;
  const named = open < 0 ? plain : plain.slice(open + 1, -1);
  const address = named.replace(/^[ \t]*([^\s@]+)[ \t]*@[ \t]*([^\s@]+)[ \t]*$/, "$1@$2");
  return isAddress(address) ? address : null;
}

// RFC 5228 §4.3
const keep = defineCommand({
  name: "keep",
  shape: {},
  prepare(args, origin, preparation) {
    return actionCommand(preparation, {
      name: "keep",
      args,
      origin,
      make: () => ({ kind: "keep", implicit: false, origin }),
    });
  },
});

// RFC 5228 §4.4
const discard = defineCommand({
  name: "discard",
  shape: {},
  prepare(args, origin, preparation) {
    return actionCommand(preparation, { name: "discard", args, origin, make: () => ({ kind: "discard", origin }) });
  },
});

// RFC 5228 §4.2
const redirect = defineCommand({
  name: "redirect",
  shape: { positional: { address: "string" } },
  check({ address, ...tags }, context) {
    context.use({ redirect: true });
    if (context.lacks("send")) context.report({ severity: "warning", code: "redirect-without-send" });
    if ("list" in tags) return;
    if (typeof address === "string" && sieveAddress(address) === null) {
      context.report({ code: "bad-address", at: "address", parameters: { address } });
    }
  },
  prepare(args, origin, preparation) {
    const address = preparation.text(args.address);
    // RFC 6134 §2.3: the tag of another extension makes it the name of a list.
    const isList = "list" in args;
    return actionCommand(preparation, {
      name: "redirect",
      args,
      origin,
      make(state) {
        const named = address(state);
        const to = isList ? named : sieveAddress(named);
        if (to === null) throw new RuntimeFault("bad-address", { address: named });
        return { kind: "redirect", address: to, copy: false, origin };
      },
    });
  },
});

/** Actions of the base language (RFC 5228 §4). */
export const baseActions: Extension = {
  name: null,
  rfc: "RFC 5228 §4",
  state: "yes",
  commands: [keep, discard, redirect],
};
