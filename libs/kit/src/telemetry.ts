import { createNoopMeter, DiagLogLevel, diag, type Meter, metrics, type Tracer, trace } from "@opentelemetry/api";
import type { MetricReader } from "@opentelemetry/sdk-metrics";
import { correlatingTracerProvider } from "./correlating-tracer.ts";
import { type Logger, scrub } from "./log.ts";
import { observeProcess } from "./process-metrics.ts";
import type { TelemetrySettings } from "./settings.ts";
import { installTraceContext } from "./trace-context.ts";

/** Tracing and measuring of one service. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** All metrics as Prometheus text; `null` where Prometheus is not configured. */
  readonly scrape: (() => Promise<string>) | null;
  /** Sends what is not sent yet. Never throws. */
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  readonly service: string;
  readonly instance: string;
  readonly settings: TelemetrySettings;
  readonly log: Logger;
}

interface Part {
  flushAndStop(): Promise<void>;
}

/** Bounds, in seconds, of histograms whose unit is `s`: mail is sorted in milliseconds, archives take minutes. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** The same for `ms`. */
const MILLISECONDS = SECONDS.map((seconds) => seconds * 1000);

/**
 * Starts what is configured and loads no more than that: the single SDK packages, not sdk-node, which takes 10 MB and 100 ms
 * more for the exporters that are not used. Without a collector there is no span processor at all.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  installTraceContext();
  const { settings, log, service } = options;
  if (settings.otlp === undefined && settings.prometheus === undefined) {
    trace.setGlobalTracerProvider(correlatingTracerProvider);
    return {
      tracer: correlatingTracerProvider.getTracer(service),
      meter: createNoopMeter(),
      scrape: null,
      stop: async () => {},
    };
  }
  diag.setLogger(diagnosticLogger(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const tracing = await startTracing(options);
  const measuring = await startMeasuring(options);
  return {
    tracer: tracing.tracer,
    meter: measuring.meter,
    scrape: measuring.scrape,
    stop: async () => void (await Promise.allSettled([tracing.flushAndStop(), measuring.flushAndStop()])),
  };
}

async function startTracing(options: TelemetryOptions): Promise<Part & Pick<Telemetry, "tracer">> {
  const { otlp, sampling } = options.settings;
  if (otlp === undefined) {
    trace.setGlobalTracerProvider(correlatingTracerProvider);
    return { tracer: correlatingTracerProvider.getTracer(options.service), flushAndStop: async () => {} };
  }
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } = await import(
    "@opentelemetry/sdk-trace"
  );
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  const exporter = new OTLPTraceExporter(collector(otlp, "traces"));
  const provider = new TracerProvider({
    resource: await resourceOf(options),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampling) }),
    // A burst of mail makes more spans than the 2,048 that the SDK keeps by default.
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: 16_384, scheduledDelayMillis: 1_000 })],
  });
  trace.setGlobalTracerProvider(provider);
  return { tracer: provider.getTracer(options.service), flushAndStop: () => provider.shutdown() };
}

async function startMeasuring(options: TelemetryOptions): Promise<Part & Pick<Telemetry, "meter" | "scrape">> {
  const { AggregationType, InstrumentType, MeterProvider } = await import("@opentelemetry/sdk-metrics");
  const prometheus = options.settings.prometheus === undefined ? null : await prometheusReader();
  const pushing = await pushingReader(options.settings);
  const provider = new MeterProvider({
    resource: await resourceOf(options),
    readers: [prometheus?.reader, pushing].filter((reader) => reader !== undefined),
    views: [
      { unit: "s", boundaries: SECONDS },
      { unit: "ms", boundaries: MILLISECONDS },
    ].map(({ unit, boundaries }) => ({
      instrumentType: InstrumentType.HISTOGRAM,
      instrumentUnit: unit,
      aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
    })),
  });
  metrics.setGlobalMeterProvider(provider);
  const meter = provider.getMeter(options.service);
  observeProcess(meter);
  return { meter, scrape: prometheus?.scrape ?? null, flushAndStop: () => provider.shutdown() };
}

async function prometheusReader(): Promise<{ reader: MetricReader; scrape: () => Promise<string> }> {
  const { PrometheusExporter, PrometheusSerializer } = await import("@opentelemetry/exporter-prometheus");
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer("", false, undefined, false, true);
  return { reader, scrape: async () => serializer.serialize((await reader.collect()).resourceMetrics) };
}

async function pushingReader({ otlp }: TelemetrySettings): Promise<MetricReader | undefined> {
  if (otlp === undefined) return undefined;
  const { PeriodicExportingMetricReader } = await import("@opentelemetry/sdk-metrics");
  const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-http");
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(collector(otlp, "metrics")),
    exportIntervalMillis: 15_000,
    exportTimeoutMillis: 10_000,
  });
}

function collector(otlp: NonNullable<TelemetrySettings["otlp"]>, signal: "traces" | "metrics") {
  const headers = async (): Promise<Record<string, string>> =>
    Object.fromEntries(Object.entries(otlp.headers).map(([name, value]) => [name, value.reveal()]));
  return { url: `${otlp.endpoint.replace(/\/+$/, "")}/v1/${signal}`, headers, timeoutMillis: 5_000 };
}

async function resourceOf({ service, instance }: TelemetryOptions) {
  const { resourceFromAttributes } = await import("@opentelemetry/resources");
  return resourceFromAttributes({
    "service.name": service,
    "service.namespace": "tamis",
    "service.instance.id": instance,
  });
}

/** A collector that is down says so once a minute, not at each batch. */
const REPEAT_MS = 60_000;

function diagnosticLogger(log: Logger) {
  const last = new Map<string, number>();
  const warn = (message: string): void => {
    const text = scrub(String(message)).slice(0, 300);
    const now = performance.now();
    if (now - (last.get(text) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
    if (last.size > 100) last.clear();
    last.set(text, now);
    log.warn({ problem: text }, "telemetry-failing");
  };
  const silent = (): void => {};
  return { error: warn, warn, info: silent, debug: silent, verbose: silent };
}
