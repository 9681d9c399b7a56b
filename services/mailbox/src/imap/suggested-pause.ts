/** Exchange Online to who asks too much: "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds". */
const THROTTLED = /\bthrottled\b.*\bBackoff Time\b\D{0,3}(\d{1,9})/is;

/** Nobody is left alone for longer, whatever the server asks. */
const LONGEST_MS = 15 * 60_000;

/** For how long a server's refusal asks to be left alone, milliseconds; null where it does not. */
export function suggestedPause(text: string): number | null {
  const found = THROTTLED.exec(text);
  return found === null ? null : Math.min(LONGEST_MS, Number(found[1]));
}
