/** How `outbox` is asked for circulars, by the command and by the pages alike. */

export { type AddedRecipients, addRecipients } from "./add-recipients.ts";
export { type Answered, type Asker, askCirculars } from "./ask-circulars.ts";
export { createCircular, type NewCircular } from "./create-circular.ts";
export { mailboxOf, mediaTypeOf } from "./draft-parts.ts";
export { type CsvFault, type CsvRecipient, readRecipientsCsv } from "./recipients-csv.ts";
export {
  type OneCircular,
  type Revision,
  readCircular,
  reviseCircular,
  type Written,
} from "./revise-circular.ts";
