import { Reject } from "@tamis/bus";
import { type ApplyCommand, applyCommand, parseAs } from "@tamis/contracts";

/** A command of `mailbox.apply` as it travels. Throws Reject: such a message is parked at once. */
export function readCommand(payload: Uint8Array): ApplyCommand {
  try {
    return parseAs(applyCommand, JSON.parse(Buffer.from(payload).toString("utf8")));
  } catch (cause) {
    throw new Reject("not a mailbox.apply command of this version", { code: "malformed", cause });
  }
}
