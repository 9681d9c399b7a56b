import { answerTexts } from "./answer-texts.ts";
import { circularRecipientsTexts } from "./circular-recipients-texts.ts";
import { circularTexts } from "./circular-texts.ts";
import { helpTexts } from "./help-texts.ts";
import { outboxTexts } from "./outbox-texts.ts";
import { receiptsTexts } from "./receipts-texts.ts";
import { requestTexts } from "./request-texts.ts";
import { rulesTexts } from "./rules-texts.ts";

/** Everything that `tamis` says. */
export const texts = {
  ...helpTexts,
  ...answerTexts,
  ...circularTexts,
  ...circularRecipientsTexts,
  ...outboxTexts,
  ...receiptsTexts,
  ...requestTexts,
  ...rulesTexts,
};

export type TextKey = keyof typeof texts;

/** The key of the text for a code; `null` where there is none: a newer service may send what this version does not know. */
export function keyOf(prefix: string, code: string): TextKey | null {
  const key = `${prefix}.${code}`;
  return isTextKey(key) ? key : null;
}

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(texts, key);
