import { setTimeout as delay } from "node:timers/promises";
import { type Bus, RetryLater } from "@tamis/bus";
import { buckets, DOCTOR_ACCOUNT, partitionOf, receiptsAnswer, recipientsTracked, subjects } from "@tamis/contracts";
import { doorsSections } from "@tamis/doors";
import {
  type Account,
  ConfigFault,
  type DoctorContext,
  type Finding,
  findingOf,
  loadAccounts,
  loadSettings,
  sectionNames,
} from "@tamis/kit";
import type { storeSections } from "@tamis/store";
import { keptKey, tokenKeysOf } from "@tamis/tokens";
import type { outboxConfig } from "../config.ts";
import { routeOf } from "../route-of.ts";
import { isSameMailbox } from "../smtp/address.ts";
import { openSession } from "../smtp/open-session.ts";
import { formatReply } from "../smtp/reply.ts";
import { RelayUnavailable, type Route } from "../smtp/route.ts";
import { sendMail } from "../smtp/send-mail.ts";
import { type BounceSettings, bounceAddress } from "./config.ts";
import { remarks } from "./doctor-texts.ts";
import { PROBE_MS, type ProbeDeps, probeReceipts } from "./probe.ts";

type Context = Pick<
  DoctorContext<typeof storeSections & { readonly outbox: typeof outboxConfig }>,
  "settings" | "signal" | "bus"
>;

const ID = "outbox.receipts";
const ANSWER_MS = 3_000;
/** Of the relay, ms. */
const PATIENCE_MS = 5_000;

/** Whether reports on what is sent come back: one is sent to ourselves. */
export async function receiptsFindings(context: Context): Promise<readonly Finding[]> {
  const { settings, bus } = context;
  const { receipts } = settings.outbox;
  if (receipts === undefined) return [];
  if (!sectionNames(settings.file).includes("receipts")) return [findingOf(ID, remarks.unread)];
  const unwatched = watchFinding(receipts, settings.file);
  if (unwatched !== null) return [unwatched];
  return bus === null ? [] : [await probeFinding(receipts, { ...context, bus })];
}

/** Whether the mailbox is one of ours, as far as that shows; null: nothing stands against it. */
function watchFinding({ address }: BounceSettings, file: string): Finding | null {
  if (address === undefined) return null;
  const account = accountsOf(file).find((one) => isSameMailbox(one.address, address));
  if (account === undefined) return findingOf(ID, remarks.unwatched, { address });
  return account.mode === "observe" ? findingOf(ID, remarks.observed, { address }) : null;
}

/** Their faults are found by those who need them. */
function accountsOf(file: string): readonly Account[] {
  try {
    return loadAccounts(loadSettings(file, doorsSections));
  } catch (error) {
    if (error instanceof ConfigFault) return [];
    throw error;
  }
}

async function probeFinding(receipts: BounceSettings, context: Context & { readonly bus: Bus }): Promise<Finding> {
  const address = bounceAddress(receipts, "…");
  const seconds = PROBE_MS / 1000;
  try {
    const probed = await probeReceipts(depsOf(receipts, context));
    switch (probed.kind) {
      case "arrived":
        return findingOf(ID, remarks.arrived, { address, ms: probed.ms });
      case "refused":
        return findingOf(ID, remarks.refused, { address, reply: probed.reply });
      case "lost":
        return findingOf(ID, remarks.lost, { address, seconds });
      case "not-tried":
      case "silent":
      case "hidden":
        return findingOf(ID, remarks[probed.kind]);
      default:
        return probed satisfies never;
    }
  } catch (error) {
    if (!(error instanceof RelayUnavailable || error instanceof RetryLater)) throw error;
    // What stands against the relay, or NATS, is found by itself.
    return findingOf(ID, remarks.refused, { address, reply: error.message });
  }
}

function depsOf(settings: BounceSettings, { settings: all, bus, signal }: Context & { readonly bus: Bus }): ProbeDeps {
  return {
    settings,
    keys: () => keysIn(bus),
    tell: async (fact) => {
      await bus.publishFact(
        recipientsTracked,
        partitionOf(fact.accountId),
        fact,
        `doctor/${fact.recipients[0]?.messageId}`,
      );
    },
    counts: (messageId) => countsOf(bus, messageId),
    send: (mail) => sendOnce(mail, impatient(routeOf(all.outbox.relay))),
    pause: async (ms) => {
      await delay(ms, undefined, { signal });
    },
    now: () => new Date(),
  };
}

async function keysIn(bus: Bus): ReturnType<ProbeDeps["keys"]> {
  const bucket = await bus.bucket(buckets.tokenKeys);
  const keys = [];
  for (const id of await bucket.keys()) {
    const entry = await bucket.get(id);
    if (entry !== null) keys.push(keptKey.parse(JSON.parse(Buffer.from(entry.value).toString())));
  }
  keys.sort((one, other) => other.madeAt - one.madeAt);
  return keys.length === 0 ? null : tokenKeysOf({ v: 1, keys });
}

async function countsOf(bus: Bus, messageId: string): ReturnType<ProbeDeps["counts"]> {
  const question = { op: "counts", accountId: DOCTOR_ACCOUNT, as: "operator", language: "en", messageId } as const;
  try {
    const payload = Buffer.from(JSON.stringify(question));
    const reply = await bus.request(subjects.receiptsAsk, payload, { timeoutMs: ANSWER_MS });
    const answer = receiptsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    if (answer.kind !== "counts") return "hidden";
    return { recipients: answer.recipients, delivered: answer.counts.delivered ?? 0 };
  } catch (error) {
    if (error instanceof RetryLater) return "silent";
    throw error;
  }
}

const impatient = (route: Route): Route => ({
  ...route,
  connectMs: Math.min(route.connectMs, PATIENCE_MS),
  commandMs: Math.min(route.commandMs, PATIENCE_MS),
  dataMs: Math.min(route.dataMs, PATIENCE_MS),
});

async function sendOnce(mail: Parameters<ProbeDeps["send"]>[0], route: Route): Promise<string | null> {
  const session = await openSession(route);
  try {
    const [outcome] = await sendMail({ session, mail, now: Date.now() }, async () => true);
    return outcome === undefined || outcome.state === "accepted" ? null : formatReply(outcome.reply);
  } finally {
    await session.quit();
  }
}
