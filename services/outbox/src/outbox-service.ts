import { randomBytes } from "node:crypto";
import type { Answer, ObjectBucket, Stoppable } from "@tamis/bus";
import { buckets, EVENTS, outgoingObjects, subjects } from "@tamis/contracts";
import { type OnStop, type ServiceContext, type ServiceDefinition, startInOrder } from "@tamis/kit";
import { openStore, type Store, storeSections } from "@tamis/store";
import { Caretaker } from "./caretaker.ts";
import { outboxConfig } from "./config.ts";
import { Courier } from "./courier.ts";
import { examine } from "./doctor.ts";
import { Filer } from "./filer.ts";
import { KeyRing } from "./key-ring.ts";
import { type Measures, measure } from "./measures.ts";
import { onOutboxAsk } from "./on-outbox-ask.ts";
import { onSubmit } from "./on-submit.ts";
import { Pace } from "./pace.ts";
import { RelayState } from "./relay-state.ts";
import { routeOf } from "./route-of.ts";
import type { SendingKind } from "./sending-kind.ts";
import { SessionPool } from "./smtp/session-pool.ts";
import { openFilings } from "./tables/filings.ts";
import { openIntake } from "./tables/intake.ts";
import { openOwners } from "./tables/owners.ts";
import { migrations, type Tables } from "./tables/schema.ts";
import { openTelling } from "./tables/telling.ts";
import { renewTokenKeys } from "./tables/token-keys.ts";
import { openUpkeep, type Upkeep } from "./tables/upkeep.ts";
import { openWork } from "./tables/work.ts";
import { Teller } from "./teller.ts";

const sections = { ...storeSections, outbox: outboxConfig };
type Outbox = ServiceContext<typeof sections>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
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
  const { settings, bus, log, signal } = service;
  await bus.ensureStreams([EVENTS]);
  const store = await openStore<Tables>({
    settings: settings.store,
    stateDir: settings.state_dir,
    service: "outbox",
    migrations,
    log,
    signal,
  });
  onStop(() => store.close());
  const ring = await openKeyRing(service, store);
  onStop(() => ring.stop());
  const measures = measure(service.meter);
  const upkeep = openUpkeep(store);
  const teller = new Teller({ telling: openTelling(store), bus, now, log });
  const objects = await bus.objects(outgoingObjects);
  const filer = new Filer({ filings: openFilings(store), bus, objects, now, log });
  const courier = openCourier(service, store, { measures, teller });
  const caretaker = openCaretaker(service, upkeep, { measures, teller, courier });
  await caretaker.start();
  onStop(() => caretaker.stop());
  teller.start();
  onStop(() => teller.stop());
  filer.start();
  onStop(() => filer.stop());
  courier.start();
  onStop(() => courier.stop(GRACE_MS));
  const answering = await answerAsks(service, { store, upkeep, teller, courier, filer, objects });
  onStop(() => Promise.all(answering.map((one) => one.stop())));
}

const now = (): Date => new Date();

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
  readonly teller: Teller;
}

function openCourier(service: Outbox, store: Store<Tables>, { measures, teller }: CourierParts): Courier {
  const { settings, log, instance, health } = service;
  const { relay, retry, lease_ms: leaseMs } = settings.outbox;
  const pauses = { firstMs: retry.first_ms, maxMs: retry.max_ms };
  return new Courier({
    work: openWork(store),
    pool: new SessionPool({
      route: routeOf(relay),
      idleMs: relay.idle_ms,
      mailsPerSession: relay.mails_per_connection,
    }),
    relay: new RelayState(pauses, (state) => health.set("relay", state)),
    instance,
    connections: relay.connections,
    pace: relay.mails_per_minute === undefined ? null : new Pace(relay.mails_per_minute, Date.now()),
    leaseMs,
    retry: pauses,
    now,
    log,
    traced: measures.tracedBy(service.tracer),
    onResults: (sending, results, ms) => {
      measures.results(sending, results, ms);
      for (const { id, state, reply } of results)
        log.info(
          {
            accountId: sending.accountId,
            mailId: sending.mailId,
            kind: sending.kind,
            id,
            state,
            code: reply.code,
            status: reply.status,
            ms: Math.round(ms),
          },
          "sending-tried",
        );
      teller.wake();
    },
  });
}

interface CaretakerParts extends CourierParts {
  readonly courier: Courier;
}

function openCaretaker(
  { settings, log, health }: Outbox,
  upkeep: Upkeep,
  { measures, teller, courier }: CaretakerParts,
): Caretaker {
  const { outbox } = settings;
  return new Caretaker({
    upkeep,
    now,
    log,
    sweepMs: outbox.sweep_ms,
    lateMs: outbox.late_hours * HOUR_MS,
    keep: { bodiesMs: outbox.keep_bodies_days * DAY_MS, sendingsMs: outbox.keep_days * DAY_MS },
    onSwept: () => {
      teller.wake();
      courier.wake();
    },
    onCounts: measures.counts,
    onStore: (state) => health.set("store", state),
  });
}

interface AnsweringParts {
  readonly store: Store<Tables>;
  readonly upkeep: Upkeep;
  readonly teller: Teller;
  readonly courier: Courier;
  readonly filer: Filer;
  readonly objects: ObjectBucket;
}

async function answerAsks(
  { settings, bus, log }: Outbox,
  { store, upkeep, teller, courier, filer, objects }: AnsweringParts,
): Promise<readonly Stoppable[]> {
  const { outbox } = settings;
  const lifeMs = (kind: SendingKind): number => outbox.expire_hours[kind] * HOUR_MS;
  const submitDeps = {
    intake: openIntake(store, outbox.limits),
    objects,
    rules: {
      redirectFrom: outbox.redirect_from,
      key: outbox.key?.reveal() ?? (await upkeep.keepOnce("redirect-key", randomBytes(32).toString("hex"))),
      maxReceived: outbox.max_received,
      maxRedirects: outbox.max_redirects,
      maxBytes: outbox.max_bytes,
      lifeMs,
    },
    now,
    log,
    onStored: () => {
      courier.wake();
      filer.wake();
    },
  };
  const onRuled = (): void => {
    courier.wake();
    teller.wake();
  };
  const askDeps = { owners: openOwners(store, lifeMs), upkeep, language: outbox.language, now, onRuled };
  return [
    await bus.respond(subjects.outboxSubmit, async ({ payload }) => answerOf(await onSubmit(payload, submitDeps)), {
      queue: "outbox",
    }),
    await bus.respond(
      subjects.outboxAsk,
      async ({ payload }) => answerOf(await onOutboxAsk(JSON.parse(Buffer.from(payload).toString()), askDeps)),
      { queue: "outbox" },
    ),
  ];
}

const answerOf = (value: unknown): Answer => ({ payload: Buffer.from(JSON.stringify(value)) });
