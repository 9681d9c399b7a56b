import { type Answer, type Consumption, Reject, type Stoppable } from "@tamis/bus";
import { buckets, EVENTS, metrics, PARKED, RECEIPTS_DURABLE, recipientsTracked, subjects } from "@tamis/contracts";
import { type OnStop, type ServiceContext, type ServiceDefinition, sectionNames, startInOrder } from "@tamis/kit";
import { openStore, type Store, storeSections } from "@tamis/store";
import { type KeyWatch, watchKeys } from "@tamis/tokens";
import { type Answers, startAnswers } from "./answers/start-answers.ts";
import { type ReceiptsConfig, receiptsConfig } from "./config.ts";
import { examine } from "./doctor.ts";
import { onReceiptsAsk } from "./on-receipts-ask.ts";
import { onReport, type ReportDeps } from "./on-report.ts";
import { type Ledger, openLedger } from "./tables/ledger.ts";
import { dropRequests } from "./tables/request-work.ts";
import { migrations, type Tables } from "./tables/schema.ts";
import { openViews } from "./tables/views.ts";

const sections = { ...storeSections, receipts: receiptsConfig };
type Receipts = ServiceContext<typeof sections>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ACK_WAIT_MS = 30_000;
const AT_ONCE = 4;
/** What `outbox` has not told of for so long it never will, ms. */
const UNTOLD_MS = 14 * DAY_MS;

/** Tracked recipients and reports → tables → counts and lists. */
export const receiptsService: ServiceDefinition<typeof sections> = {
  name: "receipts",
  sections,
  start: (service) => startInOrder((onStop) => startParts(service, onStop)),
  doctor: examine,
};

/** In this order: nothing is taken in before it can be kept. */
async function startParts(service: Receipts, onStop: OnStop): Promise<void> {
  const { settings, bus, log, signal } = service;
  await bus.ensureStreams([EVENTS, PARKED]);
  const { store: storeSettings, state_dir: stateDir } = settings;
  const store = await openStore<Tables>({
    settings: storeSettings,
    stateDir,
    service: "receipts",
    migrations,
    log,
    signal,
  });
  onStop(() => store.close());
  const ledger = openLedger(store);
  onStop(dropOld(service, store, ledger));
  const keys = await watchKeys({
    bucket: await bus.bucket(buckets.tokenKeys),
    onUnusable: (fields) => log.error(fields, "token-key-unusable"),
  });
  onStop(() => keys.stop());
  const tracking = await trackRecipients(service, ledger);
  onStop(() => tracking.stop());
  const answers = await startAnswers(service, store);
  onStop(() => answers.stop());
  const answering = await answerAsks(service, { store, ledger, keys, answers });
  onStop(() => Promise.all(answering.map((one) => one.stop())));
}

async function trackRecipients({ bus }: Receipts, ledger: Ledger): Promise<Consumption> {
  await bus.ensureConsumer(EVENTS.name, RECEIPTS_DURABLE, {
    filter: `event.*.${recipientsTracked.name}`,
    ackWaitMs: ACK_WAIT_MS,
    maxAckPending: 2 * AT_ONCE,
  });
  return bus.consume({
    stream: EVENTS.name,
    durable: RECEIPTS_DURABLE,
    concurrency: AT_ONCE,
    handle: async ({ payload }) => ledger.track(readTracked(payload), new Date()),
  });
}

function readTracked(payload: Uint8Array) {
  try {
    return recipientsTracked.schema.parse(readJson(payload));
  } catch (cause) {
    throw new Reject("the message tells of no tracked recipients", { code: "bad-fact", cause });
  }
}

interface Parts {
  readonly store: Store<Tables>;
  readonly ledger: Ledger;
  readonly keys: KeyWatch;
  readonly answers: Answers;
}

async function answerAsks(
  { settings, bus, meter }: Receipts,
  { store, ledger, keys, answers }: Parts,
): Promise<readonly Stoppable[]> {
  const noted = meter.createCounter(metrics.receiptReports, { unit: "{report}", description: "Reports noted" });
  // Where nothing is sent there are no tokens, and none is to be waited for.
  const makesTokens = sectionNames(settings.file).includes("outbox");
  const reportDeps: ReportDeps = {
    ledger,
    keys: () => keys.current() ?? (makesTokens ? null : "none"),
    now: () => new Date(),
    onNoted: (kind, match) => noted.add(1, { kind, match }),
  };
  const askDeps = { views: openViews(store), see: settings.receipts.see, requests: answers.askDeps };
  const options = { queue: "receipts" };
  return [
    await bus.respond(
      subjects.receiptsReport,
      async ({ payload }) => answerOf(await onReport(readJson(payload), reportDeps)),
      options,
    ),
    await bus.respond(
      subjects.receiptsAsk,
      async ({ payload }) => answerOf(await onReceiptsAsk(readJson(payload), askDeps)),
      options,
    ),
  ];
}

const readJson = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());

const answerOf = (value: unknown): Answer => ({ payload: Buffer.from(JSON.stringify(value)) });

/** Drops what is old from time to time; `/readyz` says whether the tables could be asked. */
function dropOld({ settings, log, health }: Receipts, store: Store<Tables>, ledger: Ledger): () => void {
  const { keep_days: keepDays, sweep_minutes: sweepMinutes, answers }: ReceiptsConfig = settings.receipts;
  const ago = (ms: number): Date => new Date(Date.now() - ms);
  const sweep = async (): Promise<void> => {
    try {
      const receipts = await ledger.drop(ago(keepDays * DAY_MS), ago(UNTOLD_MS));
      await store.transaction((db) => dropRequests(db, ago(answers.open_days * DAY_MS), ago(keepDays * DAY_MS)));
      if (receipts > 0) log.info({ receipts }, "receipts-dropped");
      health.set("store", "ok");
    } catch (err) {
      health.set("store", "the database does not answer");
      log.warn({ err }, "sweep-failed");
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), sweepMinutes * MINUTE_MS);
  return () => clearInterval(timer);
}
