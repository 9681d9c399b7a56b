import type { Extension } from "../extension.ts";
import { checkPeriod, periodWithin } from "./vacation.ts";

/** `:seconds` for the period (RFC 6131). */
export const vacationSeconds: Extension = {
  name: "vacation-seconds",
  implies: ["vacation"],
  rfc: "RFC 6131",
  state: "yes",
  needs: ["send", "envelope-sender", "memory", "delivery"],
  tags: [
    {
      name: "seconds",
      on: ["vacation"],
      kind: "number",
      check(value, args, context) {
        if (typeof value === "number") checkPeriod({ seconds: value }, context);
        if (args["days"] === undefined) return;
        context.report({ code: "tags-exclusive", at: "seconds", parameters: { tag: "seconds", other: "days" } });
      },
      amend: (value) => (action, state) =>
        action.kind === "vacation" && typeof value === "number"
          ? { ...action, seconds: periodWithin(value, state.limits) }
          : action,
    },
  ],
};
