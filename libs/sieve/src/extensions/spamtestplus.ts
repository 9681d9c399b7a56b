import type { Extension } from "../extension.ts";

/** `:percent` on spamtest (RFC 5235 §2.2). */
export const spamtestplus: Extension = {
  name: "spamtestplus",
  implies: ["spamtest"],
  rfc: "RFC 5235 §2.2",
  state: "yes",
  needs: ["verdict"],
  tags: [{ name: "percent", on: ["spamtest"], kind: "flag" }],
};
