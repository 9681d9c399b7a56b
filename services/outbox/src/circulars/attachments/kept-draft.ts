import { createHash } from "node:crypto";
import {
  type CircularDraftHead,
  decodeCircularDraft,
  encodeCircularDraft,
  encodeFrame,
  splitFrame,
  type WrittenCircular,
} from "@tamis/contracts";
import { z } from "zod";

/** A file with its octets. */
export interface KeptFile {
  readonly filename: string;
  readonly type: string;
  readonly octets: Uint8Array;
}

const link = z.object({
  filename: z.string(),
  /** Absent: it was stored before types were kept. */
  type: z.string().optional(),
  size: z.number().int(),
  /** Hex. */
  sha256: z.string(),
  /** Name in the object store. */
  object: z.string(),
  /** What its URL begins with, and how long it works: as the settings were when it was stored. */
  url: z.string(),
  days: z.number().int(),
});
/** An attachment that was stored, and to which a mail has a link. */
export type KeptLink = Readonly<z.infer<typeof link>>;

/** A draft with what became of its attachments. */
export interface KeptDraft {
  readonly head: CircularDraftHead;
  /** They go with every mail. */
  readonly files: readonly KeptFile[];
  readonly links: readonly KeptLink[];
  /** They go with mail that only its reader can open. */
  readonly secrets: readonly KeptFile[];
  /** The secrets, encrypted, for all others; null where there are none, or archives are not allowed. */
  readonly archive: KeptFile | KeptLink | null;
}

const MAGIC = 0x544d4b31; // "TMK1"

const named = z.object({ filename: z.string(), type: z.string() });
const index = z.object({
  files: z.array(named).readonly(),
  links: z.array(link).readonly(),
  secrets: z.array(named).readonly(),
  archive: z.union([link, named]).nullable(),
});

/** The draft as the ledger keeps it where it is not as it was handed over: its texts, what became of its attachments, and their octets. */
export function encodeKeptDraft({ head, files, links, secrets, archive }: KeptDraft): Uint8Array {
  const inside = archive !== null && "octets" in archive ? [archive] : [];
  const names = ({ filename, type }: KeptFile) => ({ filename, type });
  const about: z.infer<typeof index> = {
    files: files.map(names),
    links,
    secrets: secrets.map(names),
    archive: archive !== null && "octets" in archive ? names(archive) : archive,
  };
  const texts = encodeCircularDraft({ head: { ...head, attachments: [] }, attachments: [] });
  const pieces = [...files, ...secrets, ...inside].map(({ octets }) => octets);
  return encodeFrame(MAGIC, [texts, new TextEncoder().encode(JSON.stringify(about)), ...pieces]);
}

/** What the ledger keeps of the draft; null: as it was handed over, since nothing became of its attachments. */
export function keptBody(draft: KeptDraft): { readonly sha256: string; readonly octets: Uint8Array } | null {
  if (draft.links.length + draft.secrets.length === 0) return null;
  const octets = encodeKeptDraft(draft);
  return { sha256: createHash("sha256").update(octets).digest("hex"), octets };
}

/** What the ledger keeps of the draft, in the form that it needs. */
export function bodyOf(draft: KeptDraft): { readonly sha256: string; readonly octets: Uint8Array } {
  const kept = keptBody(draft);
  if (kept !== null) return kept;
  const attachments = draft.files.map(({ filename, type }) => ({ filename, type }));
  const octets = encodeCircularDraft({
    head: { ...draft.head, attachments },
    attachments: draft.files.map((file) => file.octets),
  });
  return { sha256: createHash("sha256").update(octets).digest("hex"), octets };
}

/** The attachments of a draft, in the order in which they are named when it is written anew. */
export const attachmentsOf = ({ files, links, secrets }: KeptDraft): WrittenCircular["attachments"] => [
  ...files.map(({ filename, octets }) => ({ filename, size: octets.length, as: "file" as const })),
  ...links.map(({ filename, size }) => ({ filename, size, as: "link" as const })),
  ...secrets.map(({ filename, octets }) => ({ filename, size: octets.length, as: "secret" as const })),
];

/** Those of {@link attachmentsOf} that are in these places. */
export function staying(
  { files, links, secrets }: KeptDraft,
  places: ReadonlySet<number>,
): Pick<KeptDraft, "files" | "links" | "secrets"> {
  const from = (first: number) => (_: unknown, index: number) => places.has(first + index);
  return {
    files: files.filter(from(0)),
    links: links.filter(from(files.length)),
    secrets: secrets.filter(from(files.length + links.length)),
  };
}

/** A frame of the ledger, of either form. Throws as `decodeCircularDraft` does on what is none. */
export function decodeKeptDraft(frame: Uint8Array): KeptDraft {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length >= 4 && view.getUint32(0) === MAGIC) return decodeOwn(frame);
  const { head, attachments } = decodeCircularDraft(frame);
  return { head, files: withOctets(head.attachments, attachments), links: [], secrets: [], archive: null };
}

function decodeOwn(frame: Uint8Array): KeptDraft {
  const [texts, about, ...pieces] = splitFrame(frame, MAGIC, "kept draft");
  if (texts === undefined || about === undefined) throw new RangeError("kept draft: a piece is missing");
  const { files, links, secrets, archive } = index.parse(JSON.parse(new TextDecoder().decode(about)));
  const inside = archive === null || "object" in archive ? [] : [archive];
  if (pieces.length !== files.length + secrets.length + inside.length)
    throw new RangeError("kept draft: attachments and pieces do not pair up");
  const octets = withOctets([...files, ...secrets, ...inside], pieces);
  return {
    head: decodeCircularDraft(texts).head,
    files: octets.slice(0, files.length),
    links,
    secrets: octets.slice(files.length, files.length + secrets.length),
    archive: octets[files.length + secrets.length] ?? (archive !== null && "object" in archive ? archive : null),
  };
}

const withOctets = (
  names: readonly { readonly filename: string; readonly type: string }[],
  pieces: readonly Uint8Array[],
): readonly KeptFile[] =>
  names.map(({ filename, type }, at) => ({ filename, type, octets: pieces[at] ?? new Uint8Array() }));
