import { type Bus, RetryLater } from "@tamis/bus";
import { askCirculars as ask } from "@tamis/circulars";
import type { CircularAnswer, CircularAsk } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

type Kind = CircularAnswer["kind"];
type Refused = Extract<CircularAnswer, { readonly kind: "refused" }>;

/** Asks one instance of `outbox`, and expects this kind of answer. A refusal, or nobody there, is a {@link CommandFailure}. */
export async function askCirculars<K extends Kind>(
  { bus, io }: { readonly bus: Bus; readonly io: Surroundings },
  question: CircularAsk,
  kind: K,
  timeoutMs?: number,
): Promise<Extract<CircularAnswer, { readonly kind: K }>> {
  const asked: CircularAsk = "accountId" in question ? { ...question, language: io.locale } : question;
  const answer = await orFailure(io, () => ask(bus, asked, kind, timeoutMs));
  // Proof: it is of this kind, or a refusal, which was thrown.
  return answer as Extract<CircularAnswer, { readonly kind: K }>;
}

/** The answer to what `work` asks of `outbox`. A refusal, or nobody there, is a {@link CommandFailure}. */
export async function orFailure<A extends { readonly kind: string }>(
  io: Surroundings,
  work: () => Promise<A>,
): Promise<Exclude<A, Refused>> {
  const answer = await work().catch((cause: unknown) => {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    const code = isFailed ? exitCode.failed : exitCode.unreachable;
    throw new CommandFailure(io.say(isFailed ? "outbox.failed" : "outbox.unanswered"), code, { cause });
  });
  if (isRefusal(answer)) throw new CommandFailure(answer.reason);
  // Proof: the line before.
  return answer as Exclude<A, Refused>;
}

function isRefusal(answer: { readonly kind: string }): answer is Refused {
  return answer.kind === "refused";
}
