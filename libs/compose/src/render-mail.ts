import { dateText } from "@tamis/message";
import { readAddress } from "./addresses.ts";
import { BodyHash } from "./body-hash.ts";
import { type CompiledDraft, type FieldTemplate, mimeFields } from "./compile-draft.ts";
import { type DkimSigner, signatures } from "./dkim.ts";
import type { MailIdentity, RecipientFields, Seal } from "./draft.ts";
import { type BodySlot, type Constant, constant, relaxedBody } from "./entity.ts";
import { escapeFor } from "./escape.ts";
import { type Field, field, headerText, mailboxText } from "./header-fields.ts";
import { MAX_VALUE } from "./limits.ts";
import { quotedPrintable, SOFT_BREAK } from "./quoted-printable.ts";
import { fieldValue } from "./template.ts";

type Fields = RecipientFields["fields"];

/**
 * One recipient's mail: lines ended by CRLF, ready for DATA but for its dots. A field without a value and without a default leaves
 * nothing: ask {@link recipientFaults} before.
 * @param dkim null: not signed
 * @throws RangeError where the address, the Message-ID or the token is none: those were to be checked when they were taken
 */
export function renderMail(
  compiled: CompiledDraft,
  recipient: RecipientFields,
  identity: MailIdentity,
  dkim: DkimSigner | null,
): Buffer {
  const fields = [...headerOf(compiled, recipient, identity), ...compiled.mime];
  return whole(fields, bodyOf(compiled, recipient), { date: identity.date, dkim });
}

/**
 * As {@link renderMail}, its body closed by `seal`: of the mail itself its reader's programs, and all others, see only the header.
 * @throws RangeError as {@link renderMail}
 */
export function renderSealedMail(
  compiled: CompiledDraft,
  recipient: RecipientFields,
  identity: MailIdentity,
  { dkim, seal }: { readonly dkim: DkimSigner | null; readonly seal: Seal },
): Buffer {
  const mime = Buffer.from(`${compiled.mime.map(({ raw }) => raw).join("")}\r\n`, "utf8");
  const sealed = seal(Buffer.concat([mime, ...bodyOf(compiled, recipient).map(({ raw }) => raw)]));
  const fields = [...headerOf(compiled, recipient, identity), ...mimeFields(sealed.header)];
  return whole(fields, [constant(sealed.body)], { date: identity.date, dkim });
}

const bodyOf = (compiled: CompiledDraft, { fields }: RecipientFields): readonly Constant[] =>
  compiled.body.map((chunk) => ("raw" in chunk ? chunk : filled(chunk, fields)));

function whole(
  fields: readonly Field[],
  body: readonly Constant[],
  { date, dkim }: { readonly date: Date; readonly dkim: DkimSigner | null },
): Buffer {
  const header = fields.map(({ raw }) => raw);
  if (dkim !== null) {
    const hash = new BodyHash();
    for (const { canonical } of body) hash.update(canonical);
    header.unshift(...signatures(dkim, { fields, bodyHash: hash.digest(), date }));
  }
  return Buffer.concat([Buffer.from(`${header.join("")}\r\n`, "utf8"), ...body.map(({ raw }) => raw)]);
}

/** All but the fields of MIME entities. */
function headerOf(compiled: CompiledDraft, recipient: RecipientFields, identity: MailIdentity): readonly Field[] {
  const { dispositionNotificationTo: receiptsTo } = identity;
  return [
    ...compiled.addressing.map((one) => fieldFor(one, recipient.fields)),
    field("To", mailboxText("To", recipient)),
    field("Date", dateText(identity.date.getTime())),
    field("Message-ID", messageIdText(identity.messageId)),
    ...(receiptsTo === undefined
      ? []
      : [field("Disposition-Notification-To", mailboxText("Disposition-Notification-To", { address: receiptsTo }))]),
    ...unsubscribeFields(compiled, identity),
    ...compiled.others.map((one) => fieldFor(one, recipient.fields)),
  ];
}

