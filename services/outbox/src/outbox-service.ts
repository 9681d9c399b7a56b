import { buckets, EVENTS, outgoingObjects } from "@tamis/contracts";
import { type OnStop, type ServiceDefinition, startInOrder, watchLanguages } from "@tamis/kit";
import { openStore, type Store } from "@tamis/store";
import { answerAsks } from "./answer-asks.ts";
import { Caretaker } from "./caretaker.ts";
import { type CircularParts, openCircularParts, type Way } from "./circulars/open-circular-parts.ts";
import { Courier, MOST_OCTETS } from "./courier.ts";
import { examine } from "./doctor.ts";
import { openDraftParts } from "./drafts/open-draft-parts.ts";
import { Filer } from "./filer.ts";
import { KeyRing } from "./key-ring.ts";
import { openIdentities } from "./lists/ldap/directory-identities.ts";
import { inquire } from "./lookup/open-inquirer.ts";
import { type Measures, measure } from "./measures.ts";
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  now,
  type Outbox,
  poolOf,
  ratesOf,
  resultsTeller,
  sections,
} from "./outbox-context.ts";
import { RelayState } from "./relay-state.ts";
import { openSubmission, submissionName } from "./submission/open-submission.ts";
import { Reporter, type ReporterOptions } from "./submission/reporter.ts";
import { openFilings } from "./tables/filings.ts";
import { openReports } from "./tables/reports.ts";
import { migrations, type Tables } from "./tables/schema.ts";
import { openSubmissions } from "./tables/submissions.ts";
import { openTelling } from "./tables/telling.ts";
import { renewTokenKeys } from "./tables/token-keys.ts";
import { openTrackingQueue } from "./tables/tracking.ts";
import { openUpkeep, type Upkeep } from "./tables/upkeep.ts";
import { openWork } from "./tables/work.ts";
import { Teller } from "./teller.ts";
import { openTracking, type Tracking } from "./tracking/tracking.ts";
import { TrackingTeller } from "./tracking/tracking-teller.ts";

/** What is under way may take so long at a stop; then connections are cut. */
const GRACE_MS = 12_000;

/** Submissions → ledger → the relay → last words. */
export const outboxService: ServiceDefinition<typeof sections> = {
  name: "outbox",
  sections,
  start: (service) => startInOrder((onStop) => startParts(service, onStop)),
  doctor: examine,
};

/** In this order: what was left behind is settled before anything is sent, and nothing is taken in before it can be. */
async function startParts(service: Outbox, onStop: OnStop): Promise<void> {
  const { settings, bus, log } = service;
  await bus.ensureStreams([EVENTS]);
  const store = await openTables(service);
  onStop(() => store.close());
  const ring = await openKeyRing(service, store);
  onStop(() => ring.stop());
  const languages = watchLanguages(settings.file, { otherwise: settings.outbox.language, log });
  onStop(() => languages.stop());
  const measures = measure(service.meter);
  const upkeep = openUpkeep(store);
  const teller = new Teller({ telling: openTelling(store), bus, now, log });
  const objects = await bus.objects(outgoingObjects);
  const filer = new Filer({ filings: openFilings(store), bus, objects, now, log });
  const tracker = new TrackingTeller({ queue: openTrackingQueue(store), bus, now, log });
  const way = openWay(
    service,
    openTracking(settings.outbox.receipts, () => ring.keys),
  );
  // What they report leaves by the courier, whose results they report: each is woken when it is there.
  const ended = { wake: () => [teller, tracker, reporter, drafts.keeper].forEach((one) => void one.wake()) };
  const courier = openCourier(service, store, { measures, ended, way });
  const reporter = openReporter(service, store, { languageOf: languages.of, onStored: () => courier.wake() });
  const onChanged = (): void => [courier, ended].forEach((one) => void one.wake());
  const drafts = openDraftParts(service, { store, objects, languageOf: languages.of, onChanged });
  const circulars = await openCircularParts(service, { store, upkeep, measures, way, tokenKeys: () => ring.keys });
  const caretaker = openCaretaker(service, upkeep, { measures, ended, way, courier, circulars });
  await caretaker.start();
  onStop(() => caretaker.stop());
  for (const rounds of [teller, tracker, reporter, filer, drafts.keeper]) {
    rounds.start();
    onStop(() => rounds.stop());
  }
  courier.start();
  circulars.courier.start();
  onStop(() => Promise.all([courier.stop(GRACE_MS), circulars.courier.stop(GRACE_MS)]));
  inquire(service, store, [ended, courier, circulars.courier], onStop);
  const answering = await answerAsks(service, { store, upkeep, ended, courier, circulars, drafts, filer, objects });
  onStop(() => Promise.all(answering.map((one) => one.stop())));
  await letAuthorsIn(service, { store, measures, ended, way, courier, circulars }, onStop);
}

