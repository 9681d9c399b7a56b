import type { Bus } from "@tamis/bus";
import { type ListedSending, outboxAnswer, type SendingSettled, sendingSettled, subjects } from "@tamis/contracts";

const ASK_MS = 10_000;
/** Of one account: enough for what left because of its last mails. */
const NEWEST = 200;

/** What `outbox` has of an account in its ledger, as `tamis outbox list` shows it. Throws `RetryLater` where nobody answers. */
export async function ledgerOf(bus: Pick<Bus, "request">, accountId: string): Promise<readonly ListedSending[]> {
  const question = Buffer.from(JSON.stringify({ op: "list", accountId, limit: NEWEST }));
  const { payload } = await bus.request(subjects.outboxAsk, question, { timeoutMs: ASK_MS });
  const answer = outboxAnswer.parse(JSON.parse(Buffer.from(payload).toString()));
  return answer.kind === "listed" ? answer.sendings : [];
}

const SETTLED: ReadonlySet<string> = new Set<SendingSettled["state"]>([
  "accepted",
  "rejected",
  "unknown",
  "expired",
  "cancelled",
]);

/** Something that left, or that the relay would not take. */
export type Departure = {
  readonly accountId: string;
  readonly sending: ListedSending;
  /** When it was settled, epoch ms. */
  readonly at: number;
};

/**
 * Takes any fact of EVENTS and tells of each sending that was settled. Facts name no address; the ledger does.
 * `onFailed`: the ledger could not be asked.
 */
export function departures(
  bus: Pick<Bus, "request">,
  onDeparture: (departure: Departure) => void,
  onFailed: (error: unknown) => void,
): (subject: string, payload: Uint8Array) => void {
  const told = new Set<string>();
  const tell = (accountId: string, sending: ListedSending, at: number): void => {
    if (told.has(sending.id)) return;
    told.add(sending.id);
    onDeparture({ accountId, sending, at });
  };
  return (subject, payload) => {
    if (subject.split(".")[2] !== sendingSettled.name) return;
    const { accountId, mailId, kind, at } = sendingSettled.schema.parse(JSON.parse(Buffer.from(payload).toString()));
    ledgerOf(bus, accountId).then((sendings) => {
      for (const sending of sendings)
        if (sending.mailId === mailId && sending.kind === kind && SETTLED.has(sending.state))
          tell(accountId, sending, at);
    }, onFailed);
  };
}
