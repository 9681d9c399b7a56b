import { answerTexts } from "./answer-texts.ts";
import { helpTexts } from "./help-texts.ts";

/** Everything that `tamis` says. */
export const texts = { ...helpTexts, ...answerTexts };

export type TextKey = keyof typeof texts;
