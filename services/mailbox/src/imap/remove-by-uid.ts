import type { ImapSession } from "./imap-session.ts";
import { unlessRefused } from "./server-refused.ts";

/**
 * RFC 4315 §2.1: \Deleted and UID EXPUNGE, of these ascending UIDs of the selected folder alone. Those that stay all the
 * same are the answer; they lose \Deleted again, since some mail programs would hide them. `assertLease` throws where
 * nothing may be changed any more.
 */
export async function removeByUid(
  session: ImapSession,
  uids: readonly number[],
  assertLease: () => void,
): Promise<readonly number[]> {
  const unmark = async (marked: readonly number[]): Promise<void> => {
    if (marked.length === 0) return;
    assertLease();
    await unlessRefused(() => session.store(marked, "-", ["\\Deleted"]));
  };
  assertLease();
  await session.store(uids, "+", ["\\Deleted"]);
  assertLease();
  try {
    await session.uidExpunge(uids);
  } catch (error) {
    await unmark(uids);
    throw error;
  }
  const there = new Set(await session.search(`UID ${uids[0]}:${uids.at(-1)}`));
  const left = uids.filter((uid) => there.has(uid));
  await unmark(left);
  return left;
}
