import type { SentKind } from "@tamis/contracts";

/** Why something leaves. */
export type SendingKind = SentKind;
