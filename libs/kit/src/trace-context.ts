import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The W3C `traceparent` of a context, by default the active one; `undefined` where it has no span. */
export function toTraceparent(of: Context = context.active()): string | undefined {
  return traceparentOf(trace.getSpanContext(of));
}

/** The same of a span's own context. */
export function traceparentOf(span: SpanContext | undefined): string | undefined {
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & 0xff).toString(16).padStart(2, "0")}`;
}

/** A context whose parent span is the one that `traceparent` names; `onto` as it is where the text is absent or not valid. */
export function fromTraceparent(traceparent: string | undefined, onto: Context = ROOT_CONTEXT): Context {
  const span = parseTraceparent(traceparent);
  return span === null ? onto : trace.setSpanContext(onto, span);
}

const FLAGS_AT = 53;

/** Whether the trace that `traceparent` names is recorded (W3C Trace Context §3.2.2.5); cheap where it is not. */
export function isSampled(traceparent: string | undefined): boolean {
  if (traceparent === undefined || (Number.parseInt(traceparent.slice(FLAGS_AT, FLAGS_AT + 2), 16) & 1) === 0)
    return false;
  return parseTraceparent(traceparent) !== null;
}

function parseTraceparent(text: string | undefined): SpanContext | null {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(text ?? "") ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return null;
  // W3C Trace Context §3.2.2.1: ff is no version, and version 00 has four fields.
  if (version === "ff" || (version === "00" && rest !== undefined)) return null;
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : null;
}

const propagator: TextMapPropagator = {
  fields: () => ["traceparent"],
  inject(from, carrier, setter) {
    const traceparent = toTraceparent(from);
    if (traceparent !== undefined) setter.set(carrier, "traceparent", traceparent);
  },
  extract(onto, carrier, getter) {
    const found = getter.get(carrier, "traceparent");
    return fromTraceparent(Array.isArray(found) ? found[0] : found, onto);
  },
};

/** The active context follows the asynchronous calls. Holds no state but the storage. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    of: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(of, () => run.apply(thisArg, args));
  }

  bind<T>(of: Context, target: T): T {
    if (typeof target !== "function") return target;
    const bound = (...args: unknown[]): unknown => this.#storage.run(of, () => Reflect.apply(target, undefined, args));
    // Proof: the function takes and gives what `target` does.
    return bound as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }
}

let installed = false;

/** Makes contexts follow asynchronous calls and W3C trace context the format between processes. Once per process. */
export function installTraceContext(): void {
  if (installed) return;
  installed = true;
  context.setGlobalContextManager(new AsyncContextManager());
  propagation.setGlobalPropagator(propagator);
}
