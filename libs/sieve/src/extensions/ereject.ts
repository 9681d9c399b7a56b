import type { Extension } from "../extension.ts";
import { rejection } from "./reject.ts";

/** Refuses the mail, as far as that is still possible after delivery: by a DSN (RFC 5429 §2.1). */
export const erejectExtension: Extension = {
  name: "ereject",
  rfc: "RFC 5429",
  state: "partial",
  needs: ["send", "envelope-sender", "authentication", "delivery"],
  commands: [rejection("ereject")],
};
