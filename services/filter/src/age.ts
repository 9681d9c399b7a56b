import { type Message, parseDate } from "@tamis/message";

/** When the mail came, as its server says twice: INTERNALDATE, and the date of the topmost Received (RFC 5321 §4.4). */
export interface Arrival {
  /** Epoch ms. */
  readonly internalDate: number;
  /** Epoch ms. */
  readonly now: number;
  readonly maxAgeMs: number;
}

/**
 * Whether the mail came just now. An outage, a restore or a move between servers brings back old mail, with a new INTERNALDATE or
 * an old one: nobody is answered because of it. A mail without Received was put there by its owner.
 */
export function isFresh(message: Message, { internalDate, now, maxAgeMs }: Arrival): boolean {
  const received = message.headers("received")[0]?.raw() ?? "";
  const date = parseDate(received.slice(received.lastIndexOf(";") + 1));
  if (date === null) return false;
  return now - internalDate < maxAgeMs && now - date.time < maxAgeMs;
}
