import { readAddress } from "./addresses.ts";
import type { Attachment, CircularDraft } from "./draft.ts";
import { type Fault, type FaultPlace, faultOf } from "./fault.ts";
import { phrase } from "./header-fields.ts";
import {
  MAX_ATTACHED,
  MAX_ATTACHMENTS,
  MAX_BODY,
  MAX_FILENAME,
  MAX_HEADERS,
  MAX_MARKDOWN,
  MAX_SUBJECT,
} from "./limits.ts";

/** What is wrong with the draft as a whole; its texts are not read. */
export function checkDraft(draft: CircularDraft): readonly Fault[] {
  return [
    ...addressFaults(draft),
    ...textFaults(draft),
    ...attachmentFaults(draft.attachments),
    ...listFaults(draft),
    ...headerFaults(draft.headers ?? {}),
  ];
}

function addressFaults({ from, replyTo }: CircularDraft): readonly Fault[] {
  const check = (place: FaultPlace, address: string): readonly Fault[] =>
    readAddress(address) === null ? [faultOf("bad-address", place, { written: address.slice(0, 300) })] : [];
  return [...check("from", from.address), ...(replyTo === undefined ? [] : check("reply-to", replyTo.address))];
}

function textFaults({ subject, text, html, markdown }: CircularDraft): readonly Fault[] {
  const faults: Fault[] = [];
  const limit = (place: FaultPlace, source: string | undefined, most: number): void => {
    if (source !== undefined && source.length > most) faults.push(faultOf("too-long", place, { limit: String(most) }));
  };
  limit("subject", subject, MAX_SUBJECT);
  limit("text", text, MAX_BODY);
  limit("html", html, MAX_BODY);
  limit("markdown", markdown, MAX_MARKDOWN);
  if (html !== undefined && markdown !== undefined) faults.push(faultOf("html-and-markdown", "markdown"));
  if ([text, html, markdown].every((source) => (source ?? "").trim() === "")) faults.push(faultOf("no-text", "text"));
  return faults;
}

/** RFC 2045 §5.1: type and subtype, and parameters in ASCII on the same line. */
const MEDIA_TYPE =
  /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?:; ?[\w-]{1,50}=(?:[\w!#$&^.+-]{1,100}|"[ !#-[\]-~]{0,100}"))*$/;

function attachmentFaults(attachments: readonly Attachment[]): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { filename, type } of attachments) {
    const isName =
      filename.length > 0 &&
      filename.length <= MAX_FILENAME &&
      filename.isWellFormed() &&
      !/[\p{Cc}/\\]|^\.{1,2}$/u.test(filename);
    if (!isName) faults.push(faultOf("bad-filename", "attachments", { written: filename.slice(0, MAX_FILENAME) }));
    if (!MEDIA_TYPE.test(type) || type.length > 400) {
      faults.push(
        faultOf("bad-type", "attachments", { filename: filename.slice(0, MAX_FILENAME), written: type.slice(0, 300) }),
      );
    }
  }
  if (attachments.length > MAX_ATTACHMENTS) {
    faults.push(faultOf("too-many-attachments", "attachments", { limit: String(MAX_ATTACHMENTS) }));
  }
  const attached = attachments.reduce((sum, { octets }) => sum + octets.length, 0);
  if (attached > MAX_ATTACHED) {
    faults.push(
      faultOf("attachments-too-large", "attachments", { limit: String(MAX_ATTACHED), size: String(attached) }),
    );
  }
  return faults;
}

/** RFC 2919 §2: dot-atoms with a dot; 255 octets at most. */
const LIST_ID = /^(?:([^<>\r\n]*?)\s*<)?([\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)+)(>)?$/;

/** The value of List-Id; null where the text is none. */
export function listIdText(text: string): string | null {
  const found = LIST_ID.exec(text.trim());
  if (found === null || text.length > 255) return null;
  const [, spoken, id = "", close] = found;
  if ((spoken === undefined) !== (close === undefined)) return null;
  const written = phrase("List-Id", spoken ?? "");
  return written === "" ? `<${id}>` : `${written} <${id}>`;
}

function listFaults({ listId, unsubscribe }: CircularDraft): readonly Fault[] {
  const faults: Fault[] = [];
  if (listId !== undefined && listIdText(listId) === null)
    faults.push(faultOf("bad-list-id", "list-id", { written: listId.slice(0, 255) }));
  if (unsubscribe === undefined) return faults;
  const { url, mailto } = unsubscribe;
  // RFC 8058 §3.1: HTTPS; the token is what makes it one person's.
  const isUrl = url.split("{token}").length === 2 && isPlainUrl(url.replace("{token}", "t"));
  if (!isUrl) faults.push(faultOf("bad-unsubscribe", "unsubscribe", { written: url.slice(0, 300) }));
  const plain = mailto?.replace("{token}", "t");
  if (
    plain !== undefined &&
    (mailto?.split("{token}").length !== 2 || readAddress(plain) === null || /[?&%]/.test(plain))
  ) {
    faults.push(faultOf("bad-unsubscribe", "unsubscribe", { written: (mailto ?? "").slice(0, 300) }));
  }
  return faults;
}

const isPlainUrl = (url: string): boolean =>
  url.length <= 500 &&
  /^https:\/\/[^/@]+\//i.test(url) &&
  /^[!-~]+$/.test(url) &&
  !/[<>"(),\\^`{|}]/.test(url) &&
  URL.canParse(url);

/** Fields that this library writes, and those that nobody may write: Bcc would tell who else it went to, the others tell of a way it did not go, or of mails that it does not answer. */
const RESERVED =
  /^(?:from|to|cc|bcc|sender|reply-to|subject|date|message-id|mime-version|content-.*|auto-submitted|precedence|list-id|list-unsubscribe|list-unsubscribe-post|disposition-notification-.*|dkim-.*|arc-.*|authentication-results|received|received-spf|return-path|delivered-to|resent-.*|in-reply-to|references|x-tamis-.*)$/i;

function headerFaults(headers: Readonly<Record<string, string>>): readonly Fault[] {
  const names = Object.keys(headers);
  const faults = names
    .filter(
      (name) => !/^[!-9;-~]{1,60}$/.test(name) || RESERVED.test(name) || (headers[name] ?? "").length > MAX_SUBJECT * 2,
    )
    .map((name) => faultOf("bad-header", "headers", { written: name.slice(0, 100) }));
  return names.length > MAX_HEADERS
    ? [...faults, faultOf("too-many-headers", "headers", { limit: String(MAX_HEADERS) })]
    : faults;
}
