import { type BatchedMail, formatMailId, headerNames, type MailBatch } from "@tamis/contracts";

/** The id of a part, of which the first has no number. */
export const numbered = (id: string, part: number): string => (part === 0 ? id : `${id}/${part + 1}`);

/** The id of one mail of a batch, as facts and the log have it. */
export function mailIdOf(mail: BatchedMail, { head }: Pick<MailBatch, "head">): string {
  return formatMailId({
    accountId: head.accountId,
    folderId: head.folder.id,
    uidValidity: head.folder.uidValidity,
    uid: mail.meta.uid,
  });
}

/** What message ids of everything that comes of a batch begin with. */
export function batchId({ head, mails }: MailBatch): string {
  const uids = `${mails[0]?.meta.uid}-${mails.at(-1)?.meta.uid}`;
  return `${head.accountId}/${head.folder.id}/${head.folder.uidValidity}/${uids}`;
}

/** The headers of what goes to the holder of the account. */
export function routing(batch: MailBatch, p: number): Readonly<Record<string, string>> {
  return { [headerNames.account]: batch.head.accountId, [headerNames.partition]: String(p) };
}
