import { createHash, randomUUID } from "node:crypto";
import type { CircularAnswer, CircularAsk, WrittenCircular } from "@tamis/contracts";
import type { CircularEdits } from "../tables/circular-edits.ts";
import type { CircularRecipients } from "../tables/circular-recipients.ts";
import type { Circulars } from "../tables/circulars.ts";
import { attachmentsOf, decodeKeptDraft } from "./attachments/kept-draft.ts";
import { tellOf } from "./circular-texts.ts";
import type { ComposedCircular } from "./composed-circular.ts";
import { type Ask, type Refused, refused } from "./refusal.ts";
import { type DraftToKeep, dropHanded, type TakeDraftDeps, takeDraft, toldOf } from "./take-draft.ts";

/** What is needed to write a circular anew. */
export interface EditAskDeps extends TakeDraftDeps {
  readonly circulars: Pick<Circulars, "find">;
  readonly edits: CircularEdits;
  readonly recipients: Pick<CircularRecipients, "addressee">;
  /** What a frame of the ledger is sent as; null where it cannot be. */
  readonly composeFrame: (frame: Uint8Array, circularId: number) => ComposedCircular | null;
  readonly maxBytes: number;
  readonly now: () => Date;
  /** Something may be due, or may not leave any more. */
  readonly onChanged: () => void;
}

const EDITS = ["written", "revise", "withdraw", "sources", "remove"] as const;

type EditAsk = Ask<(typeof EDITS)[number]>;

/** Whether it is a question for {@link onEditAsk}. */
export const isEdit = (ask: CircularAsk): ask is EditAsk => EDITS.some((op) => op === ask.op);

/** The part of `outbox.circulars` that changes a circular of which nothing has left. */
export async function onEditAsk(ask: EditAsk, deps: EditAskDeps): Promise<CircularAnswer> {
  switch (ask.op) {
    case "written":
      return written(ask, deps);
    case "revise":
      return revise(ask, deps);
    case "withdraw":
      return withdraw(ask, deps);
    case "sources":
      return sources(ask, deps);
    case "remove":
      return remove(ask, deps);
    default:
      return ask satisfies never;
  }
}

async function written({ accountId, id }: Ask<"written">, deps: EditAskDeps): Promise<CircularAnswer> {
  const { edits, objects, language } = deps;
  const found = await edits.read(accountId, id);
  if (found === null) return refused("missing", tellOf("missing", language));
  if (!found.isEditable) return notEditable(found.state, deps);
  if (found.frame === null) return refused("not-possible", tellOf("body-gone", language));
  const kept = decodeKeptDraft(found.frame);
  const { v: _, attachments: __, ...texts } = kept.head;
  const circular: WrittenCircular = { ...texts, attachments: attachmentsOf(kept) };
  const octets = Buffer.from(JSON.stringify(circular));
  const object = randomUUID();
  await objects.put(object, octets);
  const sha256 = createHash("sha256").update(octets).digest("hex");
  return { kind: "written", version: found.version, draft: { object, size: octets.length, sha256 } };
}

const notEditable = (state: string, { language }: Pick<EditAskDeps, "language">): Refused =>
  refused("not-possible", tellOf("not-editable", language, { state }));

async function revise(ask: Ask<"revise">, deps: EditAskDeps): Promise<CircularAnswer> {
  const { edits, language, now, onChanged } = deps;
  const { accountId, id, address, version, draft } = ask;
  const found = await edits.read(accountId, id);
  if (found === null) return refused("missing", tellOf("missing", language));
  if (!found.isEditable) return notEditable(found.state, deps);
  if (found.frame === null) return refused("not-possible", tellOf("body-gone", language));
  // Asked again after a lost answer, it is another version already: that is seen when it is stored.
  const staying = { before: decodeKeptDraft(found.frame), places: new Set(ask.keep) };
  const handed = { address, draft, staying };
  const kept = await takeDraft(handed, deps);
  if ("kind" in kept) return kept;
  const tooLarge = found.state === "draft" ? null : await tooLargeNow(kept, found.id, deps);
  if (tooLarge !== null) return tooLarge;
  const revised = await edits.revise(accountId, id, { ...kept.about, version, now: now() });
  switch (revised) {
    case "missing":
      return refused("missing", tellOf("missing", language));
    case "changed":
      return refused("changed", tellOf("changed", language));
    case "begun":
      return notEditable((await deps.circulars.find(accountId, id))?.state ?? "?", deps);
    case "done":
      await dropHanded(handed, deps);
      onChanged();
      return { kind: "revised", id: String(found.id), ...toldOf(kept, true) };
    default: {
      const fields = revised.fields.map((field) => `{{${field}}}`).join(", ");
      return refused("bad-draft", tellOf("lacking", language, { fields, count: revised.lacking }));
    }
  }
}

/** What is scheduled was looked at by its size, too. */
async function tooLargeNow(
  { about }: DraftToKeep,
  circularId: number,
  { recipients, composeFrame, maxBytes, language, now }: EditAskDeps,
): Promise<Refused | null> {
  const addressee = await recipients.addressee(circularId, undefined);
  const composed = composeFrame(about.body.octets, circularId);
  if (addressee === null || composed === null) return null;
  const made = await composed.mailFor([addressee], now());
  if ("withheld" in made || made.octets.length <= maxBytes) return null;
  return refused("too-large", tellOf("too-large", language, { size: made.octets.length, most: maxBytes }));
}

async function withdraw({ accountId, id }: Ask<"withdraw">, deps: EditAskDeps): Promise<CircularAnswer> {
  const { edits, circulars, language, now, onChanged } = deps;
  const done = await edits.withdraw(accountId, id, now());
  const circular = await circulars.find(accountId, id);
  if (done === "missing" || circular === null) return refused("missing", tellOf("missing", language));
  if (done === "not-possible") return notEditable(circular.state, deps);
  onChanged();
  return { kind: "circular", circular };
}

async function sources({ accountId, id }: Ask<"sources">, { edits, language }: EditAskDeps): Promise<CircularAnswer> {
  const found = await edits.sources(accountId, id);
  return found === null ? refused("missing", tellOf("missing", language)) : { kind: "sources", sources: found };
}

async function remove({ accountId, id, ...which }: Ask<"remove">, deps: EditAskDeps): Promise<CircularAnswer> {
  const { edits, language } = deps;
  const removed = await edits.remove(accountId, id, which);
  if (removed === "missing") return refused("missing", tellOf("missing", language));
  if (removed === "not-possible") return refused("not-possible", tellOf("not-draft", language));
  return { kind: "removed", ...removed };
}
