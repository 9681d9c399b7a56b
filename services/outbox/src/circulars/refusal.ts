import type { CircularAnswer, CircularAsk } from "@tamis/contracts";

export type Ask<Op extends CircularAsk["op"]> = Extract<CircularAsk, { readonly op: Op }>;
export type Refused = Extract<CircularAnswer, { readonly kind: "refused" }>;

/** Why it cannot be as somebody asks. */
export const refused = (code: Refused["code"], reason: string): Refused => ({ kind: "refused", code, reason });
