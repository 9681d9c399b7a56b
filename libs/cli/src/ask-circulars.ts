import { type Bus, RetryLater } from "@tamis/bus";
import { type CircularAnswer, type CircularAsk, circularAnswer, subjects } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { Surroundings } from "./surroundings.ts";

const TIMEOUT_MS = 30_000;

type Kind = CircularAnswer["kind"];

/** Whose circulars are asked for, and where. */
export interface CircularTarget {
  readonly bus: Bus;
  readonly account: Account;
  readonly io: Surroundings;
}

/** Asks one instance of `outbox`, and expects this kind of answer. A refusal, or nobody there, is a {@link CommandFailure}. */
export async function askCirculars<K extends Kind>(
  { bus, io }: { readonly bus: Bus; readonly io: Surroundings },
  question: CircularAsk,
  kind: K,
  timeoutMs = TIMEOUT_MS,
): Promise<Extract<CircularAnswer, { readonly kind: K }>> {
  const answer = await ask({ bus, io, timeoutMs }, question);
  if (answer.kind === "refused") throw new CommandFailure(answer.reason);
  if (answer.kind !== kind) throw new CommandFailure(io.say("outbox.failed"));
  // Proof: the line before.
  return answer as Extract<CircularAnswer, { readonly kind: K }>;
}

interface Asking {
  readonly bus: Bus;
  readonly io: Surroundings;
  readonly timeoutMs: number;
}

async function ask({ bus, io, timeoutMs }: Asking, question: CircularAsk): Promise<CircularAnswer> {
  try {
    const payload = Buffer.from(JSON.stringify(question));
    const reply = await bus.request(subjects.outboxCirculars, payload, { timeoutMs });
    return circularAnswer.parse(parseJson(reply.payload));
  } catch (cause) {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    const code = isFailed ? exitCode.failed : exitCode.unreachable;
    throw new CommandFailure(io.say(isFailed ? "outbox.failed" : "outbox.unanswered"), code, { cause });
  }
}
