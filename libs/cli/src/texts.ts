import { answerTexts } from "./answer-texts.ts";
import { helpTexts } from "./help-texts.ts";
import { outboxTexts } from "./outbox-texts.ts";

/** Everything that `tamis` says. */
export const texts = { ...helpTexts, ...answerTexts, ...outboxTexts };

export type TextKey = keyof typeof texts;
