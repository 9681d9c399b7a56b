import {
  type CompiledDraft,
  type CompileOptions,
  compileDraft,
  type DkimSigner,
  type Fault,
  fieldsUsed,
  makeUnsubscribeToken,
  renderMail,
  type UnsubscribeKeys,
} from "@tamis/compose";
import { type DraftedCircular, decodeCircularDraft } from "@tamis/contracts";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import type { ClaimedRecipient } from "../tables/circular-work.ts";
import { listOf, withWayOut } from "../unsubscribe/way-out.ts";

/** What a mail is made of, of a recipient that is claimed or only looked at. */
export type Reader = Pick<ClaimedRecipient, "id" | "address" | "name" | "fields" | "messageId">;

/** A circular that can be sent: its draft compiled once. */
export interface ComposedCircular {
  /** How many recipients one mail may have. */
  readonly perMail: number;
  /** The mail of these recipients: several only where it is the same for all. Throws `RangeError` on what was never to be stored. */
  mailFor(recipients: readonly Reader[], date: Date): OutgoingMail;
}

export interface ComposeOptions {
  readonly dkim: DkimSigner | null;
  /** Of what is no recipient's own: the Message-ID of an untracked circular, with angle brackets. */
  readonly messageIdOf: (number: number) => string;
  /** What the tokens are made with that take a recipient off the list. */
  readonly unsubscribeKeys: UnsubscribeKeys;
  /** Where this installation lets people leave lists; null: nowhere. */
  readonly unsubscribeBase: string | null;
}

/** RFC 5321 §4.5.3.1.8: what every server takes. */
const MOST_RECIPIENTS = 100;

/** Compiles a draft; `fields`: the names that recipients have, where they are known. */
export function compile(
  { head, attachments }: DraftedCircular,
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
      attachments: head.attachments.map((attachment, index) => ({
        ...attachment,
        octets: attachments[index] ?? new Uint8Array(),
      })),
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

/** The circular in a frame of the ledger; its faults where it cannot be compiled. Throws on what is no frame. */
export function composeCircular(
  frame: Uint8Array,
  circularId: number,
  options: ComposeOptions,
): ComposedCircular | readonly Fault[] {
  const { head, attachments } = decodeCircularDraft(frame);
  const drafted = { head: withWayOut(head, options.unsubscribeBase), attachments };
  const compiled = compile(drafted);
  if (!compiled.ok) return compiled.faults;
  return composed(drafted, compiled.compiled, { circularId, ...options });
}

interface Composing extends ComposeOptions {
  readonly circularId: number;
}

function composed(
  { head }: DraftedCircular,
  compiled: CompiledDraft,
  { dkim, messageIdOf, circularId, unsubscribeKeys }: Composing,
): ComposedCircular {
  const { from, tracked } = head;
  const isShared = !tracked && fieldsUsed(compiled).length === 0 && head.unsubscribe === undefined;
  // What goes to many at once names none of them.
  const everybody = { address: from.address, ...(from.name === undefined ? {} : { name: from.name }), fields: {} };
  const sharedId = messageIdOf(circularId);
  // Proof: what can be left has a list.
  const list = listOf(head) ?? "";
  return {
    perMail: isShared ? MOST_RECIPIENTS : 1,
    mailFor(recipients, date) {
      const [first] = recipients;
      if (first === undefined) throw new RangeError("a mail without recipients");
      const messageId = first.messageId ?? (isShared ? sharedId : messageIdOf(first.id));
      const token =
        head.unsubscribe === undefined
          ? {}
          : { unsubscribeToken: makeUnsubscribeToken({ list, recipientId: String(first.id) }, unsubscribeKeys) };
      const reader = isShared ? everybody : filledFor(first);
      const octets = renderMail(compiled, reader, { messageId, date, ...token }, dkim);
      return {
        envelopeId: messageId.slice(1, messageId.lastIndexOf("@")),
        from: from.address,
        recipients,
        octets,
        dsn: { notify: ["FAILURE", "DELAY"], ret: "HDRS" },
        deliverBy: null,
      };
    },
  };
}

/** `address` and `name` can be written in a draft as any field. */
function filledFor({ address, name, fields }: Reader) {
  const own = { address, ...(name === null ? {} : { name }) };
  return { ...own, fields: { ...own, ...fields } };
}
