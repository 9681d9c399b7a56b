import {
  type CompiledDraft,
  type CompileOptions,
  compileDraft,
  type DkimSigner,
  type Fault,
  fieldsUsed,
  makeUnsubscribeToken,
  needsSmtpUtf8,
  renderMail,
  renderSealedMail,
  type Seal,
  sharedOctets,
  type UnsubscribeKeys,
} from "@tamis/compose";
import type { Sealing, SealingCounts } from "@tamis/contracts";
import type { ContentCipher } from "@tamis/sealing";
import type { TokenKeys } from "@tamis/tokens";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import type { ClaimedRecipient } from "../tables/circular-work.ts";
import type { Language } from "../texts.ts";
import { localPartOf, type Tracking } from "../tracking/tracking.ts";
import { listOf, withWayOut } from "../unsubscribe/way-out.ts";
import type { Certificates } from "./attachments/certificates.ts";
import { decodeKeptDraft, type KeptDraft } from "./attachments/kept-draft.ts";
import { type Postscript, postscript } from "./attachments/postscript.ts";
import { secretCircular } from "./attachments/secret-circular.ts";

/** What a mail is made of, of a recipient that is claimed or only looked at. */
export type Reader = Pick<ClaimedRecipient, "id" | "address" | "name" | "fields" | "messageId">;

/** A circular that can be sent: its draft compiled once. */
export interface ComposedCircular {
  /** How many recipients one mail may have. */
  readonly perMail: number;
  /** How long one mail is, about. */
  readonly octets: number;
  /** The mail of these recipients: several only where it is the same for all. Throws `RangeError` on what was never to be stored. */
  mailFor(recipients: readonly Reader[], date: Date): OutgoingMail | Promise<SealedMail | Withheld>;
  /** Of secrets alone: how they would go to these addresses. Throws `CertificatesUnavailable`. */
  foresee?(addresses: readonly string[], date: Date): Promise<SealingCounts>;
}

/** A mail, and how the secrets in it are kept. */
export type SealedMail = OutgoingMail & { readonly sealing?: Sealing };

/** No mail: until a person did something (`held`), or until it can be said (`later`). */
export interface Withheld {
  readonly withheld: "held" | "later";
  readonly problem: string;
  readonly sealing?: Sealing;
}

/** A circular without secrets, or one form of one with them. `seal`: closes the mail to all but its reader. */
export interface OpenCircular {
  readonly perMail: number;
  readonly octets: number;
  mailFor(recipients: readonly Reader[], date: Date, seal?: Seal): OutgoingMail;
}

export interface ComposeOptions {
  readonly dkim: DkimSigner | null;
  /** Of what is no recipient's own: the Message-ID of an untracked circular, with angle brackets. */
  readonly messageIdOf: (number: number) => string;
  /** What the tokens are made with that take a recipient off the list. */
  readonly unsubscribeKeys: UnsubscribeKeys;
  /** Where this installation lets people leave lists; null: nowhere. */
  readonly unsubscribeBase: string | null;
  /** null: reports go to whoever it is from, and are matched to nobody. */
  readonly tracking: Tracking | null;
  /** What links are signed with. */
  readonly linkKeys: () => TokenKeys;
  readonly certificates: Certificates;
  /** Whether those without a certificate get an archive, though the draft has one. */
  readonly archives: boolean;
  readonly cipher: ContentCipher;
  readonly language: Language;
  readonly now: () => Date;
}

/** RFC 5321 §4.5.3.1.8: what every server takes. */
const MOST_RECIPIENTS = 100;

/** One form of a draft: what it says, with these files, and what stands below. */
export interface DraftForm extends Pick<KeptDraft, "head" | "files"> {
  readonly below: Postscript;
}

/** The forms of a draft: as everybody gets it; or, with secrets, as those get it who alone can open it, and with the archive. */
export type DraftForms =
  | { readonly open: DraftForm }
  | { readonly whole: DraftForm; readonly archived: DraftForm | null };

/** What a draft is compiled from. */
export function formsOf(
  { head, files, links, secrets, archive }: KeptDraft,
  { linkKeys, language, now }: Pick<ComposeOptions, "linkKeys" | "language" | "now">,
): DraftForms {
  const options = { keys: linkKeys(), language, now: now(), tracked: head.tracked };
  const below = postscript({ links, archive: null }, options);
  if (secrets.length === 0) return { open: { head, files, below } };
  const whole = { head, files: [...files, ...secrets], below };
  if (archive === null) return { whole, archived: null };
  const isLinked = "object" in archive;
  const named = { links: isLinked ? [...links, archive] : links, archive: archive.filename };
  const archived = { head, files: isLinked ? files : [...files, archive], below: postscript(named, options) };
  return { whole, archived };
}

/** Compiles a form of a draft; `fields`: the names that recipients have, where they are known. */
export function compile(
  { head, files, below }: DraftForm,
  options: CompileOptions = {},
): ReturnType<typeof compileDraft> {
  const { from, replyTo, subject, text, html, markdown, listId, unsubscribe } = head;
  return compileDraft(
    {
      from: { address: from.address, ...(from.name === undefined ? {} : { name: from.name }) },
      ...(replyTo === undefined
        ? {}
        : { replyTo: { address: replyTo.address, ...(replyTo.name === undefined ? {} : { name: replyTo.name }) } }),
      subject,
      ...(text === undefined ? {} : { text }),
      ...(html === undefined ? {} : { html }),
      ...(markdown === undefined ? {} : { markdown }),
      attachments: files,
      ...(below.texts === null ? {} : { postscript: below.texts }),
      ...(listId === undefined ? {} : { listId }),
      ...(unsubscribe === undefined
        ? {}
        : {
            unsubscribe: {
              url: unsubscribe.url,
              ...(unsubscribe.mailto === undefined ? {} : { mailto: unsubscribe.mailto }),
            },
          }),
    },
    options,
  );
}

