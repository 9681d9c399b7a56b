import type { Meter } from "@opentelemetry/api";
import { metrics, type Plan } from "@tamis/contracts";

/** Counts decisions. */
export interface DecideMeter {
  decided(destination: Plan["destination"]["kind"], run: { readonly seconds: number; readonly failed: boolean }): void;
}

export function decideMeter(meter: Meter): DecideMeter {
  const decided = meter.createCounter(metrics.mailsDecided, { unit: "{mail}", description: "Mails decided on" });
  const errors = meter.createCounter(metrics.scriptErrors, {
    unit: "{mail}",
    description: "Mails kept because their script failed",
  });
  const duration = meter.createHistogram(metrics.stageDuration, {
    unit: "s",
    description: "time of one mail in each stage",
  });
  return {
    decided(destination, { seconds, failed }) {
      decided.add(1, { destination });
      duration.record(seconds, { stage: "decide" });
      if (failed) errors.add(1);
    },
  };
}
