import { headerFieldOf } from "./fingerprint.ts";

/** The header field that a mail stored anew is found by, first of its header. */
export const MARKER_FIELD = "X-Tamis-Rewritten";
const FIELD = /\nx-tamis-rewritten[ \t]*:/i;

/**
 * Which rewriting made a mail: the fingerprint and the UID of the original, the place in its plan, and 8 random hex digits
 * of the journal, which nobody who sends mail can know.
 */
export interface RewriteMarker {
  readonly original: string;
  readonly uid: number;
  readonly place: number;
  readonly nonce: string;
}

export function formatMarker({ original, uid, place, nonce }: RewriteMarker): string {
  return `${original}-${uid}-${place}-${nonce}`;
}

/** Of a mail's first bytes, or of the field alone; null where there is none. */
export function markerOf(bytes: Uint8Array): RewriteMarker | null {
  const match = /^([0-9a-f]{16})-(\d{1,10})-(\d{1,4})-([0-9a-f]{8})$/.exec(headerFieldOf(bytes, FIELD));
  const [, original = "", uid = "", place = "", nonce = ""] = match ?? [];
  return match === null ? null : { original, uid: Number(uid), place: Number(place), nonce };
}
