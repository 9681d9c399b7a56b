import { type Msg, NoRespondersError, RequestError } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { compressed, payloadOf } from "./encoding.ts";
import { RetryLater } from "./errors.ts";
import { isNobodyThere, type Link, unreachable } from "./link.ts";
import { toHeaders } from "./publish.ts";
import type { Incoming, Reply, RequestOptions, Responder, Stoppable } from "./types.ts";

/** The status with which a responder's own failure is answered. */
const FAILED = "failed";

export async function request(
  link: Link,
  subject: string,
  payload: Uint8Array,
  options: RequestOptions,
): Promise<Reply> {
  const { timeoutMs: timeout, compress } = options;
  await link.whenUp(timeout);
  const headers = toHeaders(options.headers);
  const answer = link.nc.request(subject, compress === true ? compressed(payload, headers) : payload, {
    timeout,
    headers,
  });
  const message = await link.untilLost(answer).catch((cause: unknown) => {
    const why = isNobodyThere(cause) ? "nobody answers there" : String(cause);
    throw unreachable(`request to ${subject}: ${why}`, cause);
  });
  const reply = readable(message);
  if (reply.header(headerNames.status) === FAILED) {
    throw new RetryLater(`request to ${subject}: who answers there failed`, { code: FAILED });
  }
  return reply;
}

export async function requestAll(
  link: Link,
  subject: string,
  payload: Uint8Array,
  windowMs: number,
): Promise<readonly Reply[]> {
  await link.whenUp(windowMs);
  const replies: Reply[] = [];
  try {
    for await (const message of await link.nc.requestMany(subject, payload, { strategy: "timer", maxWait: windowMs })) {
      const reply = readable(message);
      if (reply.header(headerNames.status) !== FAILED) replies.push(reply);
    }
  } catch (cause) {
    const nobody = cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders());
    if (!nobody) throw unreachable(`request to ${subject}: ${String(cause)}`, cause);
  }
  return replies;
}

export async function respond(
  link: Link,
  subject: string,
  handler: Responder,
  options: { readonly queue?: string } = {},
): Promise<Stoppable> {
  const subscription = link.nc.subscribe(subject, {
    ...options,
    callback: (error, message) => {
      if (error !== null) link.log.error({ subject, error: String(error) }, "respond-ended");
      else void answer(link, handler, message);
    },
  });
  // Once the server knows of it: who asks after this finds somebody there.
  await link.ask(`subscribe to ${subject}`, () => link.nc.flush());
  return {
    stop: async () => {
      if (!subscription.isClosed() && !link.nc.isClosed()) await subscription.drain();
    },
  };
}

async function answer(link: Link, handler: Responder, message: Msg): Promise<void> {
  try {
    const { payload, headers } = await handler(readable(message));
    send(link, message, payload, headers ?? {});
  } catch (error) {
    const kind = error instanceof Error ? error.name : "unknown";
    link.log.warn({ subject: message.subject, error: kind }, "respond-failed");
    send(link, message, new Uint8Array(0), { [headerNames.status]: FAILED });
  }
}

function send(link: Link, message: Msg, payload: Uint8Array, headers: Readonly<Record<string, string>>): void {
  try {
    message.respond(payload, { headers: toHeaders(headers) });
  } catch (error) {
    link.log.warn({ subject: message.subject, bytes: payload.length, error: String(error) }, "answer-not-sent");
  }
}

function readable(message: Msg): Reply & Incoming {
  return {
    subject: message.subject,
    payload: payloadOf(message),
    header: (name) => (message.headers?.has(name) === true ? message.headers.get(name) : undefined),
  };
}
