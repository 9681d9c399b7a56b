import { createHash } from "node:crypto";
import type { ObjectBucket } from "@tamis/bus";
import { type CompiledDraft, fieldsUsed, missingFields, renderFault } from "@tamis/compose";
import { type CircularReceipts, type DraftedCircular, decodeCircularDraft, MOST_ATTACHMENTS } from "@tamis/contracts";
import type { Language } from "../texts.ts";
import { listOf } from "../unsubscribe/way-out.ts";
import type { DraftDesk, Staying, TakenDraft } from "./attachments/draft-desk.ts";
import { bodyOf, type KeptDraft } from "./attachments/kept-draft.ts";
import { tellOf } from "./circular-texts.ts";
import { compileForms, type DraftForms } from "./composed-circular.ts";
import { type Refused, refused } from "./refusal.ts";

/** What is needed to take a draft in. */
export interface TakeDraftDeps {
  readonly objects: Pick<ObjectBucket, "get" | "put" | "delete">;
  /** Whether receipts are followed here. */
  readonly isTracking: boolean;
  readonly desk: Pick<DraftDesk, "take" | "secretLink">;
  readonly formsOf: (draft: KeptDraft) => DraftForms;
  /** Whether an account may write as this address. */
  readonly mayWriteAs: (owner: string, from: string) => boolean;
  readonly language: Language;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/** A draft that was handed over. */
export interface HandedDraft {
  /** Whose account it is. */
  readonly address: string;
  readonly draft: { readonly object: string; readonly size: number; readonly sha256: string };
  /** What stays of what was written before; null: it is new. */
  readonly staying: Staying | null;
}

/** A draft that can be sent, with its attachments taken apart and stored. */
export interface DraftToKeep {
  readonly taken: TakenDraft;
  readonly compiled: CompiledDraft;
  /** What the ledger keeps, and what is told of it. */
  readonly about: {
    readonly subject: string;
    readonly tracked: boolean;
    readonly receipts: CircularReceipts;
    /** Without a default: who has no value for one of these cannot be written to. */
    readonly fields: readonly string[];
    readonly list: string | null;
    readonly objects: readonly string[];
    readonly body: { readonly sha256: string; readonly octets: Uint8Array };
  };
}

/** Looks at all that may be wrong with a draft, and stores what becomes links; nothing is in the ledger then. */
export async function takeDraft(
  { address, draft, staying }: HandedDraft,
  deps: TakeDraftDeps,
): Promise<DraftToKeep | Refused> {
  const { language } = deps;
  const drafted = await readDraft(draft, deps);
  if ("kind" in drafted) return drafted;
  const { from, subject, tracked, receipts = deps.isTracking && tracked ? "delivery" : "none" } = drafted.head;
  if (!deps.mayWriteAs(address, from.address))
    return refused("not-allowed", tellOf("not-allowed", language, { address: from.address }));
  if (receipts !== "none" && !(deps.isTracking && tracked))
    return refused("bad-draft", tellOf(tracked ? "no-receipts" : "receipts-untracked", language));
  const senders = [from.address, address];
  const filename = staying === null ? null : deps.desk.secretLink(staying, senders);
  if (filename !== null) return refused("bad-draft", tellOf("link-now-secret", language, { filename }));
  if (drafted.head.attachments.length + (staying?.places.size ?? 0) > MOST_ATTACHMENTS)
    return refused("bad-draft", tellOf("too-many-attachments", language, { most: MOST_ATTACHMENTS }));
  const taken = await deps.desk.take(drafted, senders, staying);
  const compiled = compileForms(deps.formsOf(taken.draft));
  if (!compiled.ok)
    return refused("bad-draft", compiled.faults.map((fault) => renderFault(fault, language)).join("\n"));
  const problem = await taken.store();
  if (problem !== null) return refused("not-possible", tellOf("objects-away", language, { problem }));
  const fields = missingFields(compiled.own, { address, fields: {} });
  const about = { subject, tracked, receipts, fields, list: listOf(drafted.head), objects: taken.objects };
  return { taken, compiled: compiled.own, about: { ...about, body: bodyOf(taken.draft) } };
}

/** What is committed is not needed in the bucket; what stays there for some failure goes with its age. */
export async function dropHanded({ draft }: HandedDraft, { objects, log }: TakeDraftDeps): Promise<void> {
  await objects
    .delete(draft.object)
    .catch((err: unknown) => log.warn({ err, object: draft.object }, "object-not-deleted"));
}

/** What its owner is told of a draft that was taken. `isNew`: it is in the ledger now; else the archive there has another password. */
export const toldOf = ({ taken, compiled }: DraftToKeep, isNew: boolean) => ({
  fields: fieldsUsed(compiled),
  secrets: taken.draft.secrets.length,
  links: taken.objects.length,
  ...(taken.password === null || !isNew ? {} : { password: taken.password }),
});

async function readDraft(
  { object, size, sha256 }: HandedDraft["draft"],
  { objects, language }: TakeDraftDeps,
): Promise<DraftedCircular | Refused> {
  const octets = await objects.get(object);
  const isWhole = octets?.length === size && createHash("sha256").update(octets).digest("hex") === sha256;
  if (octets === null || !isWhole) return refused("bad-draft", tellOf("draft-missing", language));
  try {
    return decodeCircularDraft(octets);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return refused("bad-draft", tellOf("bad-draft", language, { problem }));
  }
}
