import { trace } from "@opentelemetry/api";
import { destination, type Logger as PinoLogger, pino, stdSerializers, stdTimeFunctions } from "pino";
import { prettyLine } from "./pretty-log.ts";
import type { LogSettings } from "./settings.ts";

/** One method per level; the fields first, then the name of the event in kebab-case: `log.info({ mailId }, "mail-applied")`. */
export type LogMethod = (fields: Readonly<Record<string, unknown>>, event: string) => void;

/** Fields carry ids, counts and durations: never an address, a subject, a body or a secret. An error goes under `err`. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that adds `fields` to each line. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
  isLevelEnabled(level: string): boolean;
}

/** Names under which nothing is ever written, at the top of a line or one below: the second net under the rule above. */
const HIDDEN_FIELDS = new Set([
  "address",
  "subject",
  "body",
  "from",
  "to",
  "cc",
  "bcc",
  "sender",
  "recipient",
  "recipients",
  "user",
  "username",
  "password",
  "pass",
  "secret",
  "token",
  "authorization",
  "credentials",
  "script",
]);

/** What ends one line of the log; must not throw. */
export type WriteLine = (line: string) => void;

export interface LogOptions {
  readonly service: string;
  readonly instance: string;
  readonly settings: LogSettings;
  /** 1 = standard output, 2 = standard error. */
  readonly descriptor?: 1 | 2;
  /** Instead of a descriptor. */
  readonly write?: WriteLine;
}

/** The log of a service: JSON lines, or coloured ones on a terminal. Lines are written at once: a crash loses none. */
export function openLog({ service, instance, settings, descriptor = 1, write }: LogOptions): Logger {
  const output = descriptor === 1 ? process.stdout : process.stderr;
  const pretty = settings.format === "pretty" || (settings.format === "auto" && output.isTTY === true);
  const lines = write === undefined ? destination({ dest: descriptor, sync: true }) : { write };
  const colour = output.isTTY === true && !process.env["NO_COLOR"];
  const stream = pretty ? { write: (line: string) => void lines.write(prettyLine(line, { colour })) } : lines;
  const log = pino(
    {
      level: settings.level,
      messageKey: "event",
      base: { service, instance },
      timestamp: stdTimeFunctions.isoTime,
      // Not pino's `redact`: for so many names it takes most of a line's time (12 of 15 µs).
      formatters: { level: (label) => ({ level: label }), log: (fields) => hide(fields, 1) },
      serializers: { err: serializeError },
      mixin: activeTrace,
    },
    stream,
  );
  return loggerOf(log);
}

/** A plain object: pino runs no formatter over what `child` is given. */
function loggerOf(log: PinoLogger): Logger {
  return {
    trace: log.trace.bind(log),
    debug: log.debug.bind(log),
    info: log.info.bind(log),
    warn: log.warn.bind(log),
    error: log.error.bind(log),
    fatal: log.fatal.bind(log),
    child: (fields) => loggerOf(log.child(hide({ ...fields }, 1))),
    isLevelEnabled: (level) => log.isLevelEnabled(level),
  };
}

type Fields = Record<string, unknown>;

/** `fields` itself, or a copy of it with the hidden ones as `***`; looks `depth` levels down. */
function hide(fields: Fields, depth: number): Fields {
  let shown = fields;
  for (const key in fields) {
    const value = fields[key];
    const instead = HIDDEN_FIELDS.has(key) ? "***" : depth > 0 && isPlainObject(value) ? hide(value, depth - 1) : value;
    if (instead === value) continue;
    if (shown === fields) shown = { ...fields };
    shown[key] = instead;
  }
  return shown;
}

function isPlainObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function activeTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** The slash is left out of it, or the paths of scoped packages in a stack would be taken for addresses. */
const ADDRESS = /[^\s<>"'`(),;:/]+@[^\s<>"'`(),;:/]+/g;

/** An error without the addresses that servers and libraries quote in their messages. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return scrub(String(error));
  const { type, message, stack, ...more } = stdSerializers.err(error);
  const code =
    "code" in more && (typeof more["code"] === "string" || typeof more["code"] === "number")
      ? { code: more["code"] }
      : {};
  return { type, message: scrub(message), stack: scrub(stack), ...code };
}

/** `text` with each mail address as `***`. */
export function scrub(text: string): string {
  return text.replace(ADDRESS, "***");
}
