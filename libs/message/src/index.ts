/** Mail as raw bytes, read lazily and tolerantly: headers, addresses, MIME, text, reports. */

export { parseAddresses } from "./addresses.ts";
export {
  type AuthenticationResult,
  type AuthenticationResults,
  parseAuthenticationResults,
} from "./authentication-results.ts";
export { isAutomaticReply } from "./automatic-reply.ts";
export { parseDate } from "./date.ts";
export { decodeWords } from "./encoded-words.ts";
export { htmlToText } from "./html.ts";
export { readMessage, walk } from "./message.ts";
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
export { parseContentType, parseParameterized } from "./parameters.ts";
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
