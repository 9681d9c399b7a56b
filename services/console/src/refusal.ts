import type { CircularAnswer, ReceiptsAnswer } from "@tamis/contracts";
import { Problem } from "./http/problem.ts";

type Refused = Extract<CircularAnswer | ReceiptsAnswer, { readonly kind: "refused" }>;

/** The answer, where it is no refusal; a refusal is a {@link Problem} with its code and its sentence. */
export function granted<A extends { readonly kind: string }>(answer: A): Exclude<A, { readonly kind: "refused" }> {
  if (isRefused(answer)) {
    const more = "times" in answer && answer.times !== undefined ? { times: answer.times } : {};
    throw new Problem(answer.code, answer.reason, more);
  }
  // Proof: the line before.
  return answer as Exclude<A, { readonly kind: "refused" }>;
}

function isRefused(answer: { readonly kind: string }): answer is Refused {
  return answer.kind === "refused";
}
