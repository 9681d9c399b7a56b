/** Every bound on what a hostile mail can make the reader do. Beyond one, reading goes on without the excess. */

/** Octets of one header block; what follows counts as body. Real ones stay below 64 KiB. */
export const MAX_HEADER_BYTES = 1_048_576;

/** Header fields kept per block; further ones are skipped. */
export const MAX_HEADER_FIELDS = 10_000;

/** Nesting of multiparts and enclosed mails; a deeper entity has no children. Each level is one more search of the same octets. */
export const MAX_DEPTH = 50;

/** Entities in one mail; the last one allowed keeps the rest of its multipart. */
export const MAX_ENTITIES = 2_000;

/** Charset names remembered per process, so that invented names cannot fill the memory. */
export const MAX_CHARSETS_REMEMBERED = 500;

/** Parenthesis depth of comments (RFC 5322 §3.2.2); deeper ones are text. */
export const MAX_COMMENT_DEPTH = 100;
