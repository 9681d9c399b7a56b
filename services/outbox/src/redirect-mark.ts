import { createHmac, timingSafeEqual } from "node:crypto";
import type { Message } from "@tamis/message";
import { canonicalMailbox } from "./smtp/address.ts";

/** The header field that says: this account redirected this mail to that target. */
const FIELD = "X-Tamis-Redirected";
/** Hex digits kept of each HMAC: 128 bits. */
const DIGITS = 32;
const MARK = /^v=1; account=([A-Za-z0-9_-]{1,64}); target=([0-9a-f]{32}); sig=([0-9a-f]{32})$/;

/** What a redirect is about. */
export interface Redirect {
  readonly accountId: string;
  readonly target: string;
}

/** Redirects that a mail went through here: those whose signature is ours. Anybody may write such a field. */
export interface RedirectMarks {
  readonly count: number;
  has(redirect: Redirect): boolean;
}

const hmac = (key: string, text: string): string =>
  createHmac("sha256", key).update(text).digest("hex").slice(0, DIGITS);

/** The target goes out as a digest: who gets the mail need not learn where else it went. */
const targetDigest = (key: string, target: string): string => hmac(key, `target\n${canonicalMailbox(target)}`);
const signature = (key: string, accountId: string, digest: string): string =>
  hmac(key, `redirected\n${accountId}\n${digest}`);

/** The field for a redirect, with its line end: it is put on top, the mail itself is not touched. */
export function redirectMark(key: string, { accountId, target }: Redirect): string {
  const digest = targetDigest(key, target);
  return `${FIELD}: v=1; account=${accountId};\r\n target=${digest}; sig=${signature(key, accountId, digest)}\r\n`;
}

/** Reads the marks of a mail. */
export function readMarks(key: string, message: Pick<Message, "headers">): RedirectMarks {
  const marks = message.headers(FIELD).flatMap((field) => {
    const [, accountId = "", digest = "", sig = ""] = MARK.exec(field.raw().replace(/\s+/g, " ")) ?? [];
    const isOurs = sig !== "" && timingSafeEqual(Buffer.from(sig), Buffer.from(signature(key, accountId, digest)));
    return isOurs ? [{ accountId, digest }] : [];
  });
  return {
    count: marks.length,
    has: ({ accountId, target }) => {
      const wanted = targetDigest(key, target);
      return marks.some((mark) => mark.accountId === accountId && mark.digest === wanted);
    },
  };
}
