import { doorsSections, lookAtImap } from "@tamis/doors";
import {
  ConfigFault,
  certificateFinding,
  type DoctorContext,
  type Finding,
  findingOf,
  loadSettings,
  type Remark,
} from "@tamis/kit";
import { FolderInUse, openStore, type Store, type storeSections } from "@tamis/store";
import { attachmentFindings } from "./circulars/attachments/attachments-doctor.ts";
import { judgeTables, readWitness } from "./circulars/epoch-file.ts";
import type { outboxConfig } from "./config.ts";
import { noExtensions, remarks, unsyncedText } from "./doctor-texts.ts";
import { listFindings } from "./lists/doctor-lists.ts";
import { lookupFindings } from "./lookup/doctor-lookup.ts";
import { routeOf } from "./route-of.ts";
import { openSession } from "./smtp/open-session.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import { clockAheadMs } from "./tables/clocks.ts";
import { openEpochs } from "./tables/epochs.ts";
import { migrations, type Tables } from "./tables/schema.ts";
import { receiptsFindings } from "./tracking/doctor.ts";

type Context = Pick<
  DoctorContext<typeof storeSections & { readonly outbox: typeof outboxConfig }>,
  "settings" | "signal" | "log" | "bus"
>;

/** Longest wait of the doctor for the relay, ms. */
const PATIENCE_MS = 10_000;
/** Clocks that differ by less do no harm, ms. */
const CLOCKS_MS = 1_000;

/** What `tamis doctor` asks of this service: its tables, whether the relay takes mail from it, whether reports come back. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  return [
    ...(await storeFindings(context)),
    ...(await relayFindings(context)),
    ...(await attachmentFindings(context.settings.outbox.circulars)),
    ...(await listFindings(context.settings.outbox.lists)),
    ...(await lookupFindings({ ...context, ...context.settings, lookup: context.settings.outbox.lookup })),
    ...(context.settings.outbox.submission === undefined ? [] : await submissionFindings(context)),
    ...(await receiptsFindings(context)),
  ];
}

/** The certificate of the door, and whether anybody could sign in. */
async function submissionFindings({ settings }: Context): Promise<readonly Finding[]> {
  const { cert_file: certFile = "", key_file: keyFile = "" } = settings.outbox.submission ?? {};
  const section = "outbox.submission";
  const certificate = certificateFinding("outbox.submission.certificate", section, { certFile, keyFile });
  return [certificate, await passwordsFinding(settings.file)];
}

async function passwordsFinding(file: string): Promise<Finding> {
  const id = "outbox.submission.passwords";
  try {
    const { where, answers, takesTokens, code: problem } = await lookAtImap(loadSettings(file, doorsSections));
    const checked = takesTokens ? remarks["passwords-and-tokens"] : remarks.passwords;
    return findingOf(id, answers ? checked : remarks["passwords-unchecked"], { where, problem });
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return findingOf(id, remarks["passwords-unchecked"], { where: "imap", problem: error.message });
  }
}

async function storeFindings({ settings, signal, log }: Context): Promise<readonly Finding[]> {
  const id = "outbox.store";
  const { store: storeSettings, state_dir: stateDir } = settings;
  const unsynced = storeSettings.kind === "pglite" ? unsyncedText : "";
  try {
    const store = await openStore<Tables>({
      settings: storeSettings,
      stateDir,
      service: "outbox",
      migrations,
      log,
      signal,
    });
    const ms = await store.ping();
    const others = [
      ...clockFindings(await clockAheadMs(store, Date.now)),
      ...(await circularFindings(store, stateDir)),
    ];
    await store.close();
    return [findingOf(id, remarks.store, { kind: store.kind, ms: ms.toFixed(1), unsynced }), ...others];
  } catch (error) {
    // The service itself holds the folder: that is as it should be.
    if (error instanceof FolderInUse) return [findingOf(id, remarks["store-in-use"], { unsynced })];
    return [findingOf(id, remarks["store-closed"], { problem: messageOf(error) })];
  }
}

/** Only where the clocks differ by more than a mail may be late. */
export function clockFindings(aheadMs: number): readonly Finding[] {
  if (Math.abs(aheadMs) < CLOCKS_MS) return [];
  return [findingOf("outbox.clock", remarks["clocks-differ"], { seconds: (Math.abs(aheadMs) / 1000).toFixed(1) })];
}

/** Whether the tables are those that sent last, and which circulars wait for a person. */
async function circularFindings(store: Store<Tables>, stateDir: string): Promise<readonly Finding[]> {
  const id = "outbox.circulars";
  const verdict = judgeTables(readWitness(stateDir), await openEpochs(store).read(), Date.now());
  const held = await store.read((db) =>
    db.selectFrom("circular").select(["id", "held"]).where("state", "=", "held").orderBy("id").execute(),
  );
  const of = (why: "late" | "restored"): string =>
    held.flatMap((circular) => (circular.held === why ? [String(circular.id)] : [])).join(", ");
  const [late, restored] = [of("late"), of("restored")];
  const unsealed = await store.read((db) =>
    db
      .selectFrom("circular_count")
      .select("circular_id as id")
      .where("state", "=", "held")
      .groupBy("circular_id")
      .having((row) => row.fn.sum("count"), ">", 0)
      .orderBy("circular_id")
      .execute(),
  );
  return [
    ...(verdict === "restored" ? [findingOf(`${id}.restored`, remarks["tables-restored"])] : []),
    ...(late === "" ? [] : [findingOf(`${id}.late`, remarks["circulars-late"], { circulars: late })]),
    ...(unsealed.length === 0
      ? []
      : [
          findingOf(`${id}.unsealed`, remarks["circulars-unsealed"], {
            circulars: unsealed.map((one) => one.id).join(", "),
          }),
        ]),
    ...(restored === "" ? [] : [findingOf(`${id}.held`, remarks["circulars-restored"], { circulars: restored })]),
  ];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is said of a relay for each code of {@link RelayUnavailable}; of the others, the last. */
function remarkOn(error: unknown): Remark {
  switch (error instanceof RelayUnavailable ? error.code : "") {
    case "tls":
      return remarks["relay-tls"];
    case "starttls-missing":
      return remarks["relay-starttls-missing"];
    case "auth":
      return remarks["relay-auth"];
    case "auth-missing":
      return remarks["relay-auth-missing"];
    default:
      return remarks["relay-other"];
  }
}

async function relayFindings({ settings }: Context): Promise<readonly Finding[]> {
  const id = "outbox.relay";
  const { relay } = settings.outbox;
  const where = `${relay.host}:${relay.port}`;
  const route = routeOf(relay);
  const patience = (ms: number): number => Math.min(ms, PATIENCE_MS);
  try {
    const session = await openSession({
      ...route,
      connectMs: patience(route.connectMs),
      commandMs: patience(route.commandMs),
    });
    const offered = ["SIZE", "8BITMIME", "SMTPUTF8", "DSN", "DELIVERBY"].filter((word) => session.offers(word));
    const isEightBit = session.offers("8BITMIME");
    await session.quit();
    const takes = findingOf(id, relay.user === undefined ? remarks.relay : remarks["relay-signed-in"], {
      where,
      tls: relay.tls,
      offered: offered.join(", ") || noExtensions,
    });
    return isEightBit ? [takes] : [takes, findingOf(`${id}.8bitmime`, remarks["no-8bitmime"])];
  } catch (error) {
    return [findingOf(id, remarkOn(error), { where, problem: messageOf(error) })];
  }
}
