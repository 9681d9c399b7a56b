import { Alarm } from "@tamis/store";
import type { SessionPool } from "../smtp/session-pool.ts";
import type {
  CircularResult,
  CircularWork,
  ClaimedRecipient,
  Share,
  StartedCircular,
} from "../tables/circular-work.ts";
import type { ComposedCircular } from "./composed-circular.ts";
import { Lanes, type MailShape, type Parcel } from "./lanes.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { OctetsUnderWay } from "./octets-under-way.ts";
import { type ParcelDeps, sendParcel } from "./send-parcel.ts";

export interface CircularCourierOptions extends Omit<ParcelDeps, "writer" | "log"> {
  readonly work: CircularWork;
  readonly pool: SessionPool;
  /** Reads and compiles the draft of a circular; null where that cannot be done. */
  readonly compose: (circularId: number) => Promise<ComposedCircular | null>;
  /** Names this process in leases. */
  readonly instance: string;
  /** Mails at once. */
  readonly connections: number;
  /** Octets of long mails at once. */
  readonly octets: number;
  readonly leaseMs: number;
  readonly log: ParcelDeps["log"] & { error(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Circulars began, each so many ms after its instant. */
  readonly onBegun: (lateMs: readonly number[]) => void;
  readonly onResults: (circular: StartedCircular, results: readonly CircularResult[], ms: number) => void;
}

/** Between two looks at the ledger, where nobody says that there is something to do, ms. */
const LOOK_MS = 1_000;
const LEAST_PAUSE_MS = 10;
/** Mails claimed ahead, for each connection: the next ones are there when one is done. */
const AHEAD = 4;

/** Takes due recipients of circulars out of the ledger and gives their mails to the relay. */
export class CircularCourier {
  readonly #options: CircularCourierOptions;
  readonly #writer: LedgerWriter;
  readonly #alarm = new Alarm();
  readonly #lanes = new Lanes();
  readonly #octets: OctetsUnderWay;
  readonly #running = new Set<Promise<void>>();
  /** Leases in use: lease → its recipients without a result. */
  readonly #leases = new Map<string, number>();
  readonly #composed = new Map<number, Promise<ComposedCircular | null>>();
  /** Circulars that had nothing due → until when they are not asked, epoch ms: they take no part of the connections meanwhile. */
  readonly #idle = new Map<number, number>();
  #claims = 0;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: CircularCourierOptions) {
    this.#options = options;
    this.#writer = new LedgerWriter(options);
    this.#octets = new OctetsUnderWay(options.octets);
  }

  start(): void {
    this.#loop = this.#run();
    this.#renewing = setInterval(() => void this.#renew(), this.#options.leaseMs / 3);
  }

  /** There may be something to do. */
  wake(): void {
    this.#idle.clear();
    this.#alarm.ring();
  }

  /** Takes nothing new, gives back what waits, and waits for what is under way, at most `graceMs`: after that connections are cut. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#alarm.ring();
    await this.#loop;
    this.#giveBack(this.#lanes.takeOthers(new Set()));
    const cut = setTimeout(() => this.#options.pool.abort(), graceMs);
    await Promise.all(this.#running);
    clearTimeout(cut);
    await this.#writer.stop();
    clearInterval(this.#renewing);
    await this.#options.pool.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      let pause = LOOK_MS;
      try {
        pause = await this.#round();
      } catch (err) {
        this.#options.log.warn({ err }, "circulars-claim-failed");
      }
      if (pause > 0) await this.#alarm.wait(pause);
    }
  }

  /** Begins what is due, claims what there is room for; how long to wait for the next look, ms. */
  async #round(): Promise<number> {
    const { work, now, relay, onBegun } = this.#options;
    onBegun(await work.start(now()));
    const started = await work.started(now());
    this.#forgetOthers(new Set(started.map(({ id }) => id)));
    const time = now().getTime();
    if (time < relay.pausedUntil) return Math.min(LOOK_MS, relay.pausedUntil - time);
    const shares = await this.#shares(started.filter(({ id }) => (this.#idle.get(id) ?? 0) <= time));
    const isMore = shares.length > 0 && (await this.#claim(started, shares));
    this.#pump();
    return isMore ? 0 : this.#untilNext();
  }

  /** What was paused or cancelled while it waited here. */
  #forgetOthers(started: ReadonlySet<number>): void {
    this.#giveBack(this.#lanes.takeOthers(started));
    for (const id of this.#composed.keys()) if (!started.has(id)) this.#composed.delete(id);
    for (const id of this.#idle.keys()) if (!started.has(id)) this.#idle.delete(id);
  }

  #giveBack(recipients: readonly ClaimedRecipient[]): void {
    if (recipients.length === 0) return;
    const nextAt = this.#options.now();
    this.#writer.tell(
      recipients.map(({ id, circularId, lease }) => ({
        id,
        circularId,
        lease,
        state: "returned",
        reply: null,
        nextAt,
      })),
    );
    this.#release(recipients);
  }