function fieldFor(template: FieldTemplate, fields: Fields): Field {
  if ("raw" in template) return template;
  const text = template.pieces.map((piece) =>
    typeof piece === "string" ? piece : escapeFor("header", fieldValue(piece, fields) ?? ""),
  );
  return field(template.name, headerText(template.name, text.join("")));
}

const MESSAGE_ID = /^<?([\w!#$%&'*+\-/=?^`{|}~.]+@[\w.-]+)>?$/;

function messageIdText(messageId: string): string {
  const found = MESSAGE_ID.exec(messageId);
  if (found === null || messageId.length > 250) throw new RangeError("not a Message-ID");
  return `<${found[1] ?? ""}>`;
}

/** RFC 8058 §3.1: both, or none. */
function unsubscribeFields(
  { unsubscribe }: CompiledDraft,
  { unsubscribeToken: token = "" }: MailIdentity,
): readonly Field[] {
  if (unsubscribe === null) return [];
  if (!/^[\w.~-]{1,200}$/.test(token)) throw new RangeError("a draft with unsubscribe needs an unsubscribeToken");
  const ways = [`<${unsubscribe.url.replace("{token}", token)}>`];
  const { mailto } = unsubscribe;
  if (mailto !== undefined) ways.push(`<mailto:${mailto.replace("{token}", token)}?subject=unsubscribe>`);
  return [field("List-Unsubscribe", ways.join(", ")), field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")];
}

const NOTHING: Constant = { raw: Buffer.alloc(0), canonical: Buffer.alloc(0) };

function filled({ slot, place }: BodySlot, fields: Fields): Constant {
  const value = fieldValue(slot, fields) ?? "";
  if (value === "") return NOTHING;
  const text = escapeFor(place, value);
  const encoded = quotedPrintable(text);
  const raw = text.endsWith("\r\n") ? encoded : Buffer.concat([encoded, SOFT_BREAK]);
  return { raw, canonical: /[ \t]{2}|\t/.test(text) ? relaxedBody(raw) : raw };
}

/** Octets that are the same in every mail of the draft: what one is long, but for its header and the values of its fields. */
export function sharedOctets({ body }: CompiledDraft): number {
  return body.reduce((sum, chunk) => sum + ("raw" in chunk ? chunk.raw.length : 0), 0);
}

/** The names of all fields in the draft, each once. */
export function fieldsUsed(compiled: CompiledDraft): readonly string[] {
  return [...new Set(compiled.slots.map(({ name }) => name))];
}

/** The fields that have neither a value nor a default for this recipient. A blank value is none. */
export function missingFields(compiled: CompiledDraft, { fields }: RecipientFields): readonly string[] {
  return [...new Set(compiled.slots.filter((slot) => fieldValue(slot, fields) === null).map(({ name }) => name))];
}

/** Why a recipient cannot be written to. */
export type RecipientFault =
  | { readonly code: "bad-address" }
  | { readonly code: "missing-field" | "field-too-long"; readonly field: string };

/** All that is wrong with a recipient, for this draft. */
export function recipientFaults(compiled: CompiledDraft, recipient: RecipientFields): readonly RecipientFault[] {
  const { address, fields } = recipient;
  const long = fieldsUsed(compiled).filter(
    (name) => Object.hasOwn(fields, name) && (fields[name] ?? "").length > MAX_VALUE,
  );
  return [
    ...(readAddress(address) === null ? [{ code: "bad-address" as const }] : []),
    ...missingFields(compiled, recipient).map((field) => ({ code: "missing-field" as const, field })),
    ...long.map((field) => ({ code: "field-too-long" as const, field })),
  ];
}

/** Whether the relay has to offer SMTPUTF8 for this mail (RFC 6531 §3.2): an address of its header has a local part beyond ASCII. */
export function needsSmtpUtf8(compiled: CompiledDraft, { address }: RecipientFields): boolean {
  return compiled.smtpUtf8 || readAddress(address)?.smtpUtf8 === true;
}
