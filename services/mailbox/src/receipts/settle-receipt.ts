import {
  folderIdOf,
  type MailboxAnswer,
  type MailboxAsk,
  MDN_SENT,
  parseMailId,
  RECEIPT_ASKED,
  RECEIPT_CLAIMED,
  RECEIPT_DENIED,
  RECEIPT_GRANTED,
} from "@tamis/contracts";
import type { AccountMemory } from "../account-memory.ts";
import { fetchedMail } from "../imap/fetched-mail.ts";
import type { ImapSession } from "../imap/imap-session.ts";
import { asText, type FetchItems } from "../imap/response-values.ts";
import { ServerRefused, unlessRefused } from "../imap/server-refused.ts";
import { storeUnchanged } from "../imap/store-unchanged.ts";
import { inFolder } from "../in-folder.ts";
import type { InboxView } from "../inbox-view.ts";
import { knownMails } from "../known-mails.ts";
import { receiptMeansOf } from "./receipt-means.ts";

type Ask = Extract<MailboxAsk, { readonly op: "settle-receipt" }>;
type Answer = Extract<MailboxAnswer, { readonly kind: "receipt" }>;

/** What goes back to whoever asked (RFC 8098 §3), and nothing that tells of the ways inside: at most so many octets. */
const RETURNED =
  "[HEADER.FIELDS (DATE FROM TO CC SUBJECT MESSAGE-ID IN-REPLY-TO DISPOSITION-NOTIFICATION-TO)]<0.16384>";
/** Another program may change a flag at the same moment. */
const TRIES = 5;

const told = (result: Answer["result"]): Answer => ({ kind: "receipt", result });

/**
 * Settles the disposition of a mail: who sets `$MDNSent` by a conditional STORE is the one who may answer (RFC 3503 §3). Beside it stands a
 * keyword of ours where that was in order to send, so that whoever asks again, after a crash, hears `settled` again.
 */
export async function settleReceipt(view: InboxView, memory: AccountMemory, ask: Ask): Promise<MailboxAnswer> {
  memory.store.assertLease();
  const { session, folders } = view;
  if (memory.account.mode === "observe") return { kind: "refused", reason: "the account is only observed" };
  // It was declared to have a program that answers, meanwhile.
  if (memory.account.receipts === undefined) return told("elsewhere");
  if (!session.hasModSeqs) return told("no-condstore");
  const here = await settleIn(view, memory, { ask, name: ask.folder });
  if (here !== null) return here;
  for (const name of ask.messageId === undefined ? [] : await folders.all()) {
    const found = name === ask.folder ? null : await settleIn(view, memory, { ask, name });
    if (found !== null) return found;
  }
  return told("gone");
}

/** Null where the mail is not in the folder, or the folder is not there. */
async function settleIn(
  { session }: InboxView,
  memory: AccountMemory,
  { ask, name }: { readonly ask: Ask; readonly name: string },
): Promise<Answer | null> {
  let isOpen = false;
  try {
    return await inFolder(session, memory, { name, readOnly: false }, async ({ uidValidity }) => {
      isOpen = true;
      const uid = await uidOf(session, ask, { name, uidValidity });
      return uid === null ? null : await settle(session, memory, { uid, outcome: ask.outcome });
    });
  } catch (error) {
    if (isOpen || !(error instanceof ServerRefused) || error.isPassing) throw error;
    return null;
  }
}

