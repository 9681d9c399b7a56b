import { guarded } from "./change-guard.ts";
import type { ImapSession } from "./imap-session.ts";
import { ServerRefused } from "./server-refused.ts";

/** Flags that one mail is to get, as long as its mod-sequence is this one. */
export interface UnchangedStore {
  readonly uid: number;
  /** A decimal number. */
  readonly modSeq: string;
  readonly flags: readonly string[];
}

/**
 * RFC 7162 §3.1.3: a conditional UID STORE +FLAGS. False where the mail was changed since, which the server tells by the code MODIFIED, in
 * an OK as well as in a NO. Throws {@link ServerRefused} on any other refusal.
 */
export async function storeUnchanged(session: ImapSession, { uid, modSeq, flags }: UnchangedStore): Promise<boolean> {
  try {
    await guarded(session.guard?.storing([uid], "+", flags), async (): Promise<true> => {
      const command = `UID STORE ${uid} (UNCHANGEDSINCE ${modSeq}) +FLAGS.SILENT (${flags.join(" ")})`;
      const tagged = await session.command(command);
      if (tagged.code === "MODIFIED") throw new ServerRefused("UID STORE", tagged);
      return true;
    });
    return true;
  } catch (error) {
    if (error instanceof ServerRefused && error.code === "MODIFIED") return false;
    throw error;
  }
}
