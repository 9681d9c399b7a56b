import { headerFieldOf } from "./fingerprint.ts";

/** The header field that a mail stored anew is found by, first of its header. */
export const MARKER_FIELD = "X-Tamis-Rewritten";
const FIELD = /\nx-tamis-rewritten[ \t]*:/i;

/**
 * Which rewriting made a mail: the fingerprint of the original, the place in its plan, and 8 random hex digits of the
 * journal, which nobody who sends mail can know.
 */
export interface RewriteMarker {
  readonly original: string;
  readonly place: number;
  readonly nonce: string;
}

export function formatMarker({ original, place, nonce }: RewriteMarker): string {
  return `${original}-${place}-${nonce}`;
}

/** Of a mail's first bytes, or of the field alone; null where there is none. */
export function markerOf(bytes: Uint8Array): RewriteMarker | null {
  const match = /^([0-9a-f]{16})-(\d{1,4})-([0-9a-f]{8})$/.exec(headerFieldOf(bytes, FIELD));
  const [, original = "", place = "", nonce = ""] = match ?? [];
  return match === null ? null : { original, place: Number(place), nonce };
}
