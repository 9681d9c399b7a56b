import { programOutputEdit } from "@tamis/contracts";
import { type Message, readMessage } from "@tamis/message";
import { applyEdits, type MessageEdit, PartNotEditable, type ProgramOutputs } from "@tamis/sieve";
import { z } from "zod";
import { formatMarker, MARKER_FIELD, type RewriteMarker } from "./rewrite-marker.ts";

/** The mail as its script wants it, or why it cannot be: a stable code. */
export type EditedMail =
  | { readonly kind: "edited"; readonly raw: Uint8Array }
  | { readonly kind: "refused"; readonly reason: "unknown-edit" | "not-editable" | "signed" };

/** RFC 1847, RFC 8551, RFC 3156: changed, they would no longer prove anything or could no longer be read. */
const SEALED: ReadonlySet<string> = new Set([
  "multipart/signed",
  "multipart/encrypted",
  "application/pkcs7-mime",
  "application/x-pkcs7-mime",
]);

const index = z.number().int().nonnegative();
const part = z.array(index).readonly();

/** `MessageEdit` as it comes over the bus. */
const messageEdit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("add-header"), name: z.string().min(1), value: z.string(), last: z.boolean() }),
  z.object({ kind: z.literal("delete-header"), name: z.string().min(1), indexes: part }),
  z.object({
    kind: z.literal("replace-part"),
    part,
    mime: z.boolean(),
    text: z.string(),
    subject: z.string().optional(),
    from: z.string().optional(),
  }),
  z.object({
    kind: z.literal("enclose"),
    text: z.string(),
    subject: z.string().optional(),
    headers: z.array(z.string()).readonly(),
    from: z.string(),
    date: z.number(),
  }),
  programOutputEdit,
  z.object({ kind: z.literal("convert-part"), part, to: z.string(), charset: z.string() }),
]);

/**
 * The whole mail with the edits of a plan made, and the marker as its first header field, the only one of that name. `outputs`: what
 * programs made of it, by the keys of such edits.
 */
export function editedMail(
  raw: Uint8Array,
  { edits, outputs }: { readonly edits: readonly unknown[]; readonly outputs: ProgramOutputs },
  marker: RewriteMarker,
): EditedMail {
  const message = readMessage(raw);
  if (SEALED.has(message.root.type)) return { kind: "refused", reason: "signed" };
  const parsed = z.array(messageEdit).safeParse(edits);
  if (!parsed.success) return { kind: "refused", reason: "unknown-edit" };
  try {
    const edited = applyEdits(message, parsed.data as readonly MessageEdit[], outputs);
    return { kind: "edited", raw: marked(edited, marker).raw };
  } catch (error) {
    if (!(error instanceof PartNotEditable)) throw error;
    return { kind: "refused", reason: "not-editable" };
  }
}

function marked(message: Message, marker: RewriteMarker): Message {
  const older = message.headers(MARKER_FIELD).map((_, at) => at);
  return applyEdits(message, [
    { kind: "delete-header", name: MARKER_FIELD, indexes: older },
    { kind: "add-header", name: MARKER_FIELD, value: formatMarker(marker), last: false },
  ]);
}
