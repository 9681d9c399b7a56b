import { createNoopMeter, DiagLogLevel, diag, type Meter, metrics, type Tracer, trace } from "@opentelemetry/api";
import type { MetricReader, ViewOptions } from "@opentelemetry/sdk-metrics";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
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

/** Bounds, in seconds, of histograms whose unit is `s`: mail is sorted in milliseconds, archives take minutes. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** The same for `ms`. */
const MILLISECONDS = SECONDS.map((seconds) => seconds * 1000);

/**
 * Starts what is configured: nothing of the SDK is loaded without a collector and without Prometheus, and without a
 * collector there is no span processor.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { settings, log, service } = options;
  if (settings.otlp === undefined && settings.prometheus === undefined) {
    installTraceContext();
    trace.setGlobalTracerProvider(correlatingTracerProvider);
    return {
      tracer: correlatingTracerProvider.getTracer(service),
      meter: createNoopMeter(),
      scrape: null,
      stop: async () => {},
    };
  }
  diag.setLogger(diagnosticLogger(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return await startSdk(options);
}

async function startSdk(options: TelemetryOptions): Promise<Telemetry> {
  const { settings, service } = options;
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { ParentBasedSampler, TraceIdRatioBasedSampler } = await import("@opentelemetry/sdk-trace");
  const prometheus = settings.prometheus === undefined ? null : await prometheusReader();
  const pushing = await pushingReader(settings);
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: await resourceOf(options),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.sampling) }),
    spanProcessors: await spanProcessors(settings),
    metricReaders: [prometheus?.reader, pushing].filter((reader) => reader !== undefined),
    views: await histogramViews(),
    // Logs are pino's, on standard output.
    logRecordProcessors: [],
  });
  sdk.start();
  if (settings.otlp === undefined) trace.setGlobalTracerProvider(correlatingTracerProvider);
  const meter = metrics.getMeter(service);
  observeProcess(meter);
  return {
    tracer: trace.getTracer(service),
    meter,
    scrape: prometheus?.scrape ?? null,
    stop: () => sdk.shutdown().catch(() => undefined),
  };
}

async function spanProcessors({ otlp }: TelemetrySettings): Promise<SpanProcessor[]> {
  if (otlp === undefined) return [];
  const { BatchSpanProcessor } = await import("@opentelemetry/sdk-trace");
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  const exporter = new OTLPTraceExporter(collector(otlp, "traces"));
  // A burst of mail makes more spans than the 2,048 that the SDK keeps by default.
  return [new BatchSpanProcessor({ exporter, maxQueueSize: 16_384, scheduledDelayMillis: 1_000 })];
}

async function histogramViews(): Promise<ViewOptions[]> {
  const { AggregationType, InstrumentType } = await import("@opentelemetry/sdk-metrics");
  return [
    { unit: "s", boundaries: SECONDS },
    { unit: "ms", boundaries: MILLISECONDS },
  ].map(({ unit, boundaries }) => ({
    instrumentType: InstrumentType.HISTOGRAM,
    instrumentUnit: unit,
    aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
  }));
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
