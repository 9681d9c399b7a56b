/** Every bound on a draft and on the values of its fields. Beyond one, there is a fault, and nothing leaves. */

/** Characters of a subject as it is written. Readers show a hundred; RFC 5322 §2.1.1 would cut at 998 octets. */
export const MAX_SUBJECT = 500;

/** Characters of each of text and HTML. Gmail cuts a mail off at 100 KiB; a long newsletter stays below 500. */
export const MAX_BODY = 1_000_000;

/** Characters of Markdown, whose reading takes longer than its length where it is meant to: as much as a hundred pages. */
export const MAX_MARKDOWN = 200_000;

/** Octets of all attachments. base64 makes a third more of them: 36 MiB are the 50 MiB that outbox takes. */
export const MAX_ATTACHED = 36 * 1024 * 1024;

/** Attachments of one mail. */
export const MAX_ATTACHMENTS = 100;

/** Characters of the name of a file: what file systems take. */
export const MAX_FILENAME = 255;

/** Places where fields stand, in one draft: each is filled and encoded for every recipient. */
export const MAX_SLOTS = 1_000;

/** Characters of the name of a field: the head of a column. */
export const MAX_FIELD_NAME = 100;

/** Characters between `{{` and `}}`, its default included. */
export const MAX_TAG = 1_500;

/** Characters of one value: a paragraph. Columns that are longer were not meant to be merged. */
export const MAX_VALUE = 10_000;

/** Octets of an address: RFC 5321 §4.5.3.1.3, a path of 256 with its brackets. */
export const MAX_ADDRESS = 254;

/** Header fields of the draft's own. */
export const MAX_HEADERS = 50;

/** Faults told at once: enough to mend a draft, not a page. */
export const MAX_FAULTS = 50;
