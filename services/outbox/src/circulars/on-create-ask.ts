import { createHash } from "node:crypto";
import type { ObjectBucket } from "@tamis/bus";
import { fieldsUsed, missingFields, renderFault } from "@tamis/compose";
import { type CircularAnswer, type DraftedCircular, decodeCircularDraft } from "@tamis/contracts";
import type { Circulars } from "../tables/circulars.ts";
import type { Language } from "../texts.ts";
import { listOf } from "../unsubscribe/way-out.ts";
import type { DraftDesk } from "./attachments/draft-desk.ts";
import { type KeptDraft, keptBody } from "./attachments/kept-draft.ts";
import { tellOf } from "./circular-texts.ts";
import { compileForms, type DraftForms } from "./composed-circular.ts";
import { type Ask, refused } from "./refusal.ts";

/** What is needed to take a new circular in. */
export interface CreateAskDeps {
  readonly circulars: Pick<Circulars, "create">;
  readonly objects: Pick<ObjectBucket, "get" | "delete">;
  /** Whether receipts are followed here. */
  readonly isTracking: boolean;
  readonly desk: Pick<DraftDesk, "take">;
  readonly formsOf: (draft: KeptDraft) => DraftForms;
  /** Whether an account may write as this address. */
  readonly mayWriteAs: (owner: string, from: string) => boolean;
  readonly language: Language;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/** The part of `outbox.circulars` that makes a circular of a draft. */
export async function onCreateAsk(
  { accountId, address, key, draft }: Ask<"create">,
  deps: CreateAskDeps,
): Promise<CircularAnswer> {
  const { language, objects, circulars, now, log } = deps;
  const octets = await objects.get(draft.object);
  if (octets === null) return refused("bad-draft", tellOf("draft-missing", language));
  const sha256 = createHash("sha256").update(octets).digest("hex");
  if (octets.length !== draft.size || sha256 !== draft.sha256)
    return refused("bad-draft", tellOf("draft-missing", language));
  const drafted = readDraft(octets);
  if (typeof drafted === "string") return refused("bad-draft", tellOf("bad-draft", language, { problem: drafted }));
  const { from, subject, tracked, receipts = deps.isTracking && tracked ? "delivery" : "none" } = drafted.head;
  if (!deps.mayWriteAs(address, from.address))
    return refused("not-allowed", tellOf("not-allowed", language, { address: from.address }));
  if (receipts !== "none" && !(deps.isTracking && tracked))
    return refused("bad-draft", tellOf(tracked ? "no-receipts" : "receipts-untracked", language));
  const taken = await deps.desk.take(drafted, [from.address, address]);
  const compiled = compileForms(deps.formsOf(taken.draft));
  if (!compiled.ok)
    return refused("bad-draft", compiled.faults.map((fault) => renderFault(fault, language)).join("\n"));
  const problem = await taken.store();
  if (problem !== null) return refused("not-possible", tellOf("objects-away", language, { problem }));
  // Without a default: who has no value for one of these cannot be written to.
  const needed = missingFields(compiled.own, { address, fields: {} });
  const { draft: kept, objects: linked, password } = taken;
  const body = keptBody(kept) ?? { sha256, octets };
  const about = { subject, tracked, receipts, fields: needed, list: listOf(drafted.head) };
  const stored = await circulars.create({ accountId, key, draft: sha256, body, objects: linked, ...about }, now());
  // What is committed is not needed in the bucket; what stays there for some failure goes with its age.
  await objects
    .delete(draft.object)
    .catch((err: unknown) => log.warn({ err, object: draft.object }, "object-not-deleted"));
  if (stored === "other") return refused("key-reused", tellOf("key-reused", language));
  return {
    kind: "created",
    id: String(stored.id),
    fields: fieldsUsed(compiled.own),
    secrets: kept.secrets.length,
    links: linked.length,
    // Asked again, it is another one than what was stored has.
    ...(password === null || !stored.isNew ? {} : { password }),
  };
}

function readDraft(octets: Uint8Array): DraftedCircular | string {
  try {
    return decodeCircularDraft(octets);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
