import type { DoorImapSettings } from "@tamis/kit";
import { imapCheck } from "./imap-check.ts";
import type { DoorsSettings } from "./section.ts";

/** What a doctor sees of the IMAP server that checks passwords. */
export interface ImapLook {
  /** `host:port`. */
  readonly where: string;
  readonly answers: boolean;
  /** Whether it takes OAUTHBEARER. */
  readonly takesTokens: boolean;
  /** Why it does not answer; "" where it does. */
  readonly code: string;
}

/** Connects to it once, and signs nobody in. */
export async function lookAtImap(settings: {
  readonly imap: DoorImapSettings;
  readonly doors: Pick<DoorsSettings, "timeout_ms">;
}): Promise<ImapLook> {
  const { imap, doors } = settings;
  let code = "";
  const check = imapCheck(imap, {
    timeoutMs: doors.timeout_ms,
    onTrouble: (trouble) => {
      code = trouble.code;
    },
  });
  const answers = await check.probe();
  return { where: `${imap.host}:${imap.port}`, answers, takesTokens: check.takesTokens, code };
}
