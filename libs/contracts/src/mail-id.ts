import { fnv1a32 } from "./hash.ts";

/** What names one mail in one folder for good: `<accountId>/<folderId>/<uidvalidity>/<uid>`. */
export interface MailKey {
  readonly accountId: string;
  /** 8 hex digits, see {@link folderIdOf}. */
  readonly folderId: string;
  /** RFC 9051 §2.3.1.1: 32 bits unsigned; 0 where a server gives none. */
  readonly uidValidity: number;
  readonly uid: number;
}

/** 8 hex digits that stand for a folder's name (as decoded text, INBOX in upper case). */
export function folderIdOf(name: string): string {
  const canonical = name.toUpperCase() === "INBOX" ? "INBOX" : name;
  return fnv1a32(canonical).toString(16).padStart(8, "0");
}

export function formatMailId(key: MailKey): string {
  return `${key.accountId}/${key.folderId}/${key.uidValidity}/${key.uid}`;
}

const MAIL_ID = /^([A-Za-z0-9_-]{1,64})\/([0-9a-f]{8})\/(\d{1,10})\/([1-9]\d{0,9})$/;

/** `null` where the text is no mailId. */
export function parseMailId(text: string): MailKey | null {
  const match = MAIL_ID.exec(text);
  const [, accountId, folderId, uidValidity, uid] = match ?? [];
  if (accountId === undefined || folderId === undefined || uidValidity === undefined || uid === undefined) return null;
  return { accountId, folderId, uidValidity: Number(uidValidity), uid: Number(uid) };
}
