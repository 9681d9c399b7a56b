import { partitionOf, type SignInAttempted } from "@tamis/contracts";
import type { Logger } from "@tamis/kit";
import { BoundedMap } from "./bounded-map.ts";
import { peerKey } from "./peer.ts";

/** One attempt as the audit knows it. */
export type AuditFields = Omit<SignInAttempted, "v" | "door" | "at">;

export interface AuditOptions {
  /** `managesieve`, `http` … */
  readonly door: string;
  readonly publish: (p: number, fact: SignInAttempted, id: string) => Promise<void>;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly now: () => number;
  /** Unique for this process. */
  readonly instance: string;
}

/** Facts under way at once: while NATS is away an attack must not fill the memory. The log has them all the same. */
const UNDER_WAY = 1_000;

/** Who is told to come later may ask again at once, without end: one line and one fact a minute say enough. */
const QUIET_MS = 60_000;

/**
 * Writes each attempt into the log (ids and reasons) and publishes it as a fact (with the IP address). Nobody waits for
 * it at the door.
 */
export function auditor(options: AuditOptions): (fields: AuditFields) => void {
  const { door, publish, log, now, instance } = options;
  let count = 0;
  let underWay = 0;
  const told = new BoundedMap<number>(10_000);
  const isTold = (key: string): boolean => {
    const at = told.get(key);
    if (at !== undefined && now() - at < QUIET_MS) return true;
    told.set(key, now());
    return false;
  };
  return (fields) => {
    const { result, reason, mechanism, accountId, peer } = fields;
    if (result === "later" && isTold(`${reason} ${peerKey(peer)}`)) return;
    const about = { door, mechanism, reason, ...(accountId === undefined ? {} : { accountId }) };
    log.info(about, result === "accepted" ? "signed-in" : `sign-in-${result}`);
    if (underWay >= UNDER_WAY) return;
    underWay++;
    const at = now();
    publish(partitionOf(accountId ?? ""), { v: 1, door, at, ...fields }, `sign-in/${instance}/${count++}`)
      .catch((error: unknown) => log.warn({ err: error }, "audit-not-published"))
      .finally(() => underWay--);
  };
}
