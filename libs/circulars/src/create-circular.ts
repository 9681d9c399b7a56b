import type { Bus } from "@tamis/bus";
import type { DraftedCircular } from "@tamis/contracts";
import { type Answered, type Asker, askCirculars } from "./ask-circulars.ts";
import { handOver } from "./hand-over.ts";

/** A draft that is to become a circular. */
export interface NewCircular {
  readonly account: { readonly id: string; readonly address: string };
  /** Names it among the circulars of its owner: the same again is the same circular. At most 100 characters. */
  readonly key: string;
  readonly draft: DraftedCircular;
  /** Of a refusal. */
  readonly language: "en" | "fr";
}

/**
 * Puts a draft where `outbox` takes it from, and has it made a circular without recipients.
 * `RetryLater` as of {@link askCirculars}: the same may be asked again.
 */
export async function createCircular(
  bus: Asker & Pick<Bus, "objects">,
  { account, key, draft, language }: NewCircular,
): Promise<Answered<"created">> {
  const { id: accountId, address } = account;
  const handed = await handOver(bus, draft);
  return askCirculars(bus, { op: "create", accountId, address, key, draft: handed, language }, "created");
}
