import type { Extension } from "../extension.ts";

/** `:copy` leaves the implicit keep as it is (RFC 3894). */
export const copy: Extension = {
  name: "copy",
  rfc: "RFC 3894",
  state: "yes",
  tags: [
    {
      name: "copy",
      on: ["fileinto", "redirect", "pipe"],
      kind: "flag",
      amend: () => (action) =>
        action.kind === "fileinto" || action.kind === "redirect" || action.kind === "pipe"
          ? { ...action, copy: true }
          : action,
    },
  ],
};
