import { RetryLater } from "@tamis/bus";
import type { ConsoleContext } from "../console-context.ts";
import type { Call } from "./asked.ts";
import { Problem } from "./problem.ts";

/** What is told of an error: itself where it is a problem, one that passes where nobody is behind, else that it was written down, as it is then. */
export function problemOf(error: unknown, c: Call, { onBug }: Pick<ConsoleContext, "onBug">): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RetryLater && error.code !== "failed") return new Problem("unavailable");
  onBug(error, c.get("asked").requestId);
  return new Problem("failed");
}
