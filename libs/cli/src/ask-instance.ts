import { type Bus, RetryLater } from "@tamis/bus";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TextKey } from "./texts.ts";

const TIMEOUT_MS = 10_000;

/** A question for one instance of a service, and what is said where there is no answer. */
interface Question {
  readonly subject: string;
  readonly question: unknown;
  readonly texts: { readonly failed: TextKey; readonly unanswered: TextKey };
}

/** What the instance answers. Nobody there is a {@link CommandFailure} with exit code 3, one that failed with exit code 1. */
export async function askInstance(
  bus: Bus,
  { subject, question, texts }: Question,
  io: Surroundings,
): Promise<unknown> {
  try {
    const reply = await bus.request(subject, Buffer.from(JSON.stringify(question)), { timeoutMs: TIMEOUT_MS });
    return parseJson(reply.payload);
  } catch (cause) {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    const code = isFailed ? exitCode.failed : exitCode.unreachable;
    throw new CommandFailure(io.say(isFailed ? texts.failed : texts.unanswered), code, { cause });
  }
}
