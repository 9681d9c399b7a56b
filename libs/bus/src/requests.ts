import { type Msg, type MsgHdrs, NoRespondersError, RequestError, TimeoutError } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { compressed, payloadOf } from "./encoding.ts";
import { RetryLater } from "./errors.ts";
import { isNobodyThere, type Link, unreachable } from "./link.ts";
import { toHeaders } from "./publish.ts";
import type { Incoming, Reply, RequestOptions, Responder, RespondOptions } from "./request-types.ts";
import { ALIVE, LifeWatch, showLife, signsEvery } from "./signs-of-life.ts";
import type { Stoppable } from "./types.ts";

/** The status with which a responder's own failure is answered. */
const FAILED = "failed";
/** The status of what comes ahead of the answer. */
const PART = "part";

export async function request(
  link: Link,
  subject: string,
  payload: Uint8Array,
  options: RequestOptions,
): Promise<Reply> {
  const near = link.near.get(subject);
  if (near !== undefined) return await askNear(link, near, { subject, payload, options });
  const { timeoutMs: timeout, compress, onPart } = options;
  await link.whenUp(timeout);
  const headers = toHeaders(options.headers);
  const data = compress === true ? compressed(payload, headers) : payload;
  const everyMs = signsEvery(options);
  const life = new LifeWatch(everyMs ?? 0);
  const ended = new AbortController();
  const answer =
    onPart === undefined && everyMs === null
      ? link.nc.request(subject, data, { timeout, headers })
      : requestInSteps(link, subject, data, { timeout, headers, onPart, everyMs, life, signal: ended.signal });
  const message = await link.untilLost(Promise.race([answer, life.gone])).catch((cause: unknown) => {
    ended.abort();
    life.end();
    const why = isNobodyThere(cause) ? "nobody answers there" : String(cause);
    throw unreachable(`request to ${subject}: ${why}`, cause);
  });
  const reply = readable(message);
  if (reply.header(headerNames.status) === FAILED) throw hasFailed(subject);
  return reply;
}

const hasFailed = (subject: string): RetryLater =>
  new RetryLater(`request to ${subject}: who answers there failed`, { code: FAILED });

interface Asked {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly options: RequestOptions;
}

/** As {@link request}, of a responder in this process. */
async function askNear(link: Link, handler: Responder, { subject, payload, options }: Asked): Promise<Reply> {
  const { timeoutMs, headers, onPart } = options;
  const late = Promise.withResolvers<never>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    late.reject(unreachable(`request to ${subject}: no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  const sendPart = (part: Uint8Array): void => {
    if (!isLate) onPart?.(part);
  };
  const asked: Incoming = { subject, payload, header: (name) => headers?.[name] };
  const answered = (async () => {
    try {
      return await handler(asked, onPart === undefined ? undefined : sendPart);
    } catch (error) {
      tellFailure(link, subject, error);
      throw hasFailed(subject);
    }
  })();
  try {
    const answer = await Promise.race([answered, late.promise]);
    return { payload: answer.payload, header: (name) => answer.headers?.[name] };
  } finally {
    clearTimeout(timer);
  }
}

function tellFailure(link: Link, subject: string, error: unknown): void {
  link.log.warn({ subject, error: error instanceof Error ? error.name : "unknown" }, "respond-failed");
}

interface StepOptions {
  readonly timeout: number;
  readonly headers: MsgHdrs;
  readonly onPart: ((payload: Uint8Array) => void) | undefined;
  readonly everyMs: number | null;
  readonly life: LifeWatch;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** The last message of the answer, when every part came that it tells of. */
async function requestInSteps({ nc }: Link, subject: string, data: Uint8Array, options: StepOptions): Promise<Msg> {
  const { timeout, headers, onPart, everyMs, life, signal } = options;
  if (onPart !== undefined) headers.set(headerNames.parts, "1");
  if (everyMs !== null) headers.set(headerNames.alive, String(everyMs));
  let came = 0;
  try {
    for await (const message of await nc.requestMany(subject, data, { strategy: "timer", maxWait: timeout, headers })) {
      if (signal.aborted) break;
      life.heard();
      const status = message.headers?.get(headerNames.status);
      if (status === ALIVE) {
        life.begin();
        continue;
      }
      if (status !== PART) {
        const sent = Number(message.headers?.get(headerNames.parts) ?? 0);
        if (sent !== came) throw new Error(`${came} of ${sent} parts of the answer came`);
        return message;
      }
      came += 1;
      onPart?.(payloadOf(message));
    }
  } finally {
    life.end();
  }
  throw new TimeoutError();
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
  { queue, near }: RespondOptions = {},
): Promise<Stoppable> {
  const subscription = link.nc.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, message) => {
      if (error !== null) link.log.error({ subject, error: String(error) }, "respond-ended");
      else void answer(link, handler, message);
    },
  });
  // Once the server knows of it: who asks after this finds somebody there.
  await link.ask(`subscribe to ${subject}`, () => link.nc.flush());
  if (near === true) link.near.set(subject, handler);
  return {
    stop: async () => {
      if (link.near.get(subject) === handler) link.near.delete(subject);
      if (!subscription.isClosed() && !link.nc.isClosed()) await subscription.drain();
    },
  };
}

async function answer(link: Link, handler: Responder, message: Msg): Promise<void> {
  let parts = 0;
  const sendPart = (payload: Uint8Array): void => {
    message.respond(payload, { headers: toHeaders({ [headerNames.status]: PART }) });
    parts += 1;
  };
  const takesParts = message.headers?.has(headerNames.parts) === true;
  const endLife = showLife(message, link.nc);
  try {
    const { payload, headers } = await handler(readable(message), takesParts ? sendPart : undefined);
    endLife();
    send(link, message, payload, { ...headers, ...(parts === 0 ? {} : { [headerNames.parts]: String(parts) }) });
  } catch (error) {
    endLife();
    tellFailure(link, message.subject, error);
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
