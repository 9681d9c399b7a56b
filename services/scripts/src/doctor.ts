import { type doorsSections, imapCheck } from "@tamis/doors";
import type { DoctorContext, Finding } from "@tamis/kit";
import { FolderInUse, openStore, type storeSections } from "@tamis/store";
import { openCertificate, validTo } from "./certificate.ts";
import type { scriptsConfig } from "./config.ts";
import { migrations } from "./tables/schema.ts";

type Context = Pick<
  DoctorContext<typeof doorsSections & typeof storeSections & { readonly scripts: typeof scriptsConfig }>,
  "settings" | "signal" | "log"
>;

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** What `tamis doctor` asks of this service: its certificate, its tables, the IMAP server that checks passwords. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  return [certificateFinding(context), await storeFinding(context), await imapFinding(context)];
}

function certificateFinding({ settings }: Context): Finding {
  const id = "scripts.certificate";
  const { cert_file: certFile, key_file: keyFile } = settings.scripts;
  try {
    openCertificate({ certFile, keyFile, onFault: () => {}, onRenewed: () => {} }).context();
  } catch (error) {
    const text = `the certificate or its key cannot be used: ${error instanceof Error ? error.message : ""}`;
    return {
      id,
      ok: false,
      text,
      mend: "name a certificate and its own key in scripts.cert_file and scripts.key_file",
    };
  }
  const until = validTo({ certFile });
  const days = Math.floor((Date.parse(until) - Date.now()) / DAY_MS);
  if (days >= SOON_DAYS) return { id, ok: true, text: `the certificate is good until ${until}` };
  const text = days < 0 ? `the certificate ended at ${until}` : `the certificate ends in ${days} days, at ${until}`;
  return { id, ok: false, text, mend: "renew it: the service reads it again by itself" };
}

async function storeFinding({ settings, signal, log }: Context): Promise<Finding> {
  const id = "scripts.store";
  try {
    const { store: storeSettings, state_dir: stateDir } = settings;
    const store = await openStore({ settings: storeSettings, stateDir, service: "scripts", migrations, log, signal });
    const ms = await store.ping();
    await store.close();
    return { id, ok: true, text: `the tables are in ${store.kind} and answer in ${ms.toFixed(1)} ms` };
  } catch (error) {
    // The service itself holds the folder: that is as it should be.
    if (error instanceof FolderInUse) return { id, ok: true, text: "the tables are in use by the service" };
    const text = `the tables cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    return { id, ok: false, text, mend: "see `store` in tamis.yaml, and whether PostgreSQL runs" };
  }
}

async function imapFinding({ settings }: Context): Promise<Finding> {
  const id = "scripts.imap";
  const { host, port } = settings.imap;
  let code = "";
  const imap = imapCheck(settings.imap, {
    timeoutMs: settings.doors.timeout_ms,
    onTrouble: (trouble) => {
      code = trouble.code;
    },
  });
  if (!(await imap.probe()))
    return {
      id,
      ok: false,
      text: `the IMAP server ${host}:${port} does not answer (${code}): nobody can sign in`,
      mend: "see imap.host, imap.port, imap.tls and imap.ca_file",
    };
  const tokens = imap.takesTokens ? "passwords and tokens (OAUTHBEARER)" : "passwords";
  return { id, ok: true, text: `the IMAP server ${host}:${port} checks ${tokens}` };
}
