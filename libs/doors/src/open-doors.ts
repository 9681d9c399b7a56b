import { setTimeout as delay } from "node:timers/promises";
import { type SignInAttempted, signInAttempted } from "@tamis/contracts";
import {
  type Account,
  type AccountsSource,
  type DoorImapSettings,
  type Logger,
  loadAccounts,
  watchAccounts,
} from "@tamis/kit";
import { accountBook } from "./account-book.ts";
import { auditor } from "./audit.ts";
import { type Door, openDoor } from "./door.ts";
import { type ImapCheck, imapCheck } from "./imap-check.ts";
import type { DoorsSettings } from "./section.ts";

/** What a service with a door is given. */
export interface OpenDoors extends Door {
  /** SASL mechanisms (RFC 4422) that may be used over TLS; what the IMAP server cannot check is not among them. */
  mechanisms(): readonly ("PLAIN" | "OAUTHBEARER")[];
  /** The account of this id, as it is configured now; `null`: none. */
  account(id: string): Account | null;
  stop(): void;
}

export interface OpenDoorsOptions {
  /** `managesieve`, `http` … */
  readonly door: string;
  readonly settings: AccountsSource & { readonly imap: DoorImapSettings; readonly doors: DoorsSettings };
  readonly publishFact: (fact: typeof signInAttempted, p: number, value: SignInAttempted, id: string) => Promise<void>;
  readonly log: Logger;
  readonly instance: string;
  /** Told of each attempt, for a metric. */
  readonly onAttempt?: (result: SignInAttempted["result"]) => void;
}

const PROBE_MS = 10 * 60_000;
const PROBE_AGAIN_MS = 30_000;

/** The door of a running service: accounts as they are now, the IMAP server, limits, audit. */
export function openDoors(options: OpenDoorsOptions): OpenDoors {
  const { settings, log } = options;
  const accounts = loadAccounts(settings);
  const bookOf = (all: readonly Account[]) => accountBook(all, settings.doors.default_domain);
  let book = bookOf(accounts);
  const watch = watchAccounts(settings, {
    log,
    known: accounts,
    onChange: (change) => (book = bookOf(change.accounts)),
  });
  const imap = imapCheck(settings.imap, {
    timeoutMs: settings.doors.timeout_ms,
    onTrouble: (fields) => log.warn(fields, "imap-not-asked"),
  });
  const stopProbing = probeFromTimeToTime(imap);
  const audit = auditor({
    door: options.door,
    publish: (p, fact, id) => options.publishFact(signInAttempted, p, fact, id),
    log,
    now: Date.now,
    instance: options.instance,
  });
  const door = openDoor({
    settings: settings.doors,
    masterSeparator: settings.imap.sign_in.separator,
    book: () => book,
    imap,
    audit: (fields) => {
      options.onAttempt?.(fields.result);
      audit(fields);
    },
    clock: () => performance.now(),
    delay: async (ms) => void (ms > 0 && (await delay(ms))),
  });
  return {
    signIn: (attempt) => door.signIn(attempt),
    malformed: (mechanism, peer) => door.malformed(mechanism, peer),
    account: (id) => book.byId(id),
    mechanisms: () => (imap.takesTokens ? ["PLAIN", "OAUTHBEARER"] : ["PLAIN"]),
    stop() {
      stopProbing();
      watch.stop();
    },
  };
}

function probeFromTimeToTime(imap: ImapCheck): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const probe = async (): Promise<void> => {
    const answered = await imap.probe();
    if (stopped) return;
    timer = setTimeout(() => void probe(), answered ? PROBE_MS : PROBE_AGAIN_MS);
    timer.unref();
  };
  void probe();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
