import type { Bus } from "@tamis/bus";
import { buckets } from "@tamis/contracts";
import type { Account, AccountSettings } from "@tamis/kit";
import { compileForAccount, existingFolders, openGlobalScripts, openOffers, readMeans, serverOf } from "@tamis/offers";
import { type Compiled, compile, type Diagnostic, type Locale, renderDiagnostic } from "@tamis/sieve";
import { scriptStore } from "./script-store.ts";
import type { Surroundings } from "./surroundings.ts";

/** A diagnostic as `--json` prints it. */
export interface ReportedDiagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Diagnostic["severity"];
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A script compiled, with what is to be said about it. */
export interface CheckedScript {
  readonly compiled: Compiled;
  readonly errors: number;
  /** `file:line:column: error: …`, the line, a caret; one text per diagnostic. */
  readonly rendered: readonly string[];
  readonly reported: readonly ReportedDiagnostic[];
}

interface KnownToCheck extends Pick<Surroundings, "locale"> {
  /** The owner's folders, where they are known. */
  readonly mailboxes?: readonly string[] | undefined;
}

/** Compiles a script with all that the language has. */
export function checkScript(text: string, file: string, { locale, mailboxes }: KnownToCheck): CheckedScript {
  return checked(compile(text, { locale, ...(mailboxes === undefined ? {} : { mailboxes }) }), { text, file, locale });
}

/** Compiles a script as it will be for one account; `file` is what it is called in what is said, `name` where it is stored. */
export type CheckForAccount = (text: string, file: string, name?: string) => Promise<CheckedScript>;

/** How long `mailbox` may take to tell which folders there are; without an answer nothing is said of them. */
const FOLDERS_MS = 2_000;

/** What the account's server and tamis.yaml offer to it, as it is now. */
export async function checkForAccount(
  bus: Bus,
  { account, settings }: { readonly account: Account; readonly settings: AccountSettings },
  { locale, mailboxes }: KnownToCheck,
): Promise<CheckForAccount> {
  const means = readMeans(settings.file);
  const offers = await openOffers({ bucket: await bus.bucket(buckets.servers), means, unknown: "usual" });
  const offer = offers.of(serverOf(account, settings.imap), account.address);
  offers.stop();
  const globals = openGlobalScripts({
    folder: means.globalScripts,
    clock: () => performance.now(),
    // The services tell of it; here it is a script that is not there.
    onUnusable: () => {},
  });
  const existing = async (names: readonly string[]): Promise<readonly string[] | null> =>
    mailboxes ?? existingFolders(bus, { accountId: account.id, names }, FOLDERS_MS);
  // What may be included is read where `filter` reads it.
  const store = scriptStore(await bus.bucket(buckets.scripts), account.id, Date.now);
  const read = async (included: string): Promise<string | null> => (await store.get(included))?.text ?? null;
  return async (text, file, name) => {
    const named = name === undefined ? {} : { name };
    return checked(await compileForAccount(text, { offer, locale, ...named, read, globals, existing }), {
      text,
      file,
      locale,
    });
  };
}

function checked(
  compiled: Compiled,
  { text, file, locale }: { readonly text: string; readonly file: string; readonly locale: Locale },
): CheckedScript {
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return {
    compiled,
    errors: diagnostics.filter((d) => d.severity === "error").length,
    rendered: diagnostics.map((d) => renderDiagnostic(d, text, file, locale)),
    reported: diagnostics.map(({ severity, code, message, hint, span }) => ({
      file,
      line: span.line,
      column: span.column,
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
  };
}
