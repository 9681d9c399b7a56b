import type { Sending } from "@tamis/contracts";

/** Why something leaves. */
export type SendingKind = Sending["kind"];
