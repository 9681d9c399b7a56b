/** Mail as raw bytes, read lazily and tolerantly: headers, addresses, MIME, text, reports; and what all who write mail need. */

export { parseAddresses } from "./addresses.ts";
export {
  type AuthenticationResult,
  type AuthenticationResults,
  parseAuthenticationResults,
} from "./authentication-results.ts";
export { isAutomaticReply } from "./automatic-reply.ts";
export { parseDate } from "./date.ts";
export { otherSpelling } from "./domain-spelling.ts";
export { decodeWords } from "./encoded-words.ts";
export { type HtmlTag, htmlToText, type SpokenHtml } from "./html.ts";
export { decodeEntities } from "./html-entities.ts";
export { isSubmittedByMachine, machineOf } from "./machine-of.ts";
export { readMessage, walk } from "./message.ts";
export {
  base64Lines,
  boundaryFor,
  dateText,
  encodedWords,
  foldedField,
  headerField,
  plainEntity,
  withCrlf,
} from "./mime-writer.ts";
export type {
  Entity,
  HeaderField,
  KnownAboutMail,
  Mailbox,
  MailDate,
  Message,
  Omission,
  Parameterized,
} from "./model.ts";
export { parseContentType, parseParameterized, withoutComments } from "./parameters.ts";
export type {
  Arf,
  DeliveryAction,
  DispositionType,
  Dsn,
  Mdn,
  RecipientReport,
  Report,
  ReturnedMail,
  TypedAddress,
} from "./report-model.ts";
export { readReport } from "./reports.ts";
export { messageText } from "./text.ts";
