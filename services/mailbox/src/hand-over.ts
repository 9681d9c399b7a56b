import { RetryLater } from "@tamis/bus";
import { type ApplyCommand, type BatchHead, partitionOf, subjects } from "@tamis/contracts";
import { readCommand } from "./apply-command.ts";
import { frameBatch, type ReadMail } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** A batch that `filter` has. */
export interface HandedOver {
  /** Resolves when the commands that came with the answer are carried out, or are in APPLY. Null: there were none, all is in JetStream. */
  readonly carried: Promise<unknown> | null;
}

/** Carries out a command that lies in no stream. Rejects with RetryLater where it cannot be now. */
export type CarryOut = (command: ApplyCommand) => Promise<void>;

const DURABLE: HandedOver = { carried: null };

type HandOverDeps = Pick<WorkerDeps, "bus" | "tracer" | "filterLine" | "metrics">;

/**
 * Hands mails to `filter`: by the short way where it answers, else through MAIL. Resolves when they, or what was decided of them but for the
 * commands given, are in JetStream. Rejects as `Bus.publish`.
 */
export async function handOver(
  deps: HandOverDeps,
  head: BatchHead,
  mails: readonly ReadMail[],
  carryOut: CarryOut,
): Promise<HandedOver> {
  if (mails.length === 0) return DURABLE;
  const { bus, filterLine, metrics } = deps;
  const batch = frameBatch(deps.tracer, head, mails, "");
  const given: Promise<void>[] = [];
  const isDecided = await filterLine.decides(batch.payload, (payload) => {
    const command = readCommand(payload);
    const carried = carryOut(command).catch((error: unknown) => passOn(deps, command, payload, error));
    // Told to whoever awaits it below; until then it is no unhandled one.
    carried.catch(() => undefined);
    given.push(carried);
  });
  if (!isDecided) await bus.publish(batch);
  metrics.handedOver.add(1, { way: isDecided ? "asked" : "stream" });
  return given.length === 0 ? DURABLE : { carried: Promise.all(given) };
}

/** What cannot be carried out now has patience in APPLY. Where the account is another instance's, that one decides anew. */
async function passOn({ bus }: HandOverDeps, command: ApplyCommand, payload: Uint8Array, error: unknown) {
  if (!(error instanceof RetryLater) || error.code === "lease-lost") throw error;
  const { accountId, folder, decisions } = command;
  const uids = `${decisions[0]?.uid}-${decisions.at(-1)?.uid}.${decisions.length}`;
  await bus.publish({
    subject: subjects.mailboxApply(partitionOf(accountId)),
    payload,
    id: `${accountId}/${folder.id}/${folder.uidValidity}/${uids}/given/${Date.now().toString(36)}`,
  });
}
