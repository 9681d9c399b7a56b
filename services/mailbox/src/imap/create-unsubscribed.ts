import type { ImapSession } from "./imap-session.ts";
import { quotedName } from "./quoted-name.ts";
import { ServerRefused } from "./server-refused.ts";

/** CREATE without SUBSCRIBE (RFC 9051 §6.3.4): programs that show what is subscribed show no such folder. One that is there is fine. */
export async function createUnsubscribed(session: ImapSession, name: string): Promise<void> {
  if ((await session.status(name)) !== null) return;
  try {
    await session.command(`CREATE ${quotedName(name)}`);
  } catch (error) {
    // Made by somebody else at the same moment.
    if (!(error instanceof ServerRefused) || (await session.status(name)) === null) throw error;
  }
}
