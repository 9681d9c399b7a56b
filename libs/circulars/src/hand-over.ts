import { createHash, randomUUID } from "node:crypto";
import type { Bus } from "@tamis/bus";
import { type DraftedCircular, encodeCircularDraft, outgoingObjects } from "@tamis/contracts";

/** Where a draft lies until `outbox` has taken it. */
interface HandedOver {
  readonly object: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** Puts a draft where `outbox` takes it from. */
export async function handOver(bus: Pick<Bus, "objects">, draft: DraftedCircular): Promise<HandedOver> {
  const octets = encodeCircularDraft(draft);
  const object = randomUUID();
  await (await bus.objects(outgoingObjects)).put(object, octets);
  return { object, size: octets.length, sha256: createHash("sha256").update(octets).digest("hex") };
}
