import { setTimeout as delay } from "node:timers/promises";
import { type DovecotServer, waitFor } from "@tamis/testkit";
import type { LoadAccount } from "../load-account.ts";
import type { FaultMail } from "./fault-mails.ts";
import type { Delivered } from "./verdict.ts";

/** A steady stream of mail into the accounts, in turn, that goes on while things break. */
export interface DeliveryFlow {
  /** Every mail that Dovecot has accepted. */
  readonly delivered: readonly Delivered[];
  /** Hands these over, so many per second; resolves when all are accepted. */
  readonly deliver: (mails: readonly FaultMail[], perSecond: number) => Promise<void>;
  /** How many more are to be handed over. */
  readonly ahead: () => number;
  /** Resolves when so many have been accepted in all. */
  readonly reached: (count: number) => Promise<void>;
  /** Waits for the delivery under way and begins no other: a server killed now leaves no delivery in doubt. */
  readonly hold: () => Promise<void>;
  readonly release: () => void;
}

const DEADLINE_MS = 300_000;

/** RFC 5321 §4.2.1: a 4yz is no for now, and nothing was delivered. Dovecot gives one while a folder is replaced under it. */
const PASSING = /^LMTP: (?:<[^>]*>: )?4\d\d/;
const RETRY_MS = 50;
const TRIES = 100;

/** As a mail server does: what is refused for now is offered again, 5 s long. */
async function insisting(deliver: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await deliver();
      return;
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error && PASSING.test(error.message))) throw error;
    }
    await delay(RETRY_MS);
  }
}

/** Makes a flow; mail `key` goes to account `key` mod their number. */
export function deliveryFlow(dovecot: DovecotServer, accounts: readonly LoadAccount[]): DeliveryFlow {
  const delivered: Delivered[] = [];
  let isHeld = false;
  let underWay = 0;
  let asked = 0;

  const deliverOne = async ({ key, sort, raw, places }: FaultMail): Promise<void> => {
    await waitFor(() => !isHeld, { timeoutMs: DEADLINE_MS, describe: "the end of a hold on deliveries" });
    const account = accounts[key % accounts.length];
    if (account === undefined) throw new Error("no account to deliver to");
    underWay++;
    try {
      await insisting(() => dovecot.deliver(account.address, raw));
    } finally {
      underWay--;
    }
    delivered.push({ key, accountId: account.id, sort, places });
  };
  const deliver = async (mails: readonly FaultMail[], perSecond: number): Promise<void> => {
    asked += mails.length;
    for (const mail of mails) {
      const nextAt = performance.now() + 1000 / perSecond;
      await deliverOne(mail);
      await delay(Math.max(0, nextAt - performance.now()));
    }
  };
  const reached = async (count: number): Promise<void> => {
    await waitFor(() => delivered.length >= count, { timeoutMs: DEADLINE_MS, describe: `${count} deliveries` });
  };
  const hold = async (): Promise<void> => {
    isHeld = true;
    await waitFor(() => underWay === 0, { timeoutMs: DEADLINE_MS, intervalMs: 2, describe: "the delivery under way" });
  };
  const ahead = (): number => asked - delivered.length;
  return { delivered, deliver, ahead, reached, hold, release: () => (isHeld = false) };
}
