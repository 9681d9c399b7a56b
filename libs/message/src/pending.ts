/** The signatures of what is being written; each moves to its own file. */

import type { Entity, KnownAboutMail, Mailbox, MailDate, Message, Parameterized } from "./model.ts";
import type { Report } from "./report-model.ts";

const unwritten = (name: string): never => {
  throw new Error(`${name} is not written yet`);
};

export const readMessage = (_raw: Uint8Array, _known: KnownAboutMail = {}): Message => unwritten("readMessage");
// biome-ignore lint/correctness/useYield: replaced by the real one
export function* walk(_entity: Entity): Generator<Entity> {
  unwritten("walk");
}
export const decodeWords = (_text: string): string => unwritten("decodeWords");
export const parseAddresses = (_text: string): readonly Mailbox[] => unwritten("parseAddresses");
export const parseDate = (_text: string): MailDate | null => unwritten("parseDate");
export const parseContentType = (_text: string): Parameterized => unwritten("parseContentType");
export const parseParameterized = (_text: string): Parameterized => unwritten("parseParameterized");
export const htmlToText = (_html: string): string => unwritten("htmlToText");
export const messageText = (_message: Message): string => unwritten("messageText");
export const readReport = (_message: Message): Report | null => unwritten("readReport");