  /** Each circular gets its part of the connections, in mails; a refill is asked for when half of it is gone. Each time another comes first. */
  async #shares(started: readonly StartedCircular[]): Promise<readonly Share[]> {
    const { connections } = this.#options;
    const mails = Math.max(2, Math.ceil((connections * AHEAD) / Math.max(1, started.length)));
    const shares: Share[] = [];
    const first = this.#claims % Math.max(1, started.length);
    for (const { id } of [...started.slice(first), ...started.slice(0, first)]) {
      const { perMail } = await this.#shapeOf(id);
      const count = mails * perMail - this.#lanes.waiting(id);
      if (count >= (mails * perMail) / 2) shares.push({ circularId: id, count, perMail });
    }
    return shares;
  }

  /** Whether there may be more than was claimed now. */
  async #claim(started: readonly StartedCircular[], shares: readonly Share[]): Promise<boolean> {
    const { work, now, leaseMs, instance } = this.#options;
    const lease = `${instance}/c${++this.#claims}`;
    const until = new Date(now().getTime() + leaseMs);
    const { recipients, more } = await work.claim(shares, { name: lease, until }, now());
    const time = now().getTime();
    const found = Map.groupBy(recipients, ({ circularId }) => circularId);
    for (const { circularId } of shares)
      if (!found.has(circularId) && !more.has(circularId)) this.#idle.set(circularId, time + LOOK_MS);
    if (recipients.length > 0) this.#leases.set(lease, recipients.length);
    for (const circular of started) {
      const own = found.get(circular.id);
      if (own !== undefined) this.#lanes.add({ circular, shape: await this.#shapeOf(circular.id) }, own, time);
    }
    return more.size > 0 && this.#running.size < this.#options.connections;
  }

  async #shapeOf(circularId: number): Promise<MailShape> {
    return (await this.#composedOf(circularId)) ?? { perMail: 1, octets: 0 };
  }

  #composedOf(circularId: number): Promise<ComposedCircular | null> {
    const found = this.#composed.get(circularId);
    if (found !== undefined) return found;
    const composing = this.#options.compose(circularId);
    this.#composed.set(circularId, composing);
    // What failed for want of the database is asked again.
    composing.catch(() => this.#composed.delete(circularId));
    return composing;
  }

  async #untilNext(): Promise<number> {
    const now = this.#options.now().getTime();
    const waiting = this.#lanes.nextAt;
    const next = await this.#options.work.nextDue(this.#options.now());
    if (next !== null && next.getTime() < now + LOOK_MS) this.#idle.clear();
    const times = [waiting !== null && waiting > now ? waiting : null, next?.getTime() ?? null];
    const soonest = Math.min(now + LOOK_MS, ...times.filter((time) => time !== null));
    return Math.max(LEAST_PAUSE_MS, soonest - now);
  }

  /** Gives every free connection a mail. */
  #pump(): void {
    const { connections, relay, now } = this.#options;
    while (!this.#isStopping && this.#running.size < (relay.isDown ? 1 : connections)) {
      const time = now().getTime();
      if (time < relay.pausedUntil) return;
      const parcel = this.#lanes.take(time, (octets) => this.#octets.hasRoomFor(octets));
      if (parcel === null) return;
      this.#begin(parcel);
    }
  }

  #begin(parcel: Parcel): void {
    const { log } = this.#options;
    this.#octets.add(parcel.octets);
    const done = this.#send(parcel)
      .catch((err: unknown) => log.error({ err, circularId: parcel.circular.id }, "circular-mail-failed"))
      .finally(() => {
        this.#octets.remove(parcel.octets);
        this.#running.delete(done);
        this.#pump();
        if (this.#lanes.waiting(parcel.circular.id) < this.#options.connections) this.#alarm.ring();
      });
    this.#running.add(done);
  }

  async #send(parcel: Parcel): Promise<void> {
    const began = performance.now();
    const composed = await this.#composedOf(parcel.circular.id);
    try {
      const results = await sendParcel(parcel, composed, { ...this.#options, writer: this.#writer });
      this.#writer.tell(results);
      this.#options.onResults(parcel.circular, results, performance.now() - began);
    } finally {
      this.#release(parcel.recipients);
    }
  }

  /** Their leases are renewed no more when none of theirs is left. */
  #release(recipients: readonly ClaimedRecipient[]): void {
    for (const { lease } of recipients) {
      const left = (this.#leases.get(lease) ?? 0) - 1;
      if (left > 0) this.#leases.set(lease, left);
      else this.#leases.delete(lease);
    }
  }

  async #renew(): Promise<void> {
    const { work, leaseMs, now, log } = this.#options;
    await work
      .renew([...this.#leases.keys()], new Date(now().getTime() + leaseMs))
      .catch((err: unknown) => log.warn({ err }, "circulars-lease-not-renewed"));
  }
}
