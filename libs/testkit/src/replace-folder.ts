import { join } from "node:path";
import { folderArgument, type ImapConnection, openImap } from "./imap-connection.ts";

/** Ways in which a folder's UIDs lose their meaning. */
export type FolderReplacement = {
  /**
   * Gives a folder another UIDVALIDITY (default: the next number) and returns it; UIDs and mails stay.
   * Sessions that have it selected are thrown out as soon as Dovecot looks at it, at the latest at the next delivery.
   */
  readonly setUidValidity: (user: string, folder: string, value?: number) => Promise<number>;
  /**
   * Replaces a folder as a restore from a backup does: the same mails in reverse order, UIDs from 1 again, a new
   * UIDVALIDITY, which it returns. While it works the mails are in the folder `replaced-by-testkit`, never in two.
   */
  readonly replaceFolder: (user: string, folder: string) => Promise<number>;
};

type Access = {
  readonly port: number;
  readonly password: string;
  /** Folder of Dovecot's mail, with `DOMAIN/NAME` for each user. */
  readonly mailDir: string;
  /** Runs a program where Dovecot runs. */
  readonly exec: (command: readonly string[]) => Promise<string>;
  readonly doveadm: (...args: readonly string[]) => Promise<string>;
};

const ASIDE = "replaced-by-testkit";
/** What holds the UIDs of a Maildir++ INBOX; without them Dovecot numbers its mails anew. */
const MAILDIR_UID_FILES = ["dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"];

async function uidValidityOf(imap: ImapConnection, folder: string): Promise<number> {
  const { untagged } = await imap.command(`STATUS ${folderArgument(folder)} (UIDVALIDITY)`);
  return Number(/UIDVALIDITY (\d+)/.exec(untagged.map(({ text }) => text).join("\n"))?.[1]);
}

async function uidsOf(imap: ImapConnection, folder: string): Promise<number[]> {
  await imap.command(`SELECT ${folderArgument(folder)}`);
  const { untagged } = await imap.command("UID SEARCH ALL");
  return untagged.flatMap(({ text }) => (text.startsWith("* SEARCH") ? (text.match(/\d+/g) ?? []) : [])).map(Number);
}

async function moveBack(imap: ImapConnection, folder: string): Promise<void> {
  for (const uid of (await uidsOf(imap, ASIDE)).reverse()) {
    await imap.command(`UID MOVE ${uid} ${folderArgument(folder)}`);
  }
  await imap.command("CLOSE");
  await imap.command(`DELETE ${folderArgument(ASIDE)}`);
}

/** Dovecot renames no INBOX that is a Maildir: its mails are moved and its numbering removed. */
async function emptyMaildirInbox(imap: ImapConnection, user: string, { mailDir, exec }: Access): Promise<void> {
  await imap.command(`CREATE ${folderArgument(ASIDE)}`);
  if ((await uidsOf(imap, "INBOX")).length > 0) await imap.command(`UID MOVE 1:* ${folderArgument(ASIDE)}`);
  await imap.command("CLOSE");
  const [name = "", domain = ""] = user.toLowerCase().split("@");
  await exec(["rm", "-f", ...MAILDIR_UID_FILES.map((file) => join(mailDir, domain, name, "Maildir", file))]);
}

async function setAside(imap: ImapConnection, user: string, folder: string, access: Access): Promise<void> {
  const isInbox = folder.toUpperCase() === "INBOX";
  try {
    await imap.command(`RENAME ${folderArgument(folder)} ${folderArgument(ASIDE)}`);
  } catch (error) {
    if (!isInbox || !String(error).includes("[CANNOT]")) throw error;
    await emptyMaildirInbox(imap, user, access);
  }
  // A renamed INBOX is there again at once (RFC 3501 §6.3.5).
  if (!isInbox) await imap.command(`CREATE ${folderArgument(folder)}`);
}

/** A session that looks at files which are gone would stay confused for ever. Hibernated ones find out as they wake. */
async function endSessions(user: string, doveadm: Access["doveadm"]): Promise<void> {
  await doveadm("kick", user).catch((error: unknown) => {
    if (!String(error).includes("no users kicked")) throw error;
  });
}

/** Adds the two calls to a server. */
export function folderReplacement(access: Access): FolderReplacement {
  const { port, password, doveadm } = access;
  const during = async <T>(user: string, work: (imap: ImapConnection) => Promise<T>): Promise<T> => {
    const imap = await openImap(port, user, password);
    try {
      return await work(imap);
    } finally {
      imap.close();
    }
  };
  return {
    setUidValidity: async (user, folder, value) => {
      const wanted = value ?? (await during(user, (imap) => uidValidityOf(imap, folder))) + 1;
      await doveadm("mailbox", "update", "-u", user, "--uid-validity", String(wanted), folder);
      return wanted;
    },
    replaceFolder: async (user, folder) => {
      await during(user, (imap) => setAside(imap, user, folder, access));
      await endSessions(user, doveadm);
      return during(user, async (imap) => {
        await moveBack(imap, folder);
        return uidValidityOf(imap, folder);
      });
    },
  };
}
