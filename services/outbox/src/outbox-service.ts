import { randomBytes } from "node:crypto";
import type { Answer, Stoppable } from "@tamis/bus";
import { EVENTS, outgoingObjects, subjects } from "@tamis/contracts";
import { type OnStop, type ServiceContext, type ServiceDefinition, startInOrder } from "@tamis/kit";
import { openStore, type Store, storeSections } from "@tamis/store";
import { Caretaker } from "./caretaker.ts";
import { type CircularParts, openCircularParts, type Way } from "./circulars/open-circular-parts.ts";
import { outboxConfig } from "./config.ts";
import { Courier } from "./courier.ts";
import { examine } from "./doctor.ts";
import { type Measures, measure } from "./measures.ts";
import { onOutboxAsk } from "./on-outbox-ask.ts";
import { onSubmit } from "./on-submit.ts";
import { Pace } from "./pace.ts";
import { RelayState } from "./relay-state.ts";
import { routeOf } from "./route-of.ts";
import type { SendingKind } from "./sending-kind.ts";
import { SessionPool } from "./smtp/session-pool.ts";
import { openIntake } from "./tables/intake.ts";
import { openOwners } from "./tables/owners.ts";
import { migrations, type Tables } from "./tables/schema.ts";
import { openTelling } from "./tables/telling.ts";
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
  const measures = measure(service.meter);
  const upkeep = openUpkeep(store);
  const teller = new Teller({ telling: openTelling(store), bus, now, log });
  const way = openWay(service);
  const courier = openCourier(service, store, { measures, teller, way });
  const circulars = await openCircularParts(service, { store, upkeep, measures, way });
  const caretaker = openCaretaker(service, upkeep, { measures, teller, courier, circulars });
  await caretaker.start();
  onStop(() => caretaker.stop());
  teller.start();
  onStop(() => teller.stop());
  courier.start();
  circulars.courier.start();
  onStop(() => Promise.all([courier.stop(GRACE_MS), circulars.courier.stop(GRACE_MS)]));
  const answering = await answerAsks(service, { store, upkeep, teller, courier, circulars });
  onStop(() => Promise.all(answering.map((one) => one.stop())));
}

/** What everything that leaves from this process has in common. */
function openWay({ settings, health }: Outbox): Way {
  const { relay, retry } = settings.outbox;
  const pauses = { firstMs: retry.first_ms, maxMs: retry.max_ms };
  return {
    relay: new RelayState(pauses, (state) => health.set("relay", state)),
    pace: relay.mails_per_minute === undefined ? null : new Pace(relay.mails_per_minute, Date.now()),
    retry: pauses,
  };
}

const now = (): Date => new Date();

interface CourierParts {
  readonly measures: Measures;
  readonly teller: Teller;
  readonly way: Way;
}

function openCourier(service: Outbox, store: Store<Tables>, { measures, teller, way }: CourierParts): Courier {
  const { settings, log, instance } = service;
  const { relay, lease_ms: leaseMs } = settings.outbox;
  return new Courier({
    work: openWork(store),
    pool: new SessionPool({
      route: routeOf(relay),
      idleMs: relay.idle_ms,
      mailsPerSession: relay.mails_per_connection,
    }),
    ...way,
    instance,
    connections: relay.connections,
    leaseMs,
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

interface CaretakerParts extends Omit<CourierParts, "way"> {
  readonly courier: Courier;
  readonly circulars: CircularParts;
}

function openCaretaker(
  { settings, log, health }: Outbox,
  upkeep: Upkeep,
  { measures, teller, courier, circulars }: CaretakerParts,
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
    alsoDo: circulars.chores,
    onCounts: measures.counts,
    onStore: (state) => health.set("store", state),
  });
}

interface AnsweringParts {
  readonly store: Store<Tables>;
  readonly upkeep: Upkeep;
  readonly teller: Teller;
  readonly courier: Courier;
  readonly circulars: CircularParts;
}

async function answerAsks(
  { settings, bus, log }: Outbox,
  { store, upkeep, teller, courier, circulars }: AnsweringParts,
): Promise<readonly Stoppable[]> {
  const { outbox } = settings;
  const lifeMs = (kind: SendingKind): number => outbox.expire_hours[kind] * HOUR_MS;
  const objects = await bus.objects(outgoingObjects);
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
    onStored: () => courier.wake(),
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
    await bus.respond(
      subjects.outboxCirculars,
      async ({ payload }) => answerOf(await circulars.answer(JSON.parse(Buffer.from(payload).toString()))),
      { queue: "outbox" },
    ),
  ];
}

const answerOf = (value: unknown): Answer => ({ payload: Buffer.from(JSON.stringify(value)) });
