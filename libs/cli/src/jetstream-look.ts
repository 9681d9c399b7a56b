import type { Bus } from "@tamis/bus";
import type { StreamSpec } from "@tamis/contracts";
import { z } from "zod";
import { parseJson } from "./json.ts";

/** How a stream is, beside how it should be. */
export type StreamLook =
  | { readonly kind: "missing" }
  | {
      readonly kind: "found";
      readonly messages: number;
      readonly bytes: number;
      readonly differences: readonly string[];
    };

const ASK_MS = 5_000;
const NS_PER_MS = 1_000_000;

/** What is looked at of `$JS.API.STREAM.INFO` (NATS API reference). */
const streamInfo = z.object({
  config: z.object({
    subjects: z.array(z.string()).default([]),
    retention: z.string(),
    discard: z.string(),
    max_bytes: z.number(),
    max_age: z.number().default(0),
    duplicate_window: z.number().default(0),
  }),
  state: z.object({ messages: z.number(), bytes: z.number() }),
});

/** Looks without setting anything up, as a doctor must. */
export async function lookAtStream(bus: Pick<Bus, "request">, spec: StreamSpec): Promise<StreamLook> {
  const reply = await bus.request(`$JS.API.STREAM.INFO.${spec.name}`, new Uint8Array(), { timeoutMs: ASK_MS });
  const parsed = streamInfo.safeParse(parseJson(reply.payload));
  if (!parsed.success) return { kind: "missing" };
  const { config, state } = parsed.data;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["subjects", config.subjects.join(" "), spec.subjects.join(" ")],
    ["retention", config.retention, spec.retention],
    ["discard", config.discard, spec.discard],
    ["max_bytes", config.max_bytes, spec.maxBytes],
    ["max_age", config.max_age, spec.maxAgeSeconds * 1000 * NS_PER_MS],
    ["duplicate_window", config.duplicate_window, spec.duplicateWindowSeconds * 1000 * NS_PER_MS],
  ];
  const differences = pairs
    .filter(([, is, wanted]) => is !== wanted)
    .map(([name, is, wanted]) => `${name} ${String(is)} ≠ ${String(wanted)}`);
  return { kind: "found", messages: state.messages, bytes: state.bytes, differences };
}

const created = z.object({ name: z.string(), created: z.string() });

/**
 * Milliseconds by which NATS's clock is ahead of ours, within half a round trip; `null` where it cannot be had.
 * The server tells its time when it creates something: here a reader of `stream` that is removed at once, as 2.9 tells it nowhere else.
 */
export async function clockSkew(bus: Pick<Bus, "request">, stream: string): Promise<number | null> {
  const config = {
    ack_policy: "none",
    deliver_policy: "new",
    inactive_threshold: 5_000 * NS_PER_MS,
    mem_storage: true,
  };
  const payload = new TextEncoder().encode(JSON.stringify({ stream_name: stream, config }));
  const before = Date.now();
  const reply = await bus.request(`$JS.API.CONSUMER.CREATE.${stream}`, payload, { timeoutMs: ASK_MS });
  const after = Date.now();
  const parsed = created.safeParse(parseJson(reply.payload));
  if (!parsed.success) return null;
  await bus.request(`$JS.API.CONSUMER.DELETE.${stream}.${parsed.data.name}`, new Uint8Array(), { timeoutMs: ASK_MS });
  const skew = Date.parse(parsed.data.created) - (before + after) / 2;
  return Number.isNaN(skew) ? null : Math.round(skew);
}
