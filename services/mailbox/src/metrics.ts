import type { Meter } from "@opentelemetry/api";
import { metrics } from "@tamis/contracts";
import type { MailboxStats } from "./mailbox-stats.ts";
import type { MailboxMetrics } from "./worker-deps.ts";

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The instruments of `mailbox`; accounts by state and partitions held are read when they are collected. */
export function makeMetrics(meter: Meter, stats: MailboxStats, partitionsHeld: () => number): MailboxMetrics {
  const buckets = { advice: { explicitBucketBoundaries: SECONDS }, unit: "s" };
  meter
    .createObservableGauge(metrics.accountsByState, { description: "accounts by what their connection does" })
    .addCallback((result) => {
      for (const [state, count] of Object.entries(stats.countsByState())) result.observe(count, { state });
    });
  meter
    .createObservableGauge(metrics.partitionsHeld, { description: "partitions held by lease" })
    .addCallback((result) => result.observe(partitionsHeld()));
  return {
    received: meter.createCounter(metrics.mailsReceived, {
      unit: "{mail}",
      description: "mails handed to filter, or decided on, and acknowledged by JetStream",
    }),
    handedOver: meter.createCounter(metrics.batchesHandedOver, {
      unit: "{batch}",
      description: "batches handed to filter, by way: asked for its decision, or through the stream",
    }),
    applied: meter.createCounter(metrics.mailsApplied, { unit: "{mail}", description: "mails settled, by result" }),
    snoozed: meter.createCounter(metrics.mailsSnoozed, { unit: "{mail}", description: "mails put to sleep" }),
    woken: meter.createCounter(metrics.mailsWoken, { unit: "{mail}", description: "snoozed mails that came back" }),
    wakeLateness: meter.createHistogram(metrics.wakeLateness, {
      unit: "s",
      advice: { explicitBucketBoundaries: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400] },
      description: "from the instant of waking to the mail being back",
    }),
    latency: meter.createHistogram(metrics.mailLatency, {
      ...buckets,
      description: "from the server's EXISTS to the acknowledged change",
    }),
    stage: meter.createHistogram(metrics.stageDuration, { ...buckets, description: "time of one mail in each stage" }),
    reconnects: meter.createCounter(metrics.imapReconnects, {
      description: "connections to IMAP lost or refused, by reason",
    }),
    gaps: meter.createCounter(metrics.catchUpGaps, {
      unit: "{mail}",
      description: "mails found by reconciliation that no wake announced",
    }),
    resets: meter.createCounter(metrics.uidValidityResets, { description: "UIDVALIDITY changes" }),
  };
}
