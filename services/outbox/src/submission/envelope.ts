import type { Account } from "@tamis/kit";
import { toPath } from "../smtp/address.ts";
import { xtext } from "../smtp/esmtp.ts";
import type { DsnRequest, RecipientDsn } from "../smtp/outgoing-mail.ts";
import { localReply, type SmtpReply } from "../smtp/reply.ts";
import { type Hold, readHold } from "./hold.ts";
import { mayWriteAs } from "./identities.ts";

/** ESMTP parameters as they came, names in upper case, values without their xtext. */
export type Parameters = Readonly<Record<string, string | true>>;

/** What MAIL said. */
export interface Sender {
  /** null is <>. */
  readonly from: string | null;
  readonly hold: Hold | null;
  /** RFC 1870 §4; null: it did not say. */
  readonly size: number | null;
  readonly isUtf8: boolean;
  readonly ret: DsnRequest["ret"];
  readonly envid: string | undefined;
}

/** What RCPT said. */
export interface Recipient {
  readonly address: string;
  readonly dsn: RecipientDsn;
}

export interface SenderRules {
  readonly account: Account;
  readonly maxHoldMs: number;
  readonly now: Date;
}

/** RFC 4954 §5: AUTH= of MAIL says who wrote the mail; we know better, and pass over it. */
const MAIL_PARAMETERS = new Set(["SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "HOLDFOR", "HOLDUNTIL", "AUTH"]);
const RCPT_PARAMETERS = new Set(["NOTIFY", "ORCPT"]);
/** RFC 3461 §4: room that MAIL and RCPT have for them, as xtext; the relay has no more. */
const MAX_ENVID = 100;
const MAX_ORCPT = 500;

/** RFC 5321 §4.1.1.11: a parameter that is none of ours. */
const unknownParameter = (name: string): SmtpReply =>
  localReply(555, "5.5.4", `the parameter ${name} is not known here`);

/** MAIL of an account that signed in, or why it is refused; SIZE, BODY and RET have been looked at. */
export function readSender(address: string, given: Parameters, rules: SenderRules): Sender | SmtpReply {
  const unknown = Object.keys(given).find((name) => !MAIL_PARAMETERS.has(name));
  if (unknown !== undefined) return unknownParameter(unknown.slice(0, 40));
  const { account, maxHoldMs, now } = rules;
  const path = address === "" ? null : toPath(address);
  if (address !== "" && path === null) return localReply(501, "5.1.7", "the sender is no address");
  const isUtf8 = given["SMTPUTF8"] === true;
  if (path?.needsUtf8 === true && !isUtf8) return localReply(553, "5.6.7", "such an address needs SMTPUTF8");
  // RFC 6409 §6.1. <> is what receipts leave from (RFC 8098 §3).
  if (path !== null && !mayWriteAs(account, path.text))
    return localReply(550, "5.7.1", "this account may not send as this address");
  const hold = readHold({ holdFor: given["HOLDFOR"], holdUntil: given["HOLDUNTIL"] }, { maxMs: maxHoldMs, now });
  if (hold !== null && "code" in hold) return hold;
  const envid = text(given["ENVID"]);
  if (envid !== undefined && (xtext(envid).length > MAX_ENVID || !/^[\x20-\x7e]+$/.test(envid)))
    return localReply(501, "5.5.4", `ENVID has ${MAX_ENVID} printable characters at most`);
  const ret = text(given["RET"])?.toUpperCase();
  return {
    from: path?.text ?? null,
    hold,
    size: given["SIZE"] === undefined ? null : Number(given["SIZE"]),
    isUtf8,
    ret: ret === "FULL" || ret === "HDRS" ? ret : undefined,
    envid,
  };
}

/** RCPT, or why it is refused; NOTIFY and the form of ORCPT have been looked at. */
export function readRecipient(address: string, given: Parameters, isUtf8: boolean): Recipient | SmtpReply {
  const unknown = Object.keys(given).find((name) => !RCPT_PARAMETERS.has(name));
  if (unknown !== undefined) return unknownParameter(unknown.slice(0, 40));
  const path = toPath(address);
  if (path === null) return localReply(501, "5.1.3", "the recipient is no address");
  if (path.needsUtf8 && !isUtf8) return localReply(553, "5.6.7", "such an address needs SMTPUTF8");
  const orcpt = text(given["ORCPT"]);
  if (orcpt !== undefined && xtext(orcpt).length > MAX_ORCPT)
    return localReply(501, "5.5.4", `ORCPT has ${MAX_ORCPT} characters at most`);
  const notify = text(given["NOTIFY"])?.toUpperCase().split(",");
  return { address: path.text, dsn: { ...(notify && { notify }), ...(orcpt !== undefined && { orcpt }) } };
}

const text = (value: string | true | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** The wishes for reports of a whole mail (RFC 3461); null: nobody said anything. */
export function dsnRequestOf({ ret, envid, hold }: Sender, recipients: readonly Recipient[]): DsnRequest | null {
  const isSaid = recipients.some(({ dsn }) => dsn.notify !== undefined || dsn.orcpt !== undefined);
  if (ret === undefined && envid === undefined && hold === null && !isSaid) return null;
  return {
    ret,
    envid,
    ...(hold && { futureRelease: hold.request }),
    recipients: Object.fromEntries(recipients.map(({ address, dsn }) => [address, dsn])),
  };
}
