import { buckets } from "@tamis/contracts";
import { type Account, type DoctorContext, type Finding, type ImapsieveSettings, loadAccounts } from "@tamis/kit";
import type { sections } from "./config.ts";
import { remarkWatched } from "./doctor-folders.ts";
import { ImapSession } from "./imap/imap-session.ts";
import { Roster } from "./roster.ts";
import { SignIn, SignInFailed } from "./sign-in.ts";

type Context = DoctorContext<typeof sections>;

/** With one way of signing in for all, a few accounts tell as much as thousands. */
const SAMPLE = 3;
const TIMEOUT_MS = 10_000;

/** What an operator must know before mail is sorted: can we connect, sign in, and move safely? Nothing is changed. */
export async function examineMailbox(context: Context): Promise<readonly Finding[]> {
  const accounts = loadAccounts(context.settings);
  if (accounts.length === 0) {
    return [
      {
        id: "accounts",
        ok: false,
        text: "no account is configured",
        mend: "name accounts under `accounts.list`, `accounts.file` or `accounts.folder` in tamis.yaml",
      },
    ];
  }
  const findings: Finding[] = [{ id: "accounts", ok: true, text: `${accounts.length} accounts configured` }];
  const perAccount = context.settings.imap.sign_in.method === "password";
  const examined = perAccount ? accounts.slice(0, 20) : accounts.slice(0, SAMPLE);
  for (const account of examined) {
    findings.push(...(await examineAccount(context, account)));
    if (context.signal.aborted) break;
  }
  findings.push(...(await examineRoster(context)));
  return findings;
}

async function examineAccount(context: Context, account: Account): Promise<Finding[]> {
  const { settings, signal } = context;
  const signIn = new SignIn(settings.imap, { keepAliveMs: TIMEOUT_MS, timeoutMs: TIMEOUT_MS });
  const where = `${account.host ?? settings.imap.host}:${account.port ?? settings.imap.port}`;
  try {
    const { sockets, capabilities } = await signIn.open(account, signal);
    const session = new ImapSession(sockets, capabilities, {
      silenceMs: TIMEOUT_MS,
      doneMs: TIMEOUT_MS,
      onExists: () => undefined,
      onClosed: () => undefined,
    });
    try {
      return [
        { id: `imap.${account.id}`, ok: true, text: `account ${account.id} signs in at ${where}` },
        ...(await examineServer(session, account, settings.imapsieve)),
      ];
    } finally {
      await session.logout();
    }
  } catch (error) {
    if (!(error instanceof SignInFailed)) throw error;
    return [failureFinding(error, account, where)];
  }
}

function failureFinding(error: SignInFailed, account: Account, where: string): Finding {
  const id = `imap.${account.id}`;
  switch (error.code) {
    case "auth-failed":
      return {
        id,
        ok: false,
        text: `${where} refuses the sign-in of account ${account.id}: ${error.detail}`,
        mend: "check `imap.sign_in` (user, password, separator) or the account's own password; try the same with any mail program",
      };
    case "auth-unavailable":
      return {
        id,
        ok: false,
        text: `${where} cannot check passwords now: ${error.detail}`,
        mend: "look at the mail server's authentication service; Tamis tries again by itself",
      };
    case "token-failed":
      return {
        id,
        ok: false,
        text: `no OAuth2 token for account ${account.id}: ${error.detail}`,
        mend: "run the command of `imap.sign_in.command` by hand with the address appended: it must print one token",
      };
    case "tls-failed":
      return {
        id,
        ok: false,
        text: `the certificate of ${where} is not trusted (${error.detail})`,
        mend: "name the issuing authority's certificate in `imap.ca_file` (PEM); `imap.verify_certificate: false` is for tests only",
      };
    case "unreachable":
      return {
        id,
        ok: false,
        text: `no IMAP server answers at ${where} (${error.detail})`,
        mend: "check `imap.host`, `imap.port` and `imap.tls` (implicit is port 993, starttls is port 143), and the firewall between",
      };
    default:
      return error.code satisfies never;
  }
}

type Remark = (name: string, ok: boolean, text: string, mend?: string) => void;

async function examineServer(session: ImapSession, account: Account, imapsieve: ImapsieveSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  const remark: Remark = (name, ok, text, mend) => {
    findings.push({ id: `imap.${account.id}.${name}`, ok, text, ...(mend === undefined ? {} : { mend }) });
  };
  remarkMoving(session.capabilities, remark);
  remarkIdle(session.capabilities, remark);
  await remarkUids(session, remark);
  await remarkTrash(session, remark);
  await remarkWatched(session, { account, imapsieve }, remark);
  return findings;
}

function remarkMoving(capabilities: ReadonlySet<string>, remark: Remark): void {
  if (capabilities.has("MOVE")) {
    remark("move", true, "the server can MOVE (RFC 6851)");
  } else if (capabilities.has("UIDPLUS")) {
    remark("move", true, "no MOVE here: Tamis copies, then removes the original by UID EXPUNGE");
  } else {
    remark(
      "move",
      false,
      "the server has neither MOVE nor UIDPLUS: Tamis will move nothing, since a bare EXPUNGE could remove its users' mail",
      "update the mail server, or enable MOVE (RFC 6851) or UIDPLUS (RFC 4315) on it",
    );
  }
}

function remarkIdle(capabilities: ReadonlySet<string>, remark: Remark): void {
  if (capabilities.has("IDLE")) {
    remark("idle", true, "the server announces new mail (IDLE, RFC 2177)");
  } else {
    remark(
      "idle",
      false,
      "the server has no IDLE: new mail is seen every 30 seconds",
      "enable IDLE; on Oracle Messaging Server it needs ENS (enpd, iBiff and an ensEventKey ending in %M)",
    );
  }
}

async function remarkUids(session: ImapSession, remark: Remark): Promise<void> {
  const folder = await session.select("INBOX", true);
  if (folder.uidNotSticky) {
    remark(
      "uid",
      false,
      "UIDs do not outlive a session here (UIDNOTSTICKY): Tamis cannot serve this account",
      "use a mail store with persistent UIDs",
    );
  }
  if (folder.uidValidity === 0) {
    remark("uidvalidity", true, "the server gives no UIDVALIDITY: renumbering cannot be noticed");
  }
}

async function remarkTrash(session: ImapSession, remark: Remark): Promise<void> {
  const folders = await session.list();
  if (folders.some(({ attributes }) => attributes.has("\\trash"))) return;
  remark(
    "trash",
    false,
    "no folder is marked \\Trash (RFC 6154): `discard` fails and the mail stays",
    "name the folder in `mailbox.trash`, or mark it on the server",
  );
}

async function examineRoster({ bus, settings }: Context): Promise<Finding[]> {
  if (bus === null) return [];
  const roster = new Roster(await bus.bucket(buckets.roster), settings.state_dir);
  const worked = (await bus.streamState("EVENTS").catch(() => null))?.lastSeq ?? 0;
  if (worked === 0 || !(await roster.isEmpty()))
    return [{ id: "roster", ok: true, text: "the roster of served accounts is there" }];
  return [
    {
      id: "roster",
      ok: false,
      text: "this installation worked before, and both its account records and its roster are lost",
      mend: "run `tamis recover --since <date of the last good day>`: mail that came since is looked at again, nothing is moved twice",
    },
  ];
}
