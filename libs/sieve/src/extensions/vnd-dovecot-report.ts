import { actionCommand } from "../action-command.ts";
import { defineCommand, type Extension } from "../extension.ts";
import { RuntimeFault } from "../run-state.ts";
import { sieveAddress } from "./base-actions.ts";

/** RFC 5965 §3.5: a token; RFC 2045 §5.1 says what that is. */
const token = /^[!#$%&'*+.^_`{|}~0-9A-Za-z-]{1,64}$/;

const report = defineCommand({
  name: "report",
  shape: {
    tags: { headers_only: "flag" },
    positional: { feedbackType: "string", message: "string", address: "string" },
  },
  check({ feedbackType, address }, context) {
    context.use({ redirect: true });
    if (typeof feedbackType === "string" && !token.test(feedbackType)) {
      context.report({ code: "bad-feedback-type", at: "feedbackType", parameters: { type: feedbackType } });
    }
    if (typeof address === "string" && sieveAddress(address) === null) {
      context.report({ code: "bad-address", at: "address", parameters: { address } });
    }
  },
  prepare(args, origin, preparation) {
    const type = preparation.text(args.feedbackType);
    const message = preparation.text(args.message);
    const address = preparation.text(args.address);
    return actionCommand(preparation, {
      name: "report",
      args,
      origin,
      make(state) {
        const feedbackType = type(state);
        const named = address(state);
        const to = sieveAddress(named);
        if (!token.test(feedbackType)) throw new RuntimeFault("bad-feedback-type", { type: feedbackType });
        if (to === null) throw new RuntimeFault("bad-address", { address: named });
        const headersOnly = args.headers_only === true;
        return { kind: "report", feedbackType, message: message(state), address: to, headersOnly, origin };
      },
    });
  },
});

/** Sends a feedback report about the mail (vnd.dovecot.report; RFC 5965). */
export const dovecotReport: Extension = {
  name: "vnd.dovecot.report",
  rfc: "RFC 5965 §2",
  state: "yes",
  needs: ["send"],
  commands: [report],
};
