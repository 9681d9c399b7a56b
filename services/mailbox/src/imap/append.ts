import { guarded } from "./change-guard.ts";
import type { ImapSession } from "./imap-session.ts";
import { formatInternalDate } from "./internal-date.ts";
import { quotedName } from "./quoted-name.ts";

/** A mail as it is to be stored. */
export interface AppendedMail {
  readonly raw: Uint8Array;
  readonly flags: readonly string[];
  /** Epoch ms; 0 = now, by the server's clock. */
  readonly internalDate: number;
}

/**
 * RFC 9051 §6.3.12 APPEND. The UID there, by APPENDUID (RFC 4315 §3); null where the server does not tell. Throws
 * {@link ServerRefused}: then nothing is stored.
 */
export async function append(session: ImapSession, mailbox: string, mail: AppendedMail): Promise<number | null> {
  const date = mail.internalDate === 0 ? "" : ` "${formatInternalDate(mail.internalDate)}"`;
  const text = `APPEND ${quotedName(mailbox)} (${mail.flags.join(" ")})${date} {${mail.raw.length}}`;
  const uid = await guarded(session.guard?.appending(mailbox, mail), async () => {
    const { code, codeText } = await session.command(text, undefined, mail.raw);
    return code === "APPENDUID" ? Number(codeText.split(" ")[1]) : 0;
  });
  return Number.isInteger(uid) && uid > 0 ? uid : null;
}
