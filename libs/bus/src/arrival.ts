import { type Msg, nanos } from "@nats-io/transport-node";
import { payloadOf } from "./encoding.ts";
import type { Delivery } from "./types.ts";

const encoder = new TextEncoder();
const ACK = encoder.encode("+ACK");
const NAK = encoder.encode("-NAK");
const TERM = encoder.encode("+TERM");
const WORKING = encoder.encode("+WPI");

/** One message as the server delivered it, and the four answers to it. */
export class Arrival implements Delivery {
  readonly subject: string;
  readonly deliveries: number;
  readonly seq: number;
  /** Nanoseconds in decimal: with `seq` it names the stored message for good, even after its stream was made anew. */
  readonly storedAtNanos: string;
  /** `performance.now()` when the server last heard that it is in work. */
  touchedAt = performance.now();
  readonly #message: Msg;
  #payload: Uint8Array | null = null;

  constructor(message: Msg, place: Place) {
    this.#message = message;
    this.subject = message.subject;
    this.deliveries = place.deliveries;
    this.seq = place.seq;
    this.storedAtNanos = place.storedAtNanos;
  }

  /** As it was published. Throws where it is said to be compressed and is not. */
  get payload(): Uint8Array {
    this.#payload ??= payloadOf(this.#message);
    return this.#payload;
  }

  /** As the stream holds it. */
  get stored(): Uint8Array {
    return this.#message.data;
  }

  get storedAt(): number {
    return Number(this.storedAtNanos) / 1e6;
  }

  header(name: string): string | undefined {
    const { headers } = this.#message;
    return headers?.has(name) === true ? headers.get(name) : undefined;
  }

  headers(): Readonly<Record<string, string>> {
    const { headers } = this.#message;
    return Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? ""]));
  }

  working(): void {
    this.touchedAt = performance.now();
    this.#message.respond(WORKING);
  }

  ack(): void {
    this.#message.respond(ACK);
  }

  nak(afterMs: number): void {
    this.#message.respond(afterMs === 0 ? NAK : encoder.encode(`-NAK ${JSON.stringify({ delay: nanos(afterMs) })}`));
  }

  /** Without a text: nats-server 2.9 takes `+TERM reason` for no term at all. */
  term(): void {
    this.#message.respond(TERM);
  }
}

/** What the reply subject of a delivery tells. */
export interface Place {
  readonly deliveries: number;
  readonly seq: number;
  readonly storedAtNanos: string;
}

/**
 * NATS ADR-15: `$JS.ACK.<stream>.<durable>.<deliveries>.<seq>.<consumer seq>.<ns>.<pending>`, in later servers with
 * `<domain>.<account>` before the stream and more behind. `null`: no delivery of JetStream.
 */
export function parsePlace(reply: string): Place | null {
  const tokens = reply.split(".");
  if (tokens[0] !== "$JS" || tokens[1] !== "ACK" || tokens.length < 9) return null;
  const at = tokens.length === 9 ? 4 : 6;
  const [deliveries, seq, , storedAtNanos] = tokens.slice(at);
  if (deliveries === undefined || seq === undefined || storedAtNanos === undefined) return null;
  return { deliveries: Number(deliveries), seq: Number(seq), storedAtNanos };
}
