import type { MailboxAnswer, MailboxAsk } from "@tamis/contracts";
import { fileCopy } from "../file-copy.ts";
import type { DraftScene } from "./hidden-drafts.ts";
import { HiddenDrafts, tellOwner } from "./hidden-drafts.ts";

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;

/** A draft was sent: its copy goes into Sent, as read; then, where it was the last time, the draft goes. In this order, so that there is always one. */
export async function onDraftSent(scene: DraftScene, ask: Ask<"draft-sent">, raw: Uint8Array): Promise<MailboxAnswer> {
  const { memory, view } = scene;
  const { accountId, messageId, date, object } = ask;
  const [mailbox = "Sent"] = (await view.folders.byUse())["\\sent"] ?? [];
  const copy = { accountId, mailbox, create: true, specialUse: "\\Sent", flags: ["\\Seen"], messageId, date, object };
  const filed = await fileCopy(view, memory, { ask: { op: "file-copy", ...copy }, raw });
  if (filed.kind !== "done" || !ask.isLast) return filed;
  await new HiddenDrafts(scene).remove(ask);
  return filed;
}

/** A draft is not sent any more: its owner is told where there is something to tell, and gets it back. */
export async function onDraftBack(scene: DraftScene, ask: Ask<"draft-back">): Promise<MailboxAnswer> {
  if (ask.notice !== undefined) await tellOwner(scene, ask.notice);
  const isDone = await new HiddenDrafts(scene).back(ask, ask.keyword);
  return isDone ? { kind: "done", mails: 1 } : { kind: "gone" };
}
