import { type ReceiptState, receiptState, type SendingState, sendingState } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseMoment } from "./moment.ts";
import type { Surroundings } from "./surroundings.ts";

/** The moment that an option names, epoch ms; a {@link CommandFailure} with exit code 2 where it is none. */
export function momentOf(text: string, io: Surroundings): number {
  const moment = parseMoment(text, Date.now());
  if (moment === null) throw new CommandFailure(io.say("usage.not-a-moment", { text }), exitCode.usage);
  return moment;
}

/** A whole number from 1 on. */
export function countOf(text: string, io: Surroundings): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new CommandFailure(io.say("usage.not-a-number", { text }), exitCode.usage);
  return count;
}

/** A state of what leaves. */
export function stateOf(text: string, io: Surroundings): SendingState {
  const parsed = sendingState.safeParse(text);
  if (parsed.success) return parsed.data;
  const states = sendingState.options.join(", ");
  throw new CommandFailure(io.say("outbox.bad-state", { text, states }), exitCode.usage);
}

/** What is known of a recipient. */
export function receiptStateOf(text: string, io: Surroundings): ReceiptState {
  const parsed = receiptState.safeParse(text);
  if (parsed.success) return parsed.data;
  const states = receiptState.options.join(", ");
  throw new CommandFailure(io.say("receipts.bad-state", { text, states }), exitCode.usage);
}
