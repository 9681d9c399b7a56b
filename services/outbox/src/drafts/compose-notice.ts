import { createHash } from "node:crypto";
import type { DraftNotice } from "@tamis/contracts";
import { tellIn } from "@tamis/kit";
import { dateText, foldedField, headerField, plainEntity } from "@tamis/message";
import type { Language } from "../texts.ts";
import type { DraftFault } from "./draft-fault.ts";
import { draftTexts, reasonOf } from "./draft-texts.ts";

/** Which draft a notice is about. */
export interface NoticedDraft {
  readonly accountId: string;
  /** The owner's address. */
  readonly address: string;
  readonly fingerprint: string;
  readonly subject: string;
}

export interface NoticeContext {
  /** Our own name. */
  readonly name: string;
  /** Of an owner. */
  readonly languageOf: (accountId: string) => Language;
  readonly now: Date;
  readonly marks: readonly [string, string];
}

/** A mail that tells the owner why a draft is not sent. */
export function refusalNotice(draft: NoticedDraft, fault: DraftFault, context: NoticeContext): DraftNotice {
  const reason = reasonOf(fault, context.languageOf(draft.accountId), context.marks);
  return notice(draft, { about: fault.code, subject: "refused", text: "refused", reason }, context);
}

/** A mail that tells the owner what became of a draft that was to leave, or left. */
export function outcomeNotice(
  draft: NoticedDraft,
  outcome: "replied" | "no-copy",
  context: NoticeContext,
): DraftNotice {
  return notice(draft, { about: outcome, subject: outcome, text: outcome, reason: "" }, context);
}

interface Told {
  /** Names the notice among those about its draft. */
  readonly about: string;
  readonly subject: "refused" | "replied" | "no-copy";
  readonly text: "refused" | "replied" | "no-copy";
  readonly reason: string;
}

function notice(draft: NoticedDraft, told: Told, { name, languageOf, now }: NoticeContext): DraftNotice {
  const language = languageOf(draft.accountId);
  const subject = draft.subject.slice(0, 200) || tellIn(language, draftTexts.nameless);
  const text = tellIn(language, draftTexts[told.text], { subject, reason: told.reason, keyword: "$TamisNotScheduled" });
  const id = createHash("sha256")
    .update(JSON.stringify([draft.accountId, draft.fingerprint, told.about]))
    .digest("hex");
  const messageId = `<tamis.notice.${id.slice(0, 32)}@${name}>`;
  const raw = [
    headerField("From", `Tamis <mailer-daemon@${name}>`),
    foldedField("To", /^[\x21-\x7e]+$/.test(draft.address) ? draft.address : "undisclosed-recipients:;"),
    headerField("Subject", tellIn(language, draftTexts[`subject-${told.subject}`], { subject })),
    `Date: ${dateText(now.getTime())}\r\n`,
    `Message-ID: ${messageId}\r\n`,
    // RFC 3834 §5: nobody answers it.
    "Auto-Submitted: auto-generated\r\n",
    "MIME-Version: 1.0\r\n",
    plainEntity(text),
  ].join("");
  return { messageId, raw };
}
