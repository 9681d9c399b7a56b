/** Mail as raw bytes, read lazily and tolerantly: headers, addresses, MIME, text, reports. */
export type {
  Entity,
  HeaderField,
  KnownAboutMail,
  Mailbox,
  MailDate,
  Message,
  Parameterized,
} from "./model.ts";
export {
  decodeWords,
  htmlToText,
  messageText,
  parseAddresses,
  parseContentType,
  parseDate,
  parseParameterized,
  readMessage,
  readReport,
  walk,
} from "./pending.ts";
export type {
  DeliveryAction,
  DispositionType,
  Dsn,
  Mdn,
  RecipientReport,
  Report,
  ReturnedMail,
  TypedAddress,
} from "./report-model.ts";
