import { FILTER_DURABLE, MAIL } from "@tamis/contracts";
import { atMost } from "./at-most.ts";
import { openBucket } from "./bucket.ts";
import { consume } from "./consume.ts";
import { publishFact, readFacts, tailFacts } from "./facts.ts";
import type { Link } from "./link.ts";
import { openObjects } from "./objects.ts";
import { parker, parking } from "./parking.ts";
import { publisher } from "./publish.ts";
import { request, requestAll, respond } from "./requests.ts";
import { backlog, consumerInfo, ensureConsumer, ensureStream, streamConfig, streamState } from "./streams.ts";
import { openTelemetry } from "./telemetry.ts";
import type { Bus, BusOptions } from "./types.ts";

const DRAIN_MS = 5_000;
/** The bus says `working` for what is in work: this is how soon the batches of a filter that died come back. */
const FILTER_ACK_WAIT_MS = 10_000;
const FILTER_MAX_ACK_PENDING = 256;

export function assembleBus(link: Link, options: BusOptions): Bus {
  const replicas = options.replicas ?? 1;
  const telemetry = openTelemetry(options.spans === true);
  const publish = publisher(link, telemetry);
  const deps = { link, telemetry, park: parker(publish), firstBackoffMs: options.firstBackoffMs };
  const ensureMailStream = async () => {
    await ensureStream(link, streamConfig(MAIL, replicas));
    await ensureConsumer(link, MAIL.name, FILTER_DURABLE, {
      ackWaitMs: FILTER_ACK_WAIT_MS,
      maxAckPending: FILTER_MAX_ACK_PENDING,
    });
  };
  return {
    serverVersion: link.nc.info?.version ?? "",
    isConnected: () => link.isUp(),
    onStatus: (listener) => link.onStatus(listener),
    rtt: () => link.ask("measure the round trip", () => link.nc.rtt()),
    ensureStreams: async (specs) => {
      for (const spec of specs) {
        if (spec.name === MAIL.name) await ensureMailStream();
        else await ensureStream(link, streamConfig(spec, replicas));
      }
    },
    ensureMailStream,
    ensureConsumer: (stream, durable, spec) => ensureConsumer(link, stream, durable, spec),
    hasConsumer: async (stream, durable) => (await consumerInfo(link, stream, durable)) !== null,
    backlog: (stream, durable) => backlog(link, stream, durable),
    streamState: (stream) => streamState(link, stream),
    publish,
    publishFact: (fact, p, value, id, written) => publishFact(publish, fact, { p, value, id, written }),
    consume: (spec) => consume(deps, spec),
    parked: parking(link, publish),
    bucket: (spec) => openBucket(link, spec, replicas),
    objects: (spec) => openObjects(link, spec, replicas),
    request: (subject, payload, requestOptions) => request(link, subject, payload, requestOptions),
    requestAll: (subject, payload, { windowMs }) => requestAll(link, subject, payload, windowMs),
    respond: (subject, handler, options) => respond(link, subject, handler, options),
    readFacts: (filter, readOptions) => readFacts(link, filter, readOptions),
    tailFacts: (filter, onFact) => tailFacts(link, filter, onFact),
    close: () => close(link),
  };
}

async function close(link: Link): Promise<void> {
  if (link.nc.isClosed()) return;
  const wasUp = link.isUp();
  link.beginClose();
  if (wasUp) await atMost(link.nc.drain(), DRAIN_MS);
  if (!link.nc.isClosed()) await link.nc.close();
}
