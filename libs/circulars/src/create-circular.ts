import { createHash, randomUUID } from "node:crypto";
import type { Bus } from "@tamis/bus";
import { type DraftedCircular, encodeCircularDraft, outgoingObjects } from "@tamis/contracts";
import { type Answered, type Asker, askCirculars } from "./ask-circulars.ts";

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
  const octets = encodeCircularDraft(draft);
  const object = randomUUID();
  await (await bus.objects(outgoingObjects)).put(object, octets);
  const sha256 = createHash("sha256").update(octets).digest("hex");
  const { id: accountId, address } = account;
  return askCirculars(
    bus,
    { op: "create", accountId, address, key, draft: { object, size: octets.length, sha256 }, language },
    "created",
  );
}
