import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import { headerNames, PARKED, subjects } from "@tamis/contracts";
import type { Arrival } from "./arrival.ts";
import { payloadOf, type Stored } from "./encoding.ts";
import { Reject } from "./errors.ts";
import { readToEnd } from "./follow.ts";
import type { Link } from "./link.ts";
import type { Publish } from "./publish.ts";
import type { ParkedEntry, Parking } from "./types.ts";

const MSG_ID = "Nats-Msg-Id";
/** The `Nats-Msg-Id` it had: a replay's is made of it. */
const PARKED_ID = "Tamis-Parked-Id";
const SIZE = "Nats-Msg-Size";
const SEQUENCE_NOT_FOUND = 10043;
const DELETE_FAILED = 10057;

interface Headers {
  keys(): string[];
  get(name: string): string;
}

/** A message as PARKED holds it, read in whatever way. */
interface StoredCopy {
  readonly seq: number;
  readonly subject: string;
  readonly parkedAt: number;
  readonly bytes: number;
  readonly headers: Headers | undefined;
}

export interface ParkingPlace {
  readonly stream: string;
  readonly durable: string;
  readonly reason: string;
}

/** Copies the message into PARKED and waits until it is there. */
export type Park = (arrival: Arrival, place: ParkingPlace) => Promise<void>;

export function parker(publish: Publish): Park {
  return async (arrival, { stream, durable, reason }) => {
    const original = arrival.headers();
    await publish({
      subject: subjects.parked(stream, durable),
      payload: arrival.stored,
      // A second copy of the same delivery, made when the first one's acknowledgement was lost, is a duplicate: fine.
      id: `parked/${stream}/${durable}/${arrival.seq}/${arrival.storedAtNanos}`,
      headers: {
        ...ownHeaders(original),
        [headerNames.parkedReason]: reason,
        [headerNames.parkedSubject]: arrival.subject,
        [headerNames.parkedDeliveries]: String(arrival.deliveries),
        [PARKED_ID]: original[MSG_ID] ?? `parked-${arrival.seq}`,
      },
    });
  };
}

export function parking(link: Link, publish: Publish): Parking {
  const remove = async (seq: number): Promise<boolean> => {
    try {
      return await link.ask(`drop parked ${seq}`, () => link.jsm.streams.deleteMessage(PARKED.name, seq));
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  };
  const find = async (seq: number) => {
    const stored = await lookUp(link, seq);
    if (stored === null) return null;
    const { subject, header: headers, data: payload, time } = stored;
    const entry = entryOf({ seq, subject, headers, parkedAt: time.getTime(), bytes: payload.length });
    return { entry, id: headers?.get(PARKED_ID) ?? "", stored: { data: payload, headers } };
  };
  return {
    list: () => list(link),
    show: async (seq) => {
      const found = await find(seq);
      return found === null ? null : { entry: found.entry, payload: readable(found.stored) };
    },
    replay: async (seq) => {
      const found = await find(seq);
      if (found === null) throw new Reject(`nothing is parked under ${seq}`, { code: "not-found" });
      const { subject, headers } = found.entry;
      const published = await publish({ subject, headers, payload: found.stored.data, id: replayId(found.id) });
      if (published.duplicate) throw duplicateReplay(seq);
      await remove(seq);
      return published;
    },
    drop: remove,
  };
}

/** What cannot be read is shown as it is: that may be why it was parked. */
function readable(stored: Stored): Uint8Array {
  try {
    return payloadOf(stored);
  } catch {
    return stored.data;
  }
}

function duplicateReplay(seq: number): Reject {
  return new Reject(
    `parked ${seq} was replayed within the last two minutes already, nothing was published now: see whether it came through, else try again later`,
    { code: "duplicate" },
  );
}

/** `a/b` → `a/b/replay-1` → `a/b/replay-2`: a replayed message that is parked again has another id at its next replay. */
export function replayId(id: string): string {
  const match = /^(.*)\/replay-(\d+)$/.exec(id);
  return match === null ? `${id}/replay-1` : `${match[1]}/replay-${Number(match[2]) + 1}`;
}

async function list(link: Link): Promise<readonly ParkedEntry[]> {
  const entries: ParkedEntry[] = [];
  for await (const message of readToEnd(link, { stream: PARKED.name, filter: "parked.>", headersOnly: true })) {
    const { seq, subject, headers } = message;
    entries.push(
      entryOf({ seq, subject, headers, parkedAt: message.time.getTime(), bytes: Number(headers?.get(SIZE) ?? 0) }),
    );
  }
  return entries;
}

async function lookUp(link: Link, seq: number) {
  if (!Number.isSafeInteger(seq) || seq < 1) return null;
  try {
    return await link.ask(`look up parked ${seq}`, () => link.jsm.streams.getMessage(PARKED.name, { seq }));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return false;
  if (error.code === DELETE_FAILED) return /no message found/.test(error.message);
  return error.code === JetStreamApiCodes.NoMessageFound || error.code === SEQUENCE_NOT_FOUND;
}

function entryOf(copy: StoredCopy): ParkedEntry {
  const { headers } = copy;
  const [, stream = "", durable = ""] = copy.subject.split(".");
  const all = Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? ""]));
  return {
    seq: copy.seq,
    stream,
    durable,
    subject: all[headerNames.parkedSubject] ?? "",
    reason: all[headerNames.parkedReason] ?? "",
    deliveries: Number(all[headerNames.parkedDeliveries] ?? 0),
    parkedAt: copy.parkedAt,
    bytes: copy.bytes,
    headers: ownHeaders(all),
  };
}

/** Without those of the server and of the parking. */
function ownHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(headers).filter(([name]) => !/^(Nats-|Tamis-Parked-)/i.test(name));
  return Object.fromEntries(own);
}
