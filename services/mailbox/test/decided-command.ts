import type { ApplyCommand, MailBatch, Plan } from "@tamis/contracts";

/** What becomes of a mail with this subject. */
export type Decide = (subject: string, batch: MailBatch, uid: number) => Plan;

/** What `filter` answers to a batch. */
export function commandOf(
  batch: MailBatch,
  { decide, marked = false }: { readonly decide: Decide; readonly marked?: boolean },
): ApplyCommand {
  const { head, mails } = batch;
  const at = Date.now();
  return {
    v: 1,
    accountId: head.accountId,
    mode: head.mode,
    ...(head.sortId === undefined ? {} : { sortId: head.sortId }),
    ...(head.purpose === "apply" ? { stored: true } : {}),
    ...(head.purpose === "event" ? { stored: true, events: true } : {}),
    folder: head.folder,
    decisions: mails.map(({ meta, raw }) => ({
      uid: meta.uid,
      internalDate: meta.internalDate,
      fingerprint: meta.fingerprint,
      ...(meta.event === undefined ? {} : { event: meta.event.key }),
      plan: decide(field(raw, "Subject"), batch, meta.uid),
      ...(marked ? { marked: true } : {}),
      times: { seenAt: meta.seenAt, fetchedAt: meta.fetchedAt, receivedByFilterAt: at, decidedAt: at },
    })),
  };
}

/** The value of a header field; "" where there is none. */
export const field = (raw: Uint8Array, name: string): string =>
  new RegExp(`^${name}: (.*?)\\r?$`, "m").exec(Buffer.from(raw).toString("utf8"))?.[1] ?? "";
