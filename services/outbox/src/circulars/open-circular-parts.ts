import { createHmac, randomBytes } from "node:crypto";
import { type DkimSigner, dkimSigner, type UnsubscribeKeys } from "@tamis/compose";
import { type CircularAnswer, outgoingObjects } from "@tamis/contracts";
import { type ServiceContext, sectionNames } from "@tamis/kit";
import { openObjects, type Store, type storeSections } from "@tamis/store";
import type { TokenKeys } from "@tamis/tokens";
import type { OutboxConfig, outboxConfig } from "../config.ts";
import { directoryCertificates } from "../lists/ldap/directory-certificates.ts";
import { openLists } from "../lists/open-lists.ts";
import type { Measures } from "../measures.ts";
import type { Rates } from "../moments.ts";
import type { RelayState } from "../relay-state.ts";
import type { RetryPauses } from "../retry-at.ts";
import { routeOf } from "../route-of.ts";
import { isSameMailbox } from "../smtp/address.ts";
import { SessionPool } from "../smtp/session-pool.ts";
import { openCircularChanges } from "../tables/circular-changes.ts";
import { openCircularCopies } from "../tables/circular-copies.ts";
import { openCircularEdits } from "../tables/circular-edits.ts";
import { turnWindows } from "../tables/circular-hours.ts";
import { openCircularRecipients } from "../tables/circular-recipients.ts";
import { openCircularSeries } from "../tables/circular-series.ts";
import { openCircularUpkeep } from "../tables/circular-upkeep.ts";
import { openCircularWork } from "../tables/circular-work.ts";
import { openCirculars } from "../tables/circulars.ts";
import { agreedNow } from "../tables/clocks.ts";
import { openEpochs } from "../tables/epochs.ts";
import { openLinkedFiles } from "../tables/linked-files.ts";
import { openReminders, type Reminder } from "../tables/reminders.ts";
import type { Tables } from "../tables/schema.ts";
import { openSubscriptions } from "../tables/subscriptions.ts";
import type { Upkeep } from "../tables/upkeep.ts";
import type { Tracking } from "../tracking/tracking.ts";
import { certificateFolder, certificatesOf } from "./attachments/certificates.ts";
import { DraftDesk } from "./attachments/draft-desk.ts";
import { dropFiles } from "./attachments/drop-files.ts";
import { circularChores } from "./circular-chores.ts";
import { CircularCourier } from "./circular-courier.ts";
import { type ComposedCircular, type ComposeOptions, composeCircular, formsOf } from "./composed-circular.ts";
import { watchEpoch } from "./epoch-watch.ts";
import { openMessageIds } from "./message-ids.ts";
import { onCircularAsk } from "./on-circular-ask.ts";
import { answeredBy, spareAnswered } from "./spare-answered.ts";

type Outbox = ServiceContext<typeof storeSections & { readonly outbox: typeof outboxConfig }>;

/** What everything that leaves from one process has in common. */
export interface Way {
  readonly relay: RelayState;
  readonly retry: RetryPauses;
  /** null: nothing is tracked. */
  readonly tracking: Tracking | null;
}

/** What sends circulars, looks after them, and answers for them. */
export interface CircularParts {
  readonly courier: CircularCourier;
  readonly chores: () => Promise<void>;
  readonly answer: (payload: unknown) => Promise<CircularAnswer>;
}

