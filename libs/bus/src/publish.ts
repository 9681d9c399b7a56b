import { JetStreamApiError, type PubAck } from "@nats-io/jetstream";
import { headers, InvalidArgumentError, InvalidSubjectError, type MsgHdrs } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { compressed } from "./encoding.ts";
import { Reject, RetryLater } from "./errors.ts";
import { type Link, unreachable } from "./link.ts";
import { attributesOf, beginSpan, endSpan, type Telemetry, templateOf } from "./telemetry.ts";
import type { Publication, Published } from "./types.ts";

/** Back-pressure: how long a publisher waits before it tries a full stream again. */
const FULL_MS = 2_000;
/** JetStream's error codes: the stream could not store; a message above the stream's own limit. */
const STORE_FAILED = 10077;
const MESSAGE_TOO_LARGE = 10054;

export type Publish = (publication: Publication) => Promise<Published>;

export function publisher(link: Link, telemetry: Telemetry): Publish {
  return async (publication) => {
    const began = performance.now();
    const attributes = attributesOf("publish", templateOf(publication.subject));
    const span = telemetry.tracer && beginSpan(telemetry.tracer, attributes, publication.traceparent);
    try {
      const ack = await publishOnce(link, publication);
      telemetry.publishDuration.record((performance.now() - began) / 1000, attributes);
      if (span !== undefined) endSpan(span);
      return { seq: ack.seq, duplicate: ack.duplicate };
    } catch (error) {
      const outcome = publishFailure(publication, error);
      telemetry.publishDuration.record((performance.now() - began) / 1000, {
        ...attributes,
        "error.type": outcome.code,
      });
      if (span !== undefined) endSpan(span, outcome);
      throw outcome;
    }
  };
}

function publishOnce(link: Link, publication: Publication): Promise<PubAck> {
  const { subject, id } = publication;
  const headers = headersOf(publication);
  const payload = publication.compress === true ? compressed(publication.payload, headers) : publication.payload;
  // The same id on a repetition: what the lost answer had stored already comes back as a duplicate.
  return link.ask(`publish to ${subject}`, () => {
    return link.js.publish(subject, payload, { msgID: id, headers });
  });
}

function headersOf(publication: Publication): MsgHdrs {
  const built = toHeaders(publication.headers);
  if (publication.traceparent !== undefined) built.set(headerNames.traceparent, publication.traceparent);
  return built;
}

export function toHeaders(record: Readonly<Record<string, string>> | undefined): MsgHdrs {
  const built = headers();
  for (const [name, value] of Object.entries(record ?? {})) built.set(name, value);
  return built;
}

function publishFailure(publication: Publication, error: unknown): RetryLater | Reject {
  if (error instanceof RetryLater) return error;
  const { subject, payload } = publication;
  if (error instanceof JetStreamApiError) return refusal(subject, payload.length, error);
  if (error instanceof InvalidArgumentError && error.message.includes("max_payload")) {
    return new Reject(`${payload.length} bytes for ${subject} are more than this NATS server takes (its max_payload)`, {
      code: "too-large",
      cause: error,
    });
  }
  if (error instanceof InvalidArgumentError || error instanceof InvalidSubjectError) {
    return new Reject(`not publishable to ${subject}: ${error.message}`, { code: "invalid", cause: error });
  }
  return unreachable(`publish to ${subject}: ${String(error)}`, error);
}

function refusal(subject: string, bytes: number, error: JetStreamApiError): RetryLater | Reject {
  if (error.code === MESSAGE_TOO_LARGE) {
    return new Reject(`${bytes} bytes for ${subject} are more than its stream takes`, {
      code: "too-large",
      cause: error,
    });
  }
  if (error.code === STORE_FAILED && /maximum|exceeded/.test(error.message)) {
    return new RetryLater(`the stream of ${subject} is full`, { code: "full", afterMs: FULL_MS, cause: error });
  }
  return unreachable(`publish to ${subject}: JetStream says ${error.message} (${error.code})`, error);
}
