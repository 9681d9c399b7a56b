import { readAddress } from "./addresses.ts";
import { type Body, compileBody } from "./body.ts";
import { checkDraft, listIdText } from "./check-draft.ts";
import type { CircularDraft } from "./draft.ts";
import type { Chunk } from "./entity.ts";
import { type Fault, faultOf } from "./fault.ts";
import { type Field, field, fieldOf, headerText, mailboxText } from "./header-fields.ts";
import { MAX_FAULTS, MAX_SLOTS } from "./limits.ts";
import { slotsOf } from "./placeholders.ts";
import { type Piece, parseTemplate, type Slot } from "./template.ts";

/** A header field: the same in every mail, or with fields of the recipient in it. */
export type FieldTemplate = Field | { readonly name: string; readonly pieces: readonly Piece[] };

/** A draft, ready to become as many mails as there are recipients. Nothing in it is anybody's; it does not change. */
export interface CompiledDraft {
  /** From to Subject, without To. */
  readonly addressing: readonly FieldTemplate[];
  /** What stands behind Message-ID: about lists, the draft's own fields, MIME-Version. */
  readonly others: readonly FieldTemplate[];
  /** The fields of the MIME entity that the body is. */
  readonly mime: readonly Field[];
  readonly body: readonly Chunk[];
  readonly slots: readonly Slot[];
  readonly unsubscribe: { readonly url: string; readonly mailto?: string } | null;
  /** From or Reply-To need it. */
  readonly smtpUtf8: boolean;
}

/** What the caller knows. */
export interface CompileOptions {
  /** The names of all fields there are: any other in the draft is a fault. Absent: any name may stand there. */
  readonly fields?: readonly string[];
}

/**
 * Compiles a draft: takes its texts apart at their fields, finds what each is part of, and encodes what is the same for all.
 * @returns the draft compiled, or all that is wrong with it, at most {@link MAX_FAULTS}
 */
export function compileDraft(
  draft: CircularDraft,
  options: CompileOptions = {},
): { readonly ok: true; readonly compiled: CompiledDraft } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const unfit = checkDraft(draft);
  if (unfit.length > 0) return { ok: false, faults: unfit.slice(0, MAX_FAULTS) };
  const body = compileBody(draft);
  const subject = fieldTemplate("Subject", draft.subject, "subject");
  const own = Object.entries(draft.headers ?? {}).map(([name, value]) => fieldTemplate(name, value, "headers"));
  const header = [subject, ...own];
  const slots = [...header.flatMap(({ slots }) => slots), ...body.slots];
  const found = [...header.flatMap((one) => one.faults), ...body.faults, ...unknownFields(slots, options)];
  const isTooMuch = found.length === 0 && slots.length > MAX_SLOTS;
  const faults = isTooMuch ? [faultOf("too-many-fields", "text", { limit: String(MAX_SLOTS) })] : found;
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, MAX_FAULTS) };
  return {
    ok: true,
    compiled: assembled(draft, { subject: subject.template, own: own.map((one) => one.template), body, slots }),
  };
}

interface Parts {
  readonly subject: FieldTemplate;
  readonly own: readonly FieldTemplate[];
  readonly body: Body;
  readonly slots: readonly Slot[];
}

function assembled(draft: CircularDraft, { subject, own, body, slots }: Parts): CompiledDraft {
  const { from, replyTo, listId, unsubscribe } = draft;
  const isUtf8 = (address: string | undefined): boolean =>
    address !== undefined && readAddress(address)?.smtpUtf8 === true;
  return {
    addressing: [
      field("From", mailboxText("From", from)),
      ...(replyTo === undefined ? [] : [field("Reply-To", mailboxText("Reply-To", replyTo))]),
      subject,
    ],
    others: [
      // RFC 3834 §5: nobody answers by program. RFC 2076 §3.9: nor do those who know only this one.
      field("Auto-Submitted", "auto-generated"),
      field("Precedence", "bulk"),
      ...(listId === undefined ? [] : [field("List-Id", listIdText(listId) ?? "")]),
      ...own,
      field("MIME-Version", "1.0"),
    ],
    mime: mimeFields(body.header),
    body: body.chunks,
    slots,
    unsubscribe: unsubscribe ?? null,
    smtpUtf8: isUtf8(from.address) || isUtf8(replyTo?.address),
  };
}

/** The fields of an entity, folds kept. */
export function mimeFields(header: string): readonly Field[] {
  return header
    .trimEnd()
    .split(/\r\n(?![ \t])/)
    .map((lines) => fieldOf(`${lines}\r\n`));
}

function fieldTemplate(name: string, source: string, place: "subject" | "headers") {
  const { pieces, faults } = parseTemplate(source, place);
  const slots = slotsOf(pieces);
  const template: FieldTemplate =
    slots.length === 0 ? field(name, headerText(name, pieces.join(""))) : { name, pieces };
  return { template, slots, faults };
}

/** Faults for the fields that nobody has. */
function unknownFields(slots: readonly Slot[], { fields }: CompileOptions): readonly Fault[] {
  if (fields === undefined) return [];
  const known = new Set(fields.map((name) => name.normalize("NFC")));
  return slots
    .filter(({ name }) => !known.has(name))
    .map(({ name, place, line, column }): Fault => {
      return { code: "unknown-field", place, line, column, parameters: { field: name, fields: [...known].join(", ") } };
    });
}