const openTables = ({ settings, log, signal }: Outbox): Promise<Store<Tables>> =>
  openStore<Tables>({
    settings: settings.store,
    stateDir: settings.state_dir,
    service: "outbox",
    migrations,
    log,
    signal,
  });

/** What everything that leaves from this process has in common. */
function openWay({ settings, health }: Outbox, tracking: Tracking | null): Way {
  const { retry } = settings.outbox;
  const pauses = { firstMs: retry.first_ms, maxMs: retry.max_ms };
  return {
    relay: new RelayState(pauses, (state) => health.set("relay", state)),
    retry: pauses,
    tracking,
  };
}

async function openKeyRing({ settings, bus, log }: Outbox, store: Store<Tables>): Promise<KeyRing> {
  const { use_days: useDays, accept_days: acceptDays } = settings.outbox.tokens;
  const ages = { useMs: useDays * DAY_MS, acceptMs: acceptDays * DAY_MS };
  const bucket = await bus.bucket(buckets.tokenKeys);
  const ring = new KeyRing({ renew: (at) => renewTokenKeys(store, at, ages), bucket, now, log });
  await ring.start();
  return ring;
}

interface CourierParts {
  readonly measures: Measures;
  /** Something came to its last word. */
  readonly ended: { wake(): void };
  readonly way: Way;
}

type ReporterParts = Pick<ReporterOptions, "languageOf" | "onStored">;

function openReporter({ settings, log }: Outbox, store: Store<Tables>, more: ReporterParts): Reporter {
  const { outbox } = settings;
  return new Reporter({
    reports: openReports(store),
    name: submissionName(outbox),
    relay: outbox.relay.host,
    now,
    lifeMs: outbox.expire_hours.report * HOUR_MS,
    log,
    ...more,
  });
}

interface AuthorParts extends CaretakerParts {
  readonly store: Store<Tables>;
}

/** Only where `outbox.submission` is configured. */
async function letAuthorsIn(service: Outbox, parts: AuthorParts, onStop: OnStop): Promise<void> {
  const { settings, instance, bus, log, meter, tracer } = service;
  const { outbox } = settings;
  if (outbox.submission === undefined) return;
  const { store, measures, ended, way, courier } = parts;
  const told = resultsTeller(service, measures);
  await openSubmission(
    {
      settings,
      submission: outbox.submission,
      submissions: openSubmissions(store, {
        limit: outbox.limits.submission,
        knownMs: outbox.submission.known_hours * HOUR_MS,
        rates: ratesOf(service),
      }),
      work: openWork(store, outbox.grace_minutes * MINUTE_MS),
      pool: poolOf(service),
      relay: way.relay,
      retry: way.retry,
      tracking: way.tracking,
      identities: openIdentities(service),
      leaseMs: outbox.lease_ms,
      lifeMs: (kind) => outbox.expire_hours[kind] * HOUR_MS,
      instance,
      bus,
      log,
      meter,
      tracer,
      now,
      onStored: () => {
        courier.wake();
        ended.wake();
      },
      onResults: told,
    },
    onStop,
  );
}

function openCourier(service: Outbox, store: Store<Tables>, { measures, ended, way }: CourierParts): Courier {
  const { settings, log, instance } = service;
  const { relay, lease_ms: leaseMs } = settings.outbox;
  const told = resultsTeller(service, measures);
  return new Courier({
    work: openWork(store, settings.outbox.grace_minutes * MINUTE_MS, { rates: ratesOf(service), octets: MOST_OCTETS }),
    pool: poolOf(service),
    ...way,
    instance,
    connections: relay.connections,
    leaseMs,
    now,
    log,
    traced: measures.tracedBy(service.tracer),
    onResults: (sending, results, ms) => {
      told(sending, results, ms);
      ended.wake();
    },
  });
}

interface CaretakerParts extends CourierParts {
  readonly courier: Courier;
  readonly circulars: CircularParts;
}

function openCaretaker(
  { settings, log, health }: Outbox,
  upkeep: Upkeep,
  { measures, ended, courier, circulars }: CaretakerParts,
): Caretaker {
  const { outbox } = settings;
  return new Caretaker({
    upkeep,
    now,
    log,
    sweepMs: outbox.sweep_ms,
    lateness: { graceMs: outbox.grace_minutes * MINUTE_MS, lateMs: outbox.late_hours * HOUR_MS },
    keep: { bodiesMs: outbox.keep_bodies_days * DAY_MS, sendingsMs: outbox.keep_days * DAY_MS },
    onSwept: () => {
      ended.wake();
      courier.wake();
    },
    alsoDo: circulars.chores,
    onCounts: measures.counts,
    onStore: (state) => health.set("store", state),
  });
}
