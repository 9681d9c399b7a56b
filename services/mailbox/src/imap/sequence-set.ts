/** Ascending, unique UIDs as an RFC 9051 §9 sequence-set: `1:4,7`. */
export function formatUidSet(uids: readonly number[]): string {
  const ranges: string[] = [];
  let first = uids[0];
  let last = first;
  if (first === undefined || last === undefined) return "";
  for (const uid of uids.slice(1)) {
    if (uid !== last + 1) {
      ranges.push(first === last ? `${first}` : `${first}:${last}`);
      first = uid;
    }
    last = uid;
  }
  ranges.push(first === last ? `${first}` : `${first}:${last}`);
  return ranges.join(",");
}

/** The UIDs of a uid-set as a server writes it in COPYUID (RFC 4315 §3); at most `limit` of them, so that no answer can exhaust memory. */
export function parseUidSet(text: string, limit = 1_000_000): number[] {
  const uids: number[] = [];
  for (const part of text.split(",")) {
    const [from = 0, to = from] = part.split(":").map(Number);
    if (!isUid(from) || !isUid(to)) continue;
    const step = to < from ? -1 : 1;
    for (let uid = from; uids.length < limit; uid += step) {
      uids.push(uid);
      if (uid === to) break;
    }
  }
  return uids;
}

/** Whether a UID is one of a set that was asked for; `5:*` may be answered with any (RFC 9051 §9: the last one, though below 5). */
export function uidMatcher(set: string): (uid: number) => boolean {
  if (set.includes("*")) return () => true;
  const ranges = set.split(",").map((range) => range.split(":").map(Number));
  return (uid) => ranges.some(([from = 0, to = from]) => uid >= from && uid <= to);
}

/** RFC 9051 §9 nz-number. */
function isUid(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0xffff_ffff;
}

/** Splits ascending UIDs so that each set stays below `maxLength` characters (RFC 7162 §4: lines of 8192 octets). */
export function splitUidSets(
  uids: readonly number[],
  maxLength = 7_000,
): { readonly uids: readonly number[]; readonly set: string }[] {
  const set = formatUidSet(uids);
  if (set.length <= maxLength || uids.length < 2) return uids.length === 0 ? [] : [{ uids, set }];
  const middle = uids.length >> 1;
  return [...splitUidSets(uids.slice(0, middle), maxLength), ...splitUidSets(uids.slice(middle), maxLength)];
}
