import { openImap } from "@tamis/testkit";
import { keyOf } from "./load-account.ts";
import { type RuleSet, ruleFor } from "./rule-sets.ts";

/** Where the bare client signs in. */
export interface BareLogin {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const UID = /\bUID (\d+)/;
const MESSAGE_ID = "\r\nMessage-ID: ";

/** The number of a mail of ours, from its bytes. */
function keyIn(raw: Buffer): number | undefined {
  const start = raw.indexOf(MESSAGE_ID);
  return start < 0
    ? undefined
    : keyOf(raw.toString("latin1", start + MESSAGE_ID.length, raw.indexOf("\r\n", start + 2)));
}

/**
 * The ceiling: what a sorter would reach that fetches every mail whole, knows at once where it goes, and moves with
 * one command per folder. It remembers nothing, publishes nothing, and loses its way at the first fault.
 */
export async function sortBare({ port, user, password }: BareLogin, rules: RuleSet): Promise<number> {
  const imap = await openImap(port, user, password);
  try {
    await imap.command("SELECT INBOX");
    const { untagged } = await imap.command("UID FETCH 1:* (UID BODY.PEEK[])");
    const folders = new Map<string, string[]>();
    for (const { text, literals } of untagged) {
      const key = literals[0] === undefined ? undefined : keyIn(literals[0]);
      const [uid, folder] = [UID.exec(text)?.[1], key === undefined ? undefined : ruleFor(rules, key)?.folder];
      if (uid === undefined || folder === undefined) continue;
      const set = folders.get(folder);
      if (set === undefined) folders.set(folder, [uid]);
      else set.push(uid);
    }
    for (const [folder, uids] of folders) {
      await imap.command(`CREATE "${folder}"`);
      await imap.command(`UID MOVE ${uids.join(",")} "${folder}"`);
    }
    return untagged.length;
  } finally {
    imap.close();
  }
}
