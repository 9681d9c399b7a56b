import type { CircularAnswer } from "@tamis/contracts";
import type { Circulars } from "../tables/circulars.ts";
import { tellOf } from "./circular-texts.ts";
import { type Ask, refused } from "./refusal.ts";
import { dropHanded, type TakeDraftDeps, takeDraft, toldOf } from "./take-draft.ts";

/** What is needed to take a new circular in. */
export interface CreateAskDeps extends TakeDraftDeps {
  readonly circulars: Pick<Circulars, "create">;
  readonly now: () => Date;
}

/** The part of `outbox.circulars` that makes a circular of a draft. */
export async function onCreateAsk(
  { accountId, address, key, draft }: Ask<"create">,
  deps: CreateAskDeps,
): Promise<CircularAnswer> {
  const handed = { address, draft, staying: null };
  const kept = await takeDraft(handed, deps);
  if ("kind" in kept) return kept;
  const stored = await deps.circulars.create({ accountId, key, draft: draft.sha256, ...kept.about }, deps.now());
  await dropHanded(handed, deps);
  if (stored === "other") return refused("key-reused", tellOf("key-reused", deps.language));
  // Asked again, it is another password than that of what was stored.
  return { kind: "created", id: String(stored.id), ...toldOf(kept, stored.isNew) };
}
