import type { ImapSession } from "./imap-session.ts";
import { quotedName } from "./quoted-name.ts";
import { ServerRefused } from "./server-refused.ts";

/**
 * RFC 5465 §3.1: from now on the server tells what happens in these folders, as STATUS responses, and in the selected one as it
 * always did. The events of a folder go together (§5). False where it refuses. `isAgain`: it was asked before.
 */
export async function notifyOf(session: ImapSession, folders: readonly string[], isAgain: boolean): Promise<boolean> {
  const events = "(MessageNew MessageExpunge FlagChange)";
  const names = folders.map((name) => quotedName(name)).join(" ");
  try {
    // QUIRK: after a second NOTIFY SET Dovecot 2.3 tells of no other folder any more, unless there was a NONE between them.
    if (isAgain) await session.command("NOTIFY NONE");
    await session.command(`NOTIFY SET (selected-delayed ${events}) (mailboxes (${names}) ${events})`);
    return true;
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
    return false;
  }
}
