import {
  folderIdOf,
  formatMailId,
  HEADER_MAX_BYTES,
  type MailboxAnswer,
  type MailboxAsk,
  parseMailId,
  type Reads,
} from "@tamis/contracts";
import type { AccountWorker } from "./account-worker.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { knownMails, since } from "./known-mails.ts";
import { newestMails } from "./newest-mails.ts";

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;
type Found = Extract<MailboxAnswer, { readonly kind: "found" }>["mails"][number];
type Header = Extract<MailboxAnswer, { readonly kind: "headers" }>["mails"][number];

const SHOWN_SECTION = `[HEADER.FIELDS (FROM SUBJECT DATE)]<0.${HEADER_MAX_BYTES}>`;

/** Publishes the newest stored mails for a run of rules; the answer tells how many, the rest comes as facts with the run's id. */
export async function beginRun(
  { session, folders }: InboxView,
  worker: AccountWorker,
  ask: Ask<"run-rules">,
): Promise<MailboxAnswer> {
  const names = ask.folders ?? (await folders.ordinary());
  const found = await newestMails(session, worker.memory, {
    folders: names,
    last: ask.last,
    named: ask.folders !== undefined,
  });
  if (typeof found === "string")
    return { kind: "refused", reason: `there is no folder "${found}", or it must not be read` };
  const { memory } = worker;
  const isPreview = ask.purpose === "preview";
  for (const { folder, uids } of found) {
    memory.sorts.push({
      uids: [...uids],
      reads: moreOf(ask.reads, memory.reads),
      head: {
        purpose: ask.purpose,
        sortId: ask.runId,
        folder,
        ...(ask.draft === undefined ? {} : { draft: ask.draft }),
        ...(isPreview ? { mode: "observe", dryRun: true } : {}),
      },
    });
  }
  memory.bell.ring();
  return { kind: "done", mails: found.reduce((sum, { uids }) => sum + uids.length, 0) };
}

/** The wider of what two scripts read. */
function moreOf(one: Reads, other: Reads | "unknown"): Reads {
  if (other === "unknown") return "whole";
  const widths: readonly Reads[] = ["header", "texts", "whole"];
  return widths.indexOf(other) > widths.indexOf(one) ? other : one;
}

/** The header fields that name a mail to a person. */
export async function readHeaders(
  { session }: InboxView,
  { memory }: AccountWorker,
  ask: Ask<"headers">,
): Promise<MailboxAnswer> {
  const keys = ask.mailIds.map(parseMailId);
  const folderId = folderIdOf(ask.folder);
  const mails: Header[] = [];
  await inFolder(session, memory, { name: ask.folder, readOnly: true }, async ({ uidValidity }) => {
    const uids = keys
      .flatMap((key) => (key?.folderId === folderId && key.uidValidity === uidValidity ? [key.uid] : []))
      .sort((a, b) => a - b);
    for (const { set } of splitUidSets(uids)) {
      await session.fetch(set, SHOWN_SECTION, ({ uid, internalDate, bytes }) =>
        mails.push({
          mailId: formatMailId({ accountId: ask.accountId, folderId, uidValidity, uid }),
          internalDate,
          header: bytes.toString("base64"),
        }),
      );
    }
  });
  return { kind: "headers", mails };
}

/** Every place of the mail with this Message-ID, or those in the one folder that is asked for. */
export async function findMail(
  { session, folders }: InboxView,
  { memory }: AccountWorker,
  { accountId, messageId, folder, since: time = 0 }: Ask<"find">,
): Promise<MailboxAnswer> {
  if (!/^[\x21-\x7e]+$/.test(messageId)) return { kind: "refused", reason: "that is no Message-ID (RFC 5322 §3.6.4)" };
  const criteria = `HEADER MESSAGE-ID "${messageId.replace(/["\\]/g, "\\$&")}" ${since(time)}`;
  const mails: Found[] = [];
  for (const name of folder === undefined ? await folders.all() : [folder]) {
    try {
      await inFolder(session, memory, { name, readOnly: true }, async ({ uidValidity }) => {
        for (const { uid, fingerprint, internalDate } of await knownMails(session, criteria)) {
          const key = { accountId, folderId: folderIdOf(name), uidValidity, uid };
          mails.push({ mailId: formatMailId(key), folder: name, fingerprint, internalDate });
        }
      });
    } catch (error) {
      // A folder that its owner may list and not read.
      if (folder !== undefined || !(error instanceof ServerRefused) || error.isPassing) throw error;
    }
  }
  return { kind: "found", mails };
}