/** The draft by itself, whose fields are those that its owner wrote, once every form of it can be sent; else what is wrong with any of them. */
export function compileForms(
  forms: DraftForms,
): { readonly ok: true; readonly own: CompiledDraft } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const all = "open" in forms ? [forms.open] : [forms.whole, ...(forms.archived === null ? [] : [forms.archived])];
  const faults = all.map((form) => compile(form)).flatMap((made) => (made.ok ? [] : made.faults));
  const [first] = all;
  const own = first === undefined ? null : compile({ ...first, files: [], below: NOTHING_BELOW });
  if (own?.ok === true && faults.length === 0) return { ok: true, own: own.compiled };
  // Each form tells what is wrong with the texts.
  return { ok: false, faults: [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()] };
}

const NOTHING_BELOW: Postscript = { texts: null, fieldsFor: () => ({}) };

/** The circular in a frame of the ledger; its faults where it cannot be compiled. Throws on what is no frame. */
export function composeCircular(
  frame: Uint8Array,
  circularId: number,
  options: ComposeOptions,
): ComposedCircular | readonly Fault[] {
  const kept = decodeKeptDraft(frame);
  const forms = formsOf({ ...kept, head: withWayOut(kept.head, options.unsubscribeBase) }, options);
  const compose = (form: DraftForm, isOnePerMail: boolean): OpenCircular | readonly Fault[] => {
    const compiled = compile(form);
    return compiled.ok ? composed(form, compiled.compiled, { circularId, isOnePerMail, ...options }) : compiled.faults;
  };
  if ("open" in forms) return compose(forms.open, false);
  const whole = compose(forms.whole, true);
  const archived = forms.archived === null || !options.archives ? null : compose(forms.archived, true);
  if (isFaults(whole)) return whole;
  if (isFaults(archived)) return archived;
  return secretCircular({ ...options, whole, archived });
}

const isFaults = (made: OpenCircular | readonly Fault[] | null): made is readonly Fault[] => Array.isArray(made);

interface Composing extends ComposeOptions {
  readonly circularId: number;
  /** Each is sealed for its reader, or may be. */
  readonly isOnePerMail: boolean;
}

function composed(
  { head, below }: DraftForm,
  compiled: CompiledDraft,
  { dkim, messageIdOf, circularId, isOnePerMail, unsubscribeKeys, tracking }: Composing,
): OpenCircular {
  const { from, tracked, receipts = tracked ? "delivery" : "none" } = head;
  const isShared = !isOnePerMail && !tracked && fieldsUsed(compiled).length === 0 && head.unsubscribe === undefined;
  // What goes to many at once names none of them.
  const everybody = { address: from.address, ...(from.name === undefined ? {} : { name: from.name }), fields: {} };
  const sharedId = messageIdOf(circularId);
  // Proof: what can be left has a list.
  const list = listOf(head) ?? "";
  return {
    perMail: isShared ? MOST_RECIPIENTS : 1,
    octets: sharedOctets(compiled),
    mailFor(recipients, date, seal) {
      const [first] = recipients;
      if (first === undefined) throw new RangeError("a mail without recipients");
      const messageId = first.messageId ?? (isShared ? sharedId : messageIdOf(first.id));
      const unsubscribing =
        head.unsubscribe === undefined
          ? {}
          : { unsubscribeToken: makeUnsubscribeToken({ list, recipientId: String(first.id) }, unsubscribeKeys) };
      const reader = isShared ? everybody : filledFor(first, below);
      const followed = receipts === "none" ? null : followedBy(tracking, messageId, first.id);
      const asking = followed === null || receipts !== "read" ? {} : { dispositionNotificationTo: followed.address };
      const identity = { messageId, date, ...unsubscribing, ...asking };
      const octets =
        seal === undefined
          ? renderMail(compiled, reader, identity, dkim)
          : renderSealedMail(compiled, reader, identity, { dkim, seal });
      return {
        envelopeId: localPartOf(messageId),
        from: followed?.address ?? from.address,
        recipients,
        octets,
        dsn: { notify: followed?.notify ?? ["FAILURE", "DELAY"], ret: "HDRS" },
        deliverBy: null,
        // MAIL FROM may be an address of ours that does not need it, From is still its author's.
        isUtf8: needsSmtpUtf8(compiled, reader),
      };
    },
  };
}

/** Where reports on the recipient come back to, and which are asked for: by the token in its Message-ID, which was fixed when it was added. */
function followedBy(tracking: Tracking | null, messageId: string, recipient: number) {
  const token = tracking?.tokenIn(messageId, recipient) ?? null;
  return tracking === null || token === null ? null : { address: tracking.addressOf(token), notify: tracking.notify };
}

/** `address` and `name` can be written in a draft as any field. */
function filledFor({ id, address, name, fields }: Reader, { fieldsFor }: Postscript) {
  const own = { address, ...(name === null ? {} : { name }) };
  return { ...own, fields: { ...own, ...fields, ...fieldsFor(id) } };
}
