import { waitFor } from "@tamis/testkit";
import { parseLoggedMail } from "../dovecot-log.ts";
import { keyOf } from "../load-account.ts";
import type { LogTail } from "../log-tail.ts";
import { PROBE_FOLDER } from "./fault-mails.ts";

/** Reads Dovecot's log as it grows and knows what happened to each mail. */
export interface MailHistory {
  /** When this mail came to the probes' folder, epoch ms; undefined: not yet. */
  readonly probedAt: (key: number) => number | undefined;
  /** The log's lines about one mail, for a diagnosis. */
  readonly linesOf: (key: number) => readonly string[];
}

const MESSAGE_ID = /msgid=(<[^>]*>)/;

export function mailHistory(log: LogTail): MailHistory {
  const probes = new Map<number, number>();
  const lines = new Map<number, string[]>();
  const note = (line: string): void => {
    const key = keyOf(MESSAGE_ID.exec(line)?.[1] ?? "");
    if (key === undefined) return;
    const own = lines.get(key);
    if (own === undefined) lines.set(key, [line]);
    else own.push(line);
    const mail = parseLoggedMail(line);
    if (mail?.kind === "copy" && mail.folder === PROBE_FOLDER && !probes.has(key)) probes.set(key, mail.atMs);
  };
  const read = (): void => log.lines().forEach(note);
  return {
    probedAt: (key) => {
      read();
      return probes.get(key);
    },
    linesOf: (key) => {
      read();
      return lines.get(key) ?? [];
    },
  };
}

/** How a fault was survived: ms until the last account was served again; undefined when one was not within the deadline. */
export async function recoveryMs(
  history: MailHistory,
  keys: readonly number[],
  since: number,
  timeoutMs: number,
): Promise<number | undefined> {
  const done = await waitFor(() => keys.every((key) => history.probedAt(key) !== undefined), {
    timeoutMs,
    intervalMs: 20,
    describe: "the probes",
  }).catch(() => false);
  if (!done) return undefined;
  return Math.max(0, ...keys.map((key) => (history.probedAt(key) ?? since) - since));
}
