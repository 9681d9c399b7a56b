import { type OutboxAnswer, type OutboxAsk, outboxAsk } from "@tamis/contracts";
import type { Owners, Ruled } from "./tables/owners.ts";
import type { Upkeep } from "./tables/upkeep.ts";
import { type Language, tell } from "./texts.ts";

export interface AskDeps {
  readonly owners: Owners;
  readonly upkeep: Pick<Upkeep, "counts">;
  readonly language: Language;
  readonly now: () => Date;
  /** A sending was released, or ended: there is something to do. */
  readonly onRuled: () => void;
}

/** `outbox.ask`: what an owner or an operator wants to know or decide of sendings. Throws on what is no such question. */
export async function onOutboxAsk(payload: unknown, deps: AskDeps): Promise<OutboxAnswer> {
  const ask: OutboxAsk = outboxAsk.parse(payload);
  const { owners, now } = deps;
  switch (ask.op) {
    case "list":
      return { kind: "listed", sendings: await owners.list(ask.accountId, ask.states ?? null, ask.limit) };
    case "release":
      return ruled(await owners.release(ask.accountId, ask.id, now()), deps);
    case "cancel":
      return ruled(await owners.cancel(ask.accountId, ask.id, now()), deps);
    case "counts":
      return { kind: "counts", counts: await deps.upkeep.counts() };
    default:
      return ask satisfies never;
  }
}

function ruled(result: Ruled, { language, onRuled }: AskDeps): OutboxAnswer {
  switch (result) {
    case "missing":
      return { kind: "refused", code: "missing", reason: tell(result, language) };
    case "too-late":
    case "not-possible":
    case "body-gone":
      return { kind: "refused", code: "too-late", reason: tell(result, language) };
    default:
      onRuled();
      return { kind: "done", state: result };
  }
}