interface Opening {
  readonly store: Store<Tables>;
  readonly upkeep: Upkeep;
  readonly measures: Measures;
  readonly way: Way;
  /** What is signed that others read: as it is now. */
  readonly tokenKeys: () => TokenKeys;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
/** So much longer than is shown can a circular that leaves at once be stopped. */
const UNDO_MARGIN_MS = 3_000;
const SLOTS = 32;

const now = (): Date => new Date();

/** Where an instance counts: instances count side by side; two in one slot wait for one another, and no more than that. */
export const slotOf = (instance: string): number =>
  createHmac("sha256", "slot").update(instance).digest().readUInt32BE() % SLOTS;

/** The parts of this service that are about circulars, over its tables and its settings. */
export async function openCircularParts(service: Outbox, opening: Opening): Promise<CircularParts> {
  const { store, upkeep, way } = opening;
  const { circulars: settings, grace_minutes: grace } = service.settings.outbox;
  const own = {
    slot: slotOf(service.instance),
    graceMs: (settings.grace_minutes ?? grace) * MINUTE_MS,
    deadlineMs: settings.deadline_hours * HOUR_MS,
  };
  const work = openCircularWork(store, { ...own, awaitsAnswers: isAnswered(service), rates: ratesOf(service) });
  const key = await upkeep.keepOnce("message-id-key", randomBytes(32).toString("hex"));
  const messageIds = openMessageIds(key, service.settings.outbox, way.tracking);
  const unsubscribeKeys = await unsubscribeKeysOf(upkeep);
  const options = { messageIdOf: messageIds.of, unsubscribeKeys, ...composingOf(service, opening) };
  const composeFrame = composerOf(service, options);
  const compose = async (circularId: number): Promise<ComposedCircular | null> => {
    const frame = await work.draft(circularId);
    return frame === null ? null : composeFrame(frame, circularId);
  };
  const courier = courierOf(service, { ...opening, work, compose });
  const adding = { ...own, messageIdOf: messageIds.ofRecipient };
  return {
    courier,
    chores: choresOf(service, opening, adding),
    answer: await answerer(service, {
      circulars: openCirculars(store, own.deadlineMs),
      recipients: openCircularRecipients(store, adding),
      copies: openCircularCopies(store, adding),
      edits: openCircularEdits(store, adding),
      subscriptions: openSubscriptions(store),
      unsubscribeKeys,
      compose,
      composeFrame,
      isTracking: way.tracking !== null,
      desk: deskOf(service, store),
      formsOf: (draft) => formsOf(draft, options),
      onChanged: () => courier.wake(),
    }),
  };
}

/** What is limited of circulars. */
function ratesOf({ settings }: Outbox): Rates {
  const { relay, circulars } = settings.outbox;
  return {
    inAll: relay.mails_per_minute,
    perDomain: circulars.per_domain_minute,
    perSender: circulars.per_sender_minute,
  };
}

/** Composes a frame of the ledger; null where that cannot be, which is logged. */
function composerOf({ log }: Outbox, options: ComposeOptions) {
  return (frame: Uint8Array, circularId: number): ComposedCircular | null => {
    const composed = composeCircular(frame, circularId, options);
    if ("mailFor" in composed) return composed;
    log.error({ circularId, faults: composed.map(({ code }) => code) }, "circular-not-composed");
    return null;
  };
}

/** Whether it can be known who answered. */
const isAnswered = ({ settings }: Outbox): boolean => sectionNames(settings.file).includes("receipts");

/** How circulars are composed, as far as settings say. */
function composingOf(
  { settings: { outbox }, signal }: Outbox,
  { way, tokenKeys }: Opening,
): Omit<ComposeOptions, "messageIdOf" | "unsubscribeKeys"> {
  const { unsubscribe_base: unsubscribeBase = null, secrets } = outbox.circulars;
  const folder = secrets.certificates === undefined ? null : certificateFolder(secrets.certificates);
  const directory = outbox.lists.ldap === undefined ? null : directoryCertificates(outbox.lists.ldap);
  signal.addEventListener("abort", () => void directory?.close(), { once: true });
  return {
    dkim: signerOf(outbox),
    unsubscribeBase,
    tracking: way.tracking,
    linkKeys: tokenKeys,
    certificates: certificatesOf([folder, directory].filter((place) => place !== null)),
    archives: secrets.archives,
    cipher: secrets.cipher,
    language: outbox.language,
    now,
  };
}

function deskOf({ settings }: Outbox, store: Store<Tables>): DraftDesk {
  const { circulars, language } = settings.outbox;
  const { attachments, sensitive, secrets } = circulars;
  return new DraftDesk({
    links: attachments === undefined ? null : { settings: attachments, objects: openObjects(attachments.store) },
    files: openLinkedFiles(store),
    sensitive,
    archives: secrets.archives,
    language,
    now,
  });
}

async function unsubscribeKeysOf(upkeep: Upkeep): Promise<UnsubscribeKeys> {
  const secret = await upkeep.keepOnce("unsubscribe-key", randomBytes(32).toString("hex"));
  return { current: { id: "k1", secret: Buffer.from(secret, "hex") }, old: [] };
}

function signerOf({ circulars }: OutboxConfig): DkimSigner | null {
  if (circulars.dkim.length === 0) return null;
  const made = dkimSigner(
    circulars.dkim.map(({ domain, selector, key }) => ({ domain, selector, privateKey: key.reveal() })),
  );
  if (!made.ok) throw new Error(`outbox.circulars.dkim: the key ${made.selector} cannot be used (${made.fault})`);
  return made.signer;
}

interface CourierOpening extends Opening {
  readonly work: ReturnType<typeof openCircularWork>;
  readonly compose: (circularId: number) => Promise<ComposedCircular | null>;
}

function courierOf(service: Outbox, { work, compose, way, measures }: CourierOpening): CircularCourier {
  const { settings, instance, log } = service;
  const { relay, circulars, lease_ms: leaseMs } = settings.outbox;
  return new CircularCourier({
    ...way,
    work,
    compose,
    pool: new SessionPool({
      route: routeOf(relay),
      idleMs: relay.idle_ms,
      mailsPerSession: relay.mails_per_connection,
    }),
    instance,
    connections: circulars.connections,
    octets: circulars.composed_bytes,
    leaseMs,
    now,
    log,
    onBegun: measures.circularsBegun,
    onResults: (circular, results, ms) => {
      measures.circularResults(results, ms);
      for (const { id, state, reply } of results)
        if (state !== "accepted" && state !== "returned")
          log.info(
            { circularId: circular.id, id, state, code: reply?.code, status: reply?.status, ms: Math.round(ms) },
            "circular-tried",
          );
    },
  });
}

function choresOf(
  service: Outbox,
  { store, upkeep }: Opening,
  own: Parameters<typeof openCircularUpkeep>[1] & Parameters<typeof openCircularSeries>[1],
): () => Promise<void> {
  const { settings, bus, log } = service;
  const { keep_bodies_days: bodies, keep_days: days, language, circulars } = settings.outbox;
  const { attachments } = circulars;
  const reminders = openReminders(store, own);
  const sparing = { reminders, answered: (reminder: Reminder) => answeredBy(bus, reminder), language, now, log };
  const objects = attachments === undefined ? null : openObjects(attachments.store);
  const circularUpkeep = openCircularUpkeep(store, own);
  const epochs = openEpochs(store);
  const hold = async (isProven: boolean, at: Date): Promise<number> =>
    (await circularUpkeep.holdRestored(at)) + (isProven ? await upkeep.holdAll(at) : 0);
  return circularChores({
    upkeep: circularUpkeep,
    changes: openCircularChanges(store),
    series: openCircularSeries(store, own),
    turnWindows: (at) => turnWindows(store, at),
    spareAnswered: async () => {
      if (isAnswered(service)) await spareAnswered(sparing);
    },
    bus,
    keep: {
      bodiesMs: bodies * DAY_MS,
      circularsMs: days * DAY_MS,
      subscribersMs: settings.outbox.circulars.unsubscribe_days * DAY_MS,
    },
    dropFiles: () => dropFiles({ files: openLinkedFiles(store), objects, now, log }),
    watchEpoch: () => watchEpoch({ epochs, stateDir: settings.state_dir, hold, now, log }),
    now: () => agreedNow(store, now()),
    log,
  });
}

type Answering = Omit<
  Parameters<typeof onCircularAsk>[1],
  "objects" | "mayWriteAs" | "maxBytes" | "undo" | "officeHours" | "lists" | "language" | "now" | "log"
>;

async function answerer({ settings, bus, log }: Outbox, parts: Answering): Promise<CircularParts["answer"]> {
  const { circulars, lists, max_bytes: maxBytes, language } = settings.outbox;
  const deps = {
    ...parts,
    objects: await bus.objects(outgoingObjects),
    mayWriteAs: (owner: string, from: string) =>
      isSameMailbox(owner, from) || circulars.from.some((one) => isSameMailbox(one, from)),
    maxBytes,
    undo: { ms: circulars.undo_ms, shownMs: Math.max(0, circulars.undo_ms - UNDO_MARGIN_MS) },
    officeHours: circulars.office_hours ?? null,
    lists: openLists(lists),
    language,
    now,
    log,
  };
  return (payload) => onCircularAsk(payload, deps);
}
