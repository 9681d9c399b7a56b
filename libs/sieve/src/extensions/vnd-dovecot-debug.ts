import { defineCommand, type Extension } from "../extension.ts";
import { bounded } from "./variables.ts";

/** Messages of one run that are kept. */
const mostMessages = 100;

const debugLog = defineCommand({
  name: "debug_log",
  shape: { positional: { message: "string" } },
  prepare({ message }, { rule, line }, preparation) {
    const text = preparation.text(message);
    return (state) => {
      state.spend(1);
      if (state.debug.length < mostMessages) {
        state.debug.push({ rule, line, message: bounded(text(state), state.limits.variableLength) });
      }
      return "next";
    };
  },
});

/** `debug_log` tells the owner something of a run. */
export const dovecotDebug: Extension = {
  name: "vnd.dovecot.debug",
  rfc: "vnd.dovecot.debug",
  state: "yes",
  commands: [debugLog],
};
