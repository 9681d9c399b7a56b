import { setTimeout as delay } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import type { Bus } from "@tamis/bus";
import { addRecipients, askCirculars, createCircular, readCircular, reviseCircular } from "@tamis/circulars";
import { buckets, EVENTS, metrics, receiptsAnswer, subjects } from "@tamis/contracts";
import { doorsSections, type OpenDoors, openDoors } from "@tamis/doors";
import {
  type Account,
  type OnStop,
  type ServiceContext,
  type ServiceDefinition,
  sectionNames,
  startInOrder,
} from "@tamis/kit";
import { openObjects } from "@tamis/store";
import { watchKeys } from "@tamis/tokens";
import { openApp } from "./app.ts";
import { consoleConfig, linkedConfig } from "./config.ts";
import type { Behind, ConsoleContext, Exchange } from "./console-context.ts";
import { examine } from "./doctor.ts";
import type { LinkedFiles } from "./files/linked-files.ts";
import { BodyRoom } from "./http/body.ts";
import { openServer } from "./http/open-server.ts";
import { trusting } from "./http/peer.ts";
import { listRights } from "./lists/list-rights.ts";
import { knownPasswords } from "./sign-in/known-passwords.ts";
import { openSessions } from "./sign-in/sessions.ts";

const sections = { ...doorsSections, console: consoleConfig, outbox: linkedConfig };
type Console = ServiceContext<typeof sections>;

const HOUR_MS = 3_600_000;
const RECEIPTS_MS = 30_000;
/** Longer than `outbox` needs to look and to commit: what a link to leave a list was worth is not told by the time it takes. */
const MOMENT_MS = 400;
/** Long bodies at once, in multiples of the longest. */
const ROOM = 4;

/** HTTP → `outbox` and `receipts`. */
export const consoleService: ServiceDefinition<typeof sections> = {
  name: "console",
  sections,
  start: (service) => startInOrder((onStop) => startParts(service, onStop)),
  doctor: examine,
};

async function startParts(service: Console, onStop: OnStop): Promise<void> {
  const { settings, bus, log } = service;
  const { listen, url, connections, cert_file: certFile, key_file: keyFile } = settings.console;
  await bus.ensureStreams([EVENTS]);
  const door = openDoor(service);
  onStop(() => door.stop());
  const files = await filesOf(service, onStop);
  const context = await contextOf(service, { door, files });
  const server = await openServer({
    app: openApp(context),
    listen,
    certificate: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
    connections,
    connectionsPerAddress: settings.console.connections_per_address,
    isTrusted: context.isTrusted,
    log,
  });
  onStop(() => server.stop());
  log.info({ listen, url, tls: certFile !== undefined }, "console-open");
}

async function contextOf(
  service: Console,
  { door, files }: { readonly door: OpenDoors; readonly files: LinkedFiles | null },
): Promise<ConsoleContext> {
  const { settings, bus, log } = service;
  const { console: own } = settings;
  const lifeMs = own.session_hours * HOUR_MS;
  return {
    door,
    sessions: openSessions(await bus.bucket(buckets.sessions), { lifeMs, now: Date.now }),
    known: knownPasswords(() => performance.now()),
    behind: behindOf(bus),
    followsReceipts: sectionNames(settings.file).includes("receipts"),
    files,
    room: new BodyRoom(ROOM * own.max_body_bytes),
    url: own.url,
    isTrusted: trusting(own.trusted_proxies),
    language: own.language,
    timeZone: own.time_zone,
    maxBodyBytes: own.max_body_bytes,
    sessionSeconds: Math.floor(lifeMs / 1000),
    isSender: own.senders === "everybody" ? () => true : among(own.senders),
    listsOf: listRights(own.lists),
    isOperator: among(own.operators),
    moment: () => delay(MOMENT_MS),
    clock: () => performance.now(),
    onAnswered: tellerOf(service),
    onBug: (err, requestId) => log.error({ err, requestId }, "request-failed"),
  };
}

/** Keys are followed only where attachments become links. */
async function filesOf({ settings, bus, log }: Console, onStop: OnStop): Promise<LinkedFiles | null> {
  const attachments = settings.outbox.circulars?.attachments;
  if (attachments === undefined) return null;
  const keys = await watchKeys({
    bucket: await bus.bucket(buckets.tokenKeys),
    onUnusable: (fields) => log.error(fields, "token-key-unusable"),
  });
  onStop(() => keys.stop());
  return {
    keys: () => keys.current(),
    objects: openObjects(attachments.store),
    atOnce: settings.console.downloads,
    now: Date.now,
    onTrouble: (code) => log.error({ code }, "attachments-unreachable"),
  };
}

function among(addresses: readonly string[]): (account: Account) => boolean {
  const known = new Set(addresses.map((address) => address.toLowerCase()));
  return ({ address }) => known.has(address.toLowerCase());
}

function behindOf(bus: Bus): Behind {
  return {
    ask: (question, kind, timeoutMs) => askCirculars(bus, question, kind, timeoutMs),
    create: (circular) => createCircular(bus, circular),
    read: (circular) => readCircular(bus, circular),
    revise: (revision) => reviseCircular(bus, revision),
    add: (adding) => addRecipients(bus, adding),
    async askReceipts(question) {
      const payload = Buffer.from(JSON.stringify(question));
      const reply = await bus.request(subjects.receiptsAsk, payload, { timeoutMs: RECEIPTS_MS });
      return receiptsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    },
  };
}

function openDoor({ settings, log, bus, meter, instance }: Console): OpenDoors {
  const signIns = meter.createCounter(metrics.signIns, { unit: "{attempt}", description: "Attempts to sign in" });
  return openDoors({
    door: "http",
    settings,
    publishFact: (fact, p, value, id) => bus.publishFact(fact, p, value, id),
    log,
    instance,
    onAttempt: (result) => signIns.add(1, { door: "http", result }),
  });
}

/** A span, a measure and a line for each request: by its route, never by what was asked for. */
function tellerOf({ tracer, meter, log }: Console): ConsoleContext["onAnswered"] {
  const duration = meter.createHistogram(metrics.httpDuration, { unit: "s", description: "HTTP requests" });
  return ({ method, route, status, seconds, requestId, accountId }: Exchange) => {
    const attributes = {
      "http.request.method": method,
      "http.route": route,
      "http.response.status_code": status,
    };
    duration.record(seconds, attributes);
    const startTime = Date.now() - seconds * 1000;
    tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, startTime, attributes }).end();
    const account = accountId === undefined ? {} : { accountId };
    log.info({ requestId, method, route, status, ms: Math.round(seconds * 1000), ...account }, "http-answered");
  };
}
