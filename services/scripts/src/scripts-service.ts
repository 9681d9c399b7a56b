import type { Stoppable } from "@tamis/bus";
import { buckets, EVENTS, metrics, subjects } from "@tamis/contracts";
import { doorsSections, type OpenDoors, openDoors } from "@tamis/doors";
import {
  type Certificate,
  ConfigFault,
  type OnStop,
  openCertificate,
  type ServiceContext,
  type ServiceDefinition,
  startInOrder,
} from "@tamis/kit";
import {
  existingFolders,
  type GlobalScripts,
  type Offers,
  openGlobalScripts,
  openOffers,
  readMeans,
  serverOf,
} from "@tamis/offers";
import { openStore, type Store, storeSections } from "@tamis/store";
import { scriptsConfig } from "./config.ts";
import { timing } from "./connection.ts";
import { examine } from "./doctor.ts";
import { openKvCopy } from "./kv-copy.ts";
import { type Listener, listen } from "./listener.ts";
import { onScriptsAsk } from "./on-scripts-ask.ts";
import type { OwnerDeps } from "./owner-commands.ts";
import { recheckScripts } from "./recheck-scripts.ts";
import type { SessionDeps } from "./session.ts";
import { copySource } from "./tables/copy-source.ts";
import { openTables } from "./tables/open-tables.ts";
import { migrations, type Tables } from "./tables/schema.ts";

const sections = { ...doorsSections, ...storeSections, scripts: scriptsConfig };
type Scripts = ServiceContext<typeof sections>;

const COPY_RETRY_MS = 5_000;
const STORE_LOOK_MS = 10_000;
const RECHECK_REST_MS = 10 * 60_000;
/** An editor waits for its answer: a warning is not worth more. */
const FOLDERS_MS = 2_000;

/** ManageSieve → tables → the copy in KV that `filter` reads. */
export const scriptsService: ServiceDefinition<typeof sections> = {
  name: "scripts",
  sections,
  start: (service) => startInOrder((onStop) => startParts(service, onStop)),
  doctor: examine,
};

/** In this order: nobody is let in before the tables and the copy are right. */
async function startParts(service: Scripts, onStop: OnStop): Promise<void> {
  const { settings, log, bus, signal } = service;
  await bus.ensureStreams([EVENTS]);
  const certificate = certificateOf(service);
  const { store: storeSettings, state_dir: stateDir } = settings;
  const store = await openStore<Tables>({
    settings: storeSettings,
    stateDir,
    service: "scripts",
    migrations,
    log,
    signal,
  });
  onStop(() => store.close());
  onStop(watchStore(service, store));
  const source = copySource(store);
  const copy = await openKvCopy({ bucket: await bus.bucket(buckets.scripts), source, log, retryMs: COPY_RETRY_MS });
  onStop(() => copy.stop());
  const door = openDoor(service);
  onStop(() => door.stop());
  const means = readMeans(settings.file);
  const offers = await openOffers({ bucket: await bus.bucket(buckets.servers), means, unknown: "usual" });
  onStop(() => offers.stop());
  const globals = openGlobalScripts({
    folder: means.globalScripts,
    clock: () => performance.now(),
    onUnusable: (fields) => log.error(fields, "global-script-unusable"),
  });
  const deps = ownerDeps(service, { store, door, offers, globals, onChange: (accountId) => copy.refresh(accountId) });
  const asks = await answerAsks(service, deps);
  onStop(() => asks.stop());
  const listener = await openListener(service, { deps, door, certificate });
  onStop(() => listener.stop());
  const { offerOf } = deps;
  onStop(
    recheckScripts({
      source,
      offerOf,
      globals,
      onChange: (listener) => offers.onChange(listener),
      restMs: RECHECK_REST_MS,
      log,
    }),
  );
}

interface OwnerParts {
  readonly store: Store<Tables>;
  readonly door: OpenDoors;
  readonly offers: Offers;
  readonly globals: GlobalScripts;
  readonly onChange: OwnerDeps["onChange"];
}

