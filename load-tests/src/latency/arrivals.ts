import { setTimeout as delay } from "node:timers/promises";
import { type DovecotServer, waitFor } from "@tamis/testkit";
import { loggedMails } from "../dovecot-log.ts";
import { keyOf, type LoadAccount, messageIdOf } from "../load-account.ts";
import type { LogTail } from "../log-tail.ts";
import { type RuleSet, ruleFor } from "../rule-sets.ts";

/** When a mail comes, and to whom. */
export interface Arrival {
  readonly key: number;
  /** From the beginning of the run, ms. */
  readonly atMs: number;
  readonly account: LoadAccount;
}

/** One mail's time, epoch ms. */
export interface Filed {
  readonly key: number;
  /** Dovecot's answer to the LMTP delivery. */
  readonly acceptedAtMs: number;
  /** Dovecot's log of the mail in its folder; undefined: not seen within the deadline. */
  readonly visibleAtMs: number | undefined;
}

const CYCLE = 7;
const DEADLINE_MS = 20_000;

/** `perSecond` mails a second, each a little before or after its beat; accounts in a fixed, mixed order. */
export function steadyArrivals(
  accounts: readonly LoadAccount[],
  count: number,
  perSecond: number,
  firstKey: number,
): readonly Arrival[] {
  return Array.from({ length: count }, (_, index) => {
    const key = firstKey + index;
    const shake = (Math.imul(key + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
    const account = accounts[(index * CYCLE) % accounts.length];
    if (account === undefined) throw new RangeError("arrivals need accounts");
    return { key, atMs: ((index + 0.8 * shake) * 1_000) / perSecond, account };
  });
}

/** All at once, as fast as one LMTP connection takes them: the mails of one account right after each other. */
export function burstArrivals(accounts: readonly LoadAccount[], count: number, firstKey: number): readonly Arrival[] {
  return Array.from({ length: count }, (_, index) => {
    const account = accounts[Math.floor((index * accounts.length) / count)];
    if (account === undefined) throw new RangeError("arrivals need accounts");
    return { key: firstKey + index, atMs: 0, account };
  });
}

function mailText(key: number, rules: RuleSet): string {
  const lines = "Le conseil de classe se tiendra en salle polyvalente, merci de confirmer votre présence.\r\n".repeat(
    40,
  );
  return [
    "From: Le proviseur <proviseur@load.test>",
    "To: Professeurs <professeurs@load.test>",
    `Subject: ${ruleFor(rules, key)?.word ?? ""} Conseil ${key}`,
    `Message-ID: ${messageIdOf(key)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    lines,
  ].join("\r\n");
}

/** Notes when each mail appears in a folder, from what the log got since the last look. */
function noteFiled(log: LogTail, seen: Map<number, number>): void {
  for (const { kind, messageId, atMs } of loggedMails(log.lines().join("\n"))) {
    const key = keyOf(messageId);
    if (kind === "copy" && key !== undefined && !seen.has(key)) seen.set(key, atMs);
  }
}

export interface Delivery {
  readonly dovecot: DovecotServer;
  /** Dovecot's log, with the `mail_log` plugin. */
  readonly log: LogTail;
  readonly rules: RuleSet;
}

/** Delivers at the appointed times and waits until every mail is in its folder. */
export async function deliverAndWait(
  { dovecot, log, rules }: Delivery,
  arrivals: readonly Arrival[],
): Promise<readonly Filed[]> {
  const begin = performance.now();
  const accepted = new Map<number, number>();
  for (const { key, atMs, account } of arrivals) {
    const early = begin + atMs - performance.now();
    if (early > 0) await delay(early);
    accepted.set(key, (await dovecot.deliver(account.address, mailText(key, rules))).acceptedAtMs);
  }
  const seen = new Map<number, number>();
  const allSeen = (): boolean => {
    noteFiled(log, seen);
    return arrivals.every(({ key }) => seen.has(key));
  };
  await waitFor(allSeen, { timeoutMs: DEADLINE_MS, intervalMs: 50, describe: "every mail in its folder" }).catch(
    () => undefined,
  );
  return [...accepted].map(([key, acceptedAtMs]) => ({ key, acceptedAtMs, visibleAtMs: seen.get(key) }));
}
