import type { CircularAnswer, CircularAsk } from "@tamis/contracts";
import type { CircularCopies } from "../tables/circular-copies.ts";
import type { Language } from "../texts.ts";
import { tellOf } from "./circular-texts.ts";

export interface CopyAskDeps {
  readonly copies: CircularCopies;
  readonly language: Language;
  readonly now: () => Date;
}

type CopyAsk = Extract<CircularAsk, { readonly op: "again" | "add-from" }>;

/** `outbox.circulars`, as far as it is about circulars that are made of others. */
export async function onCopyAsk(ask: CopyAsk, { copies, language, now }: CopyAskDeps): Promise<CircularAnswer> {
  if (ask.op === "again") {
    const draft = await copies.again(ask.accountId, ask.id, { key: ask.key, now: now() });
    if (draft === "missing") return { kind: "refused", code: "missing", reason: tellOf("missing", language) };
    if (draft === "body-gone") return { kind: "refused", code: "not-possible", reason: tellOf("body-gone", language) };
    return { kind: "created", id: String(draft.id), fields: draft.fields, secrets: 0, links: 0 };
  }
  const { of, recipients } = ask;
  const added = await copies.addFrom(ask.accountId, ask.id, { of, recipients, now: now() });
  if (added === "missing") return { kind: "refused", code: "missing", reason: tellOf("missing", language) };
  if (added === "not-possible") return { kind: "refused", code: "not-possible", reason: tellOf("not-draft", language) };
  return { kind: "added", ...added };
}
