import { actionCommand } from "../action-command.ts";
import { defineCommand, type Extension } from "../extension.ts";
import { RuntimeFault } from "../run-state.ts";

/** RFC 5228 §2.4.2.3: an addr-spec alone; no display name, no route, no blanks. */
const addressSpec = /^(?:[^\s"<>()[\],;:@\\]+|"(?:[^"\\\r\n]|\\.)*")@[^\s"<>()[\],;:@\\]+$/;

/** Whether the text is one address that mail can be sent to. */
export function isAddress(text: string): boolean {
  return addressSpec.test(text) && text.length <= 320 && !text.includes("..");
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
    if (typeof address === "string" && !isAddress(address)) {
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
        const to = address(state);
        if (!isList && !isAddress(to)) throw new RuntimeFault("bad-address", { address: to });
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
