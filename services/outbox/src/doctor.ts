import type { DoctorContext, Finding } from "@tamis/kit";
import { FolderInUse, openStore, type storeSections } from "@tamis/store";
import type { outboxConfig } from "./config.ts";
import { routeOf } from "./route-of.ts";
import { openSession } from "./smtp/open-session.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import { migrations } from "./tables/schema.ts";

type Context = Pick<
  DoctorContext<typeof storeSections & { readonly outbox: typeof outboxConfig }>,
  "settings" | "signal" | "log"
>;

/** Longest wait of the doctor for the relay, ms. */
const PATIENCE_MS = 10_000;

/** What `tamis doctor` asks of this service: its tables, and whether the relay takes mail from it. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  return [await storeFinding(context), ...(await relayFindings(context))];
}

async function storeFinding({ settings, signal, log }: Context): Promise<Finding> {
  const id = "outbox.store";
  const { store: storeSettings, state_dir: stateDir } = settings;
  const unsynced = storeSettings.kind === "pglite" ? "; a power cut can lose its last seconds" : "";
  try {
    const store = await openStore({ settings: storeSettings, stateDir, service: "outbox", migrations, log, signal });
    const ms = await store.ping();
    await store.close();
    return { id, ok: true, text: `the ledger is in ${store.kind} and answers in ${ms.toFixed(1)} ms${unsynced}` };
  } catch (error) {
    // The service itself holds the folder: that is as it should be.
    if (error instanceof FolderInUse) return { id, ok: true, text: `the ledger is in use by the service${unsynced}` };
    const text = `the ledger cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    return { id, ok: false, text, mend: "see `store` in tamis.yaml, and whether PostgreSQL runs" };
  }
}

const MENDS: Readonly<Record<string, string>> = {
  tls: "name the authority of its certificate in outbox.relay.ca_file, and the host as the certificate has it",
  "starttls-missing": "use a port where it offers TLS: 587, or 465 with tls: implicit",
  auth: "see outbox.relay.user and password",
  "auth-missing": "the relay must offer AUTH PLAIN or LOGIN, or take mail without user and password",
};

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
    const signedIn = relay.user === undefined ? "" : " after signing in";
    const takes: Finding = {
      id,
      ok: true,
      text: `the relay ${where} answers${signedIn} (TLS: ${relay.tls}) and offers ${offered.join(", ") || "no extensions"}`,
    };
    if (isEightBit) return [takes];
    const text = "the relay does not offer 8BITMIME: redirects of mail with 8-bit octets will be refused";
    return [takes, { id: `${id}.8bitmime`, ok: false, text, mend: "turn 8BITMIME on there, or use another relay" }];
  } catch (error) {
    const code = error instanceof RelayUnavailable ? error.code : "";
    const text = error instanceof Error ? error.message : String(error);
    const mend = MENDS[code] ?? "see outbox.relay in tamis.yaml, and whether the relay runs";
    return [{ id, ok: false, text: `${where}: ${text}`, mend }];
  }
}
