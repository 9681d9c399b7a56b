import { actionCommand } from "../action-command.ts";
import type { Rejection } from "../answers.ts";
import { isRobot, madeByMachine, ownerAddresses, senderOf } from "../automatic-mail.ts";
import { type Command, defineCommand, type Extension } from "../extension.ts";
import type { RunState } from "../run-state.ts";

/** RFC 5429 §2.1.2: nobody is told who may not have sent the mail, or is a machine. */
function receiver(state: RunState): Pick<Rejection, "to" | "silence"> {
  const sender = senderOf(state);
  if (sender.address === null) return { to: null, silence: sender.silence };
  if (ownerAddresses(state).has(sender.address.toLowerCase())) return { to: null, silence: "own" };
  if (isRobot(sender.address)) return { to: null, silence: "robot" };
  const machine = madeByMachine(state);
  return machine === null ? { to: sender.address } : { to: null, silence: machine };
}

/** The command of that name: they differ in how the sender is told. */
export function rejection(form: "reject" | "ereject"): Command {
  return defineCommand({
    name: form,
    shape: { positional: { reason: "string" } },
    check: (_args, context) => context.use({ redirect: true, envelope: ["from", "to"] }),
    prepare(args, origin, preparation) {
      const reason = preparation.text(args.reason);
      return actionCommand(preparation, {
        name: form,
        args,
        origin,
        make: (state) => ({ kind: "reject", form, reason: reason(state), ...receiver(state), origin }),
      });
    },
  });
}

/** Refuses the mail, telling its sender by an MDN (RFC 5429 §2.2). */
export const rejectExtension: Extension = {
  name: "reject",
  rfc: "RFC 5429",
  state: "yes",
  needs: ["send", "envelope-sender", "authentication", "delivery"],
  commands: [rejection("reject")],
};
