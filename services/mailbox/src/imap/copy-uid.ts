import { parseUidSet } from "./sequence-set.ts";

/** RFC 4315 §3 COPYUID: source UID → UID in the target. Empty where the server does not tell. */
export interface CopyResult {
  readonly uidValidity: number;
  readonly uids: ReadonlyMap<number, number>;
}

/** The same while several answers are read into it. */
interface CopyResultDraft extends CopyResult {
  uidValidity: number;
  readonly uids: Map<number, number>;
}

/** Adds the three arguments of one COPYUID. What is missing or no UID is left out. */
export function readCopyUid(args: readonly string[], result: CopyResultDraft): void {
  const [uidValidity = "", from = "", to = ""] = args;
  const target = parseUidSet(to);
  result.uidValidity = Number(uidValidity) || 0;
  for (const [i, uid] of parseUidSet(from).entries()) {
    const there = target[i];
    if (there !== undefined) result.uids.set(uid, there);
  }
}