/** By the UID it was told of with, else by its Message-ID; the fingerprint must be the same. */
async function uidOf(
  session: ImapSession,
  { mailId, fingerprint, messageId }: Ask,
  { name, uidValidity }: { readonly name: string; readonly uidValidity: number },
): Promise<number | null> {
  const key = parseMailId(mailId);
  const isNamed = key !== null && key.folderId === folderIdOf(name) && key.uidValidity === uidValidity;
  if (isNamed) await session.know(key.uid);
  const left = /^<([!#-?A-[\]-~]+)@/.exec(messageId ?? "")?.[1];
  const searches = [
    ...(isNamed ? [`UID ${key.uid}`] : []),
    ...(left === undefined ? [] : [`HEADER Message-ID "${left}@"`]),
  ];
  for (const criteria of searches) {
    const found = (await knownMails(session, criteria)).find((mail) => mail.fingerprint === fingerprint);
    if (found !== undefined) return found.uid;
  }
  return null;
}

interface Settling {
  readonly uid: number;
  readonly outcome: Ask["outcome"];
}

async function settle(session: ImapSession, memory: AccountMemory, settling: Settling): Promise<Answer | null> {
  const means = receiptMeansOf(session);
  if (means !== "yes") return told(means);
  let last: "changed" | "unmarked" = "changed";
  for (let tries = 0; tries < TRIES; tries++) {
    const mail = await look(session, settling.uid);
    if (mail === null) return null;
    if (mail.modSeq === "") return told("no-condstore");
    const answer = has(mail.flags, MDN_SENT)
      ? await alreadySettled(session, settling, mail)
      : await mark(session, memory, { ...settling, mail });
    if (answer !== "changed" && answer !== "unmarked") return answer;
    last = answer;
  }
  if (last === "unmarked") return told("no-keywords");
  throw new ServerRefused("UID STORE", { status: "NO", code: "INUSE", codeText: "", text: "" });
}

/** By us, in an attempt whose answer was lost, or by another program. */
async function alreadySettled(session: ImapSession, { uid, outcome }: Settling, mail: Looked): Promise<Answer> {
  if (outcome === "sent" && !has(mail.flags, RECEIPT_CLAIMED)) return told("elsewhere");
  await tidy(session, { uid, flags: mail.flags });
  return settled(outcome, mail.header);
}

/** Null where the mail went away meanwhile; `unmarked`: the server took it, and the marks are not there. */
async function mark(
  session: ImapSession,
  memory: AccountMemory,
  { uid, outcome, mail }: Settling & { readonly mail: Looked },
): Promise<Answer | "changed" | "unmarked" | null> {
  const flags = outcome === "sent" ? [MDN_SENT, RECEIPT_CLAIMED] : [MDN_SENT];
  memory.store.assertLease();
  if (!(await storeUnchanged(session, { uid, modSeq: mail.modSeq, flags }))) return "changed";
  const after = await look(session, uid);
  if (after === null) return null;
  // Servers may keep fewer keywords than they promise: then nobody would know that it is settled. QUIRK: or leave out a mail that was changed
  // and say nothing of it, where RFC 7162 §3.1.3 wants MODIFIED: then it is looked at again.
  if (!flags.every((flag) => has(after.flags, flag)))
    return has(after.flags, MDN_SENT) || after.modSeq !== mail.modSeq ? "unmarked" : told("no-keywords");
  await tidy(session, { uid, flags: after.flags });
  return settled(outcome, mail.header);
}

const settled = (outcome: Ask["outcome"], header: Buffer): Answer => ({
  ...told("settled"),
  ...(outcome === "sent" ? { header: header.toString("base64") } : {}),
});

interface Looked {
  readonly flags: readonly string[];
  /** Empty where the folder has no mod-sequences (RFC 7162 §3.1.2.2). */
  readonly modSeq: string;
  readonly header: Buffer;
}

async function look(session: ImapSession, uid: number): Promise<Looked | null> {
  const found: Looked[] = [];
  await session.fetchItems(`${uid}`, `FLAGS MODSEQ RFC822.SIZE BODY.PEEK${RETURNED}`, (items) =>
    found.push({ flags: fetchedMail(items).flags, modSeq: modSeqIn(items), header: fetchedMail(items).bytes }),
  );
  return found.at(-1) ?? null;
}

function modSeqIn(items: FetchItems): string {
  const told = items.get("MODSEQ");
  const text = Array.isArray(told) ? asText(told[0]) : "";
  return /^\d+$/.test(text) ? text : "";
}

const has = (flags: readonly string[], wanted: string): boolean =>
  flags.some((flag) => flag.toLowerCase() === wanted.toLowerCase());

/** Nothing is asked of its owner any more. */
async function tidy(session: ImapSession, { uid, flags }: { readonly uid: number; readonly flags: readonly string[] }) {
  const over = [RECEIPT_ASKED, RECEIPT_GRANTED, RECEIPT_DENIED].filter((keyword) => has(flags, keyword));
  if (over.length > 0) await unlessRefused(() => session.store([uid], "-", over));
}