function ownerDeps({ settings, bus }: Scripts, { store, door, offers, globals, onChange }: OwnerParts): OwnerDeps {
  const { scripts, imap } = settings;
  return {
    tables: openTables(store, { versionsKept: scripts.versions_kept, now: () => new Date() }),
    offerOf(accountId) {
      const account = accountId === null ? null : door.account(accountId);
      return offers.of(serverOf(account ?? {}, imap), account?.address);
    },
    existingFolders: (accountId, names) => existingFolders(bus, { accountId, names }, FOLDERS_MS),
    globals,
    language: scripts.language,
    maxScripts: scripts.max_scripts,
    maxScriptOctets: scripts.max_script_bytes,
    onChange,
  };
}

function answerAsks({ bus }: Scripts, deps: OwnerDeps): Promise<Stoppable> {
  const answer = async (payload: Uint8Array) => {
    const asked: unknown = JSON.parse(new TextDecoder().decode(payload));
    return { payload: Buffer.from(JSON.stringify(await onScriptsAsk(asked, deps))) };
  };
  return bus.respond(subjects.scriptsAsk, ({ payload }) => answer(payload), { queue: "scripts" });
}

function openDoor({ settings, log, bus, meter, instance }: Scripts): OpenDoors {
  const signIns = meter.createCounter(metrics.signIns, { unit: "{attempt}", description: "Attempts to sign in" });
  return openDoors({
    door: "managesieve",
    settings,
    publishFact: (fact, p, value, id) => bus.publishFact(fact, p, value, id),
    log,
    instance,
    onAttempt: (result) => signIns.add(1, { door: "managesieve", result }),
  });
}

interface ListenerParts {
  readonly deps: OwnerDeps;
  readonly door: OpenDoors;
  readonly certificate: Certificate;
}

async function openListener(
  { settings, log, meter }: Scripts,
  { deps, door, certificate }: ListenerParts,
): Promise<Listener> {
  const commands = meter.createCounter(metrics.scriptCommands, {
    unit: "{command}",
    description: "ManageSieve commands",
  });
  const connections = meter.createGauge(metrics.scriptSessions, {
    unit: "{connection}",
    description: "Connections now",
  });
  const sessionDeps: SessionDeps = {
    ...deps,
    door,
    onCommand: (verb, result) => commands.add(1, { verb, result }),
    onBug: (err) => log.error({ err }, "command-failed"),
  };
  const listener = await listen({
    config: settings.scripts,
    deps: sessionDeps,
    secureContext: () => certificate.context(),
    timing,
    onConnections: (count) => connections.record(count),
  });
  log.info({ listen: settings.scripts.listen, mechanisms: door.mechanisms() }, "managesieve-open");
  return listener;
}

function certificateOf({ settings, log }: Scripts): Certificate {
  const { cert_file: certFile, key_file: keyFile } = settings.scripts;
  try {
    return openCertificate({
      certFile,
      keyFile,
      onFault: (err) => log.error({ err }, "certificate-unusable"),
      onRenewed: (fields) => log.info(fields, "certificate-renewed"),
    });
  } catch (cause) {
    const problem = `the certificate or its key cannot be used: ${cause instanceof Error ? cause.message : ""}`;
    const mend = "name a certificate and its own key, both PEM";
    throw new ConfigFault([{ file: settings.file, line: 0, column: 0, path: "scripts.cert_file", problem, mend }], {
      cause,
    });
  }
}

/** `/readyz` says whether the tables can be asked. */
function watchStore({ health, log }: Scripts, store: Store<Tables>): () => void {
  const look = async (): Promise<void> => {
    try {
      await store.ping();
      health.set("store", "ok");
    } catch (err) {
      health.set("store", "the database does not answer");
      log.warn({ err }, "store-unavailable");
    }
  };
  const timer = setInterval(() => void look(), STORE_LOOK_MS);
  return () => clearInterval(timer);
}
