import { folderArgument, folderName, type ImapConnection, type ImapLine, openImap } from "./imap-connection.ts";

/** One mail as a test wants to see it. */
export type ListedMail = {
  readonly folder: string;
  readonly uid: number;
  /** Value of its Message-ID field, angle brackets included; empty when it has none. */
  readonly messageId: string;
  /** Without `\\Recent`, which belongs to a session. */
  readonly flags: readonly string[];
  readonly internalDate: Date;
};

/** Where and how `appendFast` stores. */
export type AppendOptions = {
  /** Default INBOX; created when it does not exist. */
  readonly folder?: string;
  /** INTERNALDATE of the mails; default now. */
  readonly internalDate?: Date;
  readonly flags?: readonly string[];
};

/** What a test does to mailboxes behind the tested program's back. */
export type MailboxAccess = {
  /** Stores mails at thousands per second (MULTIAPPEND, RFC 3502). */
  readonly appendFast: (user: string, raw: ReadonlyArray<Buffer | string>, options?: AppendOptions) => Promise<void>;
  /** Every mail of every folder, in the order of folders and UIDs. */
  readonly listAll: (user: string) => Promise<ListedMail[]>;
  /** The raw mail. @throws Error when it is not there */
  readonly readMail: (user: string, folder: string, uid: number) => Promise<Buffer>;
  readonly createFolder: (user: string, folder: string) => Promise<void>;
  readonly uidValidity: (user: string, folder: string) => Promise<number>;
};

const BATCH_MAILS = 100;
const BATCH_BYTES = 4_000_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FETCHED = /^\* \d+ FETCH \((.*)$/;

/** RFC 3501 §9, `date-time`, in UTC. */
function dateTime(at: Date): string {
  const [day, time] = [String(at.getUTCDate()).padStart(2, " "), at.toISOString().slice(11, 19)];
  return `"${day}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${time} +0000"`;
}

const parseDateTime = (text: string): Date => new Date(text.trim().replace(/^(\d+)-(\w+)-(\d+)/, "$1 $2 $3"));

/** Cuts mails into commands that a server takes at once. */
function* batches(raw: ReadonlyArray<Buffer | string>): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let size = 0;
  for (const mail of raw) {
    const bytes = typeof mail === "string" ? Buffer.from(mail) : mail;
    if (batch.length > 0 && (batch.length === BATCH_MAILS || size + bytes.length > BATCH_BYTES)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(bytes);
    size += bytes.length;
  }
  if (batch.length > 0) yield batch;
}

async function createMissing(imap: ImapConnection, folder: string): Promise<void> {
  await imap.command(`CREATE ${folderArgument(folder)}`).catch((error: unknown) => {
    if (!String(error).includes("[ALREADYEXISTS]")) throw error;
  });
}

async function append(
  imap: ImapConnection,
  raw: ReadonlyArray<Buffer | string>,
  options: AppendOptions,
): Promise<void> {
  const folder = options.folder ?? "INBOX";
  if (folder.toUpperCase() !== "INBOX") await createMissing(imap, folder);
  const before = ` (${(options.flags ?? []).join(" ")}) ${options.internalDate ? `${dateTime(options.internalDate)} ` : ""}`;
  for (const batch of batches(raw)) {
    await imap.command(`APPEND ${folderArgument(folder)}`, ...batch.flatMap((mail) => [before, mail]));
  }
}

/** A quoted or literal string at the end of a LIST line, before STATUS was asked for. */
function listedFolder({ text, literals }: ImapLine): string | undefined {
  const match = /^\* LIST \(([^)]*)\) (?:"[^"]*"|NIL) (.*)$/.exec(text);
  if (!match || /\\(Noselect|NonExistent)/i.test(match[1] ?? "")) return undefined;
  const name = match[2] ?? "";
  if (name === "{}") return folderName(literals[0]?.toString("latin1") ?? "");
  return folderName(name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/g, "$1") : name);
}

function listedMail(folder: string, { text, literals }: ImapLine): ListedMail | undefined {
  const fetched = FETCHED.exec(text)?.[1];
  if (fetched === undefined) return undefined;
  const header = literals[0]?.toString("latin1") ?? "";
  return {
    folder,
    uid: Number(/\bUID (\d+)/.exec(fetched)?.[1]),
    messageId: header.replace(/^message-id:/i, "").trim(),
    flags: (/FLAGS \(([^)]*)\)/.exec(fetched)?.[1] ?? "")
      .split(" ")
      .filter((flag) => flag !== "" && flag !== "\\Recent"),
    internalDate: parseDateTime(/INTERNALDATE "([^"]*)"/.exec(fetched)?.[1] ?? ""),
  };
}

async function listFolder(imap: ImapConnection, folder: string): Promise<ListedMail[]> {
  const { untagged } = await imap.command(`EXAMINE ${folderArgument(folder)}`);
  if (untagged.some(({ text }) => text === "* 0 EXISTS")) return [];
  const answer = await imap.command("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
  return answer.untagged.map((line) => listedMail(folder, line)).filter((mail) => mail !== undefined);
}

async function listEverything(imap: ImapConnection): Promise<ListedMail[]> {
  const { untagged } = await imap.command('LIST "" "*"');
  const mails: ListedMail[] = [];
  for (const folder of untagged.map(listedFolder).filter((name) => name !== undefined)) {
    mails.push(...(await listFolder(imap, folder)));
  }
  return mails;
}

/** Access to the mailboxes of a server on a loopback port; every call signs in and out. */
export function mailboxAccess(port: number, password: string): MailboxAccess {
  const during = async <T>(user: string, work: (imap: ImapConnection) => Promise<T>): Promise<T> => {
    const imap = await openImap(port, user, password);
    try {
      return await work(imap);
    } finally {
      imap.close();
    }
  };
  return {
    appendFast: (user, raw, options = {}) => during(user, (imap) => append(imap, raw, options)),
    listAll: (user) => during(user, listEverything),
    readMail: (user, folder, uid) =>
      during(user, async (imap) => {
        await imap.command(`EXAMINE ${folderArgument(folder)}`);
        const { untagged } = await imap.command(`UID FETCH ${uid} BODY.PEEK[]`);
        const raw = untagged.find(({ text }) => text.includes("BODY[]"))?.literals[0];
        if (!raw) throw new Error(`no mail with UID ${uid} in ${folder}`);
        return raw;
      }),
    createFolder: (user, folder) => during(user, (imap) => createMissing(imap, folder)),
    uidValidity: (user, folder) =>
      during(user, async (imap) => {
        const { untagged } = await imap.command(`STATUS ${folderArgument(folder)} (UIDVALIDITY)`);
        return Number(/UIDVALIDITY (\d+)/.exec(untagged.map(({ text }) => text).join("\n"))?.[1]);
      }),
  };
}
