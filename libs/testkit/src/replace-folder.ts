import { folderArgument, type ImapConnection, openImap } from "./imap-connection.ts";

/** Ways in which a folder's UIDs lose their meaning. */
export type FolderReplacement = {
  /** Gives a folder another UIDVALIDITY; UIDs and mails stay. Sessions that have it selected are thrown out. */
  readonly setUidValidity: (user: string, folder: string, value?: number) => Promise<number>;
  /**
   * Replaces a folder as a restore from a backup does: the same mails in reverse order under new UIDs and a new
   * UIDVALIDITY. No mail is ever in two places. Returns the new UIDVALIDITY.
   */
  readonly replaceFolder: (user: string, folder: string) => Promise<number>;
};

type Access = {
  readonly port: number;
  readonly password: string;
  readonly doveadm: (...args: readonly string[]) => Promise<string>;
};

const ASIDE = "replaced-by-testkit";

async function uidValidityOf(imap: ImapConnection, folder: string): Promise<number> {
  const { untagged } = await imap.command(`STATUS ${folderArgument(folder)} (UIDVALIDITY)`);
  return Number(/UIDVALIDITY (\d+)/.exec(untagged.map(({ text }) => text).join("\n"))?.[1]);
}

async function uidsOf(imap: ImapConnection, folder: string): Promise<number[]> {
  await imap.command(`SELECT ${folderArgument(folder)}`);
  const { untagged } = await imap.command("UID SEARCH ALL");
  return untagged.flatMap(({ text }) => (text.startsWith("* SEARCH") ? (text.match(/\d+/g) ?? []) : [])).map(Number);
}

/** Adds the two calls to a server. */
export function folderReplacement({ port, password, doveadm }: Access): FolderReplacement {
  const during = async <T>(user: string, work: (imap: ImapConnection) => Promise<T>): Promise<T> => {
    const imap = await openImap(port, user, password);
    try {
      return await work(imap);
    } finally {
      imap.close();
    }
  };
  const setUidValidity: FolderReplacement["setUidValidity"] = async (user, folder, value) => {
    const wanted = value ?? (await during(user, (imap) => uidValidityOf(imap, folder))) + 1;
    await doveadm("mailbox", "update", "-u", user, "--uid-validity", String(wanted), folder);
    return wanted;
  };
  const moveAside = async (imap: ImapConnection, folder: string): Promise<void> => {
    await imap.command(`CREATE ${folderArgument(ASIDE)}`);
    if ((await uidsOf(imap, folder)).length > 0) await imap.command(`UID MOVE 1:* ${folderArgument(ASIDE)}`);
    await imap.command("CLOSE");
  };
  const moveBack = async (imap: ImapConnection, folder: string): Promise<void> => {
    for (const uid of (await uidsOf(imap, ASIDE)).reverse()) {
      await imap.command(`UID MOVE ${uid} ${folderArgument(folder)}`);
    }
    await imap.command("CLOSE");
    await imap.command(`DELETE ${folderArgument(ASIDE)}`);
  };
  return {
    setUidValidity,
    replaceFolder: async (user, folder) => {
      await during(user, (imap) => moveAside(imap, folder));
      const value = await setUidValidity(user, folder);
      await during(user, (imap) => moveBack(imap, folder));
      return value;
    },
  };
}
