import { type AppliedMail, folderIdOf, formatMailId, isWakeKeyword, readWake, wakeKeyword } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { settle } from "./account-record.ts";
import { publishApplied } from "./facts.ts";
import { FINGERPRINT_SECTION } from "./fingerprint.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { type KnownMail, knownMail } from "./known-mails.ts";
import { now } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

interface Arrival extends KnownMail {
  readonly wakeKeywords: readonly string[];
  /** Epoch ms. */
  readonly until: number;
}

/**
 * Takes the keywords of waking from what was moved by a wake, which the record names, and settles it where it came to INBOX. They
 * go last: a mail without them that had not left yet would sleep for ever. What a wake that broke off did not tell is
 * told.
 */
export async function finishWaking(deps: WorkerDeps, memory: AccountMemory, view: InboxView): Promise<void> {
  const { record, store } = memory;
  const waking = record.snoozed?.waking;
  if (waking === undefined || record.snoozed === undefined) return;
  const keywords = waking.minutes.map(wakeKeyword);
  const told: AppliedMail[] = [];
  for (const mailbox of waking.mailboxes) {
    const arrivals = await finishIn(mailbox, keywords, memory, view);
    told.push(...arrivals.mails.map((mail) => woken(memory.accountId, { mailbox, ...arrivals }, mail)));
  }
  if (!waking.isTold && told.length > 0) {
    await publishApplied(deps.bus, memory.accountId, {}, told);
    deps.metrics.woken.add(told.length);
    deps.stats.woken += told.length;
  }
  const { waking: _, ...rest } = record.snoozed;
  record.snoozed = rest;
  await store.save(record);
}

interface Arrivals {
  readonly uidValidity: number;
  readonly mails: readonly Arrival[];
}

/** A folder that went away since has nothing to finish. */
async function finishIn(
  mailbox: string,
  keywords: readonly string[],
  memory: AccountMemory,
  view: InboxView,
): Promise<Arrivals> {
  const { session } = view;
  try {
    return await inFolder(session, memory, { name: mailbox, readOnly: false }, async ({ uidValidity }) => {
      const mails = await arrivalsWith(keywords, memory, { view, isInInbox: isInbox(mailbox) });
      for (const [words, group] of Map.groupBy(mails, (mail) => mail.wakeKeywords.join(" "))) {
        memory.store.assertLease();
        await session.store(
          group.map(({ uid }) => uid),
          "-",
          words.split(" "),
        );
      }
      if (isInbox(mailbox)) for (const mail of mails) settleThere(memory, mail);
      return { uidValidity, mails };
    });
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.isPassing) throw error;
    return { uidValidity: 0, mails: [] };
  }
}

/** Of the selected folder. In INBOX mail that is only about to sleep has the keywords too: it is not known yet. */
async function arrivalsWith(
  keywords: readonly string[],
  { record }: AccountMemory,
  { view: { session }, isInInbox }: { readonly view: InboxView; readonly isInInbox: boolean },
): Promise<readonly Arrival[]> {
  const uids = new Set<number>();
  for (const keyword of keywords) for (const uid of await session.search(`KEYWORD ${keyword}`)) uids.add(uid);
  const mails: Arrival[] = [];
  if (uids.size === 0) return mails;
  await session.fetch(formatUidSet([...uids].sort((a, b) => a - b)), FINGERPRINT_SECTION, (mail) => {
    const known = knownMail(mail);
    const until = readWake(mail.flags)?.until ?? 0;
    if (!isInInbox || record.prints.has(known.fingerprint))
      mails.push({ ...known, until, wakeKeywords: mail.flags.filter(isWakeKeyword) });
  });
  return mails.sort((a, b) => a.uid - b.uid);
}

function settleThere({ record, awaited }: AccountMemory, mail: KnownMail): void {
  settle(record, mail);
  awaited.delete(mail.uid);
}

function woken(
  accountId: string,
  { mailbox, uidValidity }: { readonly mailbox: string; readonly uidValidity: number },
  { uid, until }: Arrival,
): AppliedMail {
  const at = now();
  const mailId = formatMailId({ accountId, folderId: folderIdOf(mailbox), uidValidity, uid });
  return {
    mailId,
    newMailId: mailId,
    result: "moved",
    folder: mailbox,
    wokenFor: until,
    seenAt: at,
    fetchedAt: at,
    receivedByFilterAt: at,
    decidedAt: at,
    appliedAt: at,
  };
}
