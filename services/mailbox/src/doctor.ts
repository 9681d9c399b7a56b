import { buckets } from "@tamis/contracts";
import {
  type Account,
  type DoctorContext,
  type Finding,
  findingOf,
  loadAccounts,
  type Remark,
  sectionNames,
} from "@tamis/kit";
import type { sections } from "./config.ts";
import { noteDrafts } from "./doctor-drafts.ts";
import { noteWatched } from "./doctor-folders.ts";
import { remarks } from "./doctor-texts.ts";
import { ImapSession } from "./imap/imap-session.ts";
import { noteReceipts } from "./receipts/doctor-receipts.ts";
import { Roster } from "./roster.ts";
import { SignIn, SignInFailed } from "./sign-in.ts";

type Context = DoctorContext<typeof sections>;

/** With one way of signing in for all, a few accounts tell as much as thousands. */
const SAMPLE = 3;
const TIMEOUT_MS = 10_000;

/** What an operator must know before mail is sorted: can we connect, sign in, and move safely? Nothing is changed. */
export async function examineMailbox(context: Context): Promise<readonly Finding[]> {
  const accounts = loadAccounts(context.settings);
  if (accounts.length === 0) return [findingOf("accounts", remarks["no-accounts"])];
  const findings = [findingOf("accounts", remarks.accounts, { count: accounts.length })];
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
        findingOf(`imap.${account.id}`, remarks["signs-in"], { account: account.id, where }),
        ...(await examineServer(session, account, settings)),
      ];
    } finally {
      await session.logout();
    }
  } catch (error) {
    if (!(error instanceof SignInFailed)) throw error;
    return [findingOf(`imap.${account.id}`, remarks[error.code], { account: account.id, where, detail: error.detail })];
  }
}

/** Tells what was found of one thing, `name`, at the account's server. */
export type Note = (name: string, remark: Remark, values?: Readonly<Record<string, string | number>>) => void;

async function examineServer(
  session: ImapSession,
  account: Account,
  { imapsieve, drafts, file }: Context["settings"],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note: Note = (name, remark, values) => {
    findings.push(findingOf(`imap.${account.id}.${name}`, remark, values));
  };
  noteMoving(session.capabilities, note);
  note("idle", session.capabilities.has("IDLE") ? remarks.idle : remarks["no-idle"]);
  await noteUids(session, note);
  await noteTrash(session, note);
  await noteWatched(session, { account, imapsieve }, note);
  await noteDrafts(session, { account, drafts, isSent: sectionNames(file).includes("outbox") }, note);
  noteReceipts(session, { account, file }, note);
  return findings;
}

function noteMoving(capabilities: ReadonlySet<string>, note: Note): void {
  if (capabilities.has("MOVE")) note("move", remarks.move);
  else note("move", capabilities.has("UIDPLUS") ? remarks.uidplus : remarks["no-move"]);
}

async function noteUids(session: ImapSession, note: Note): Promise<void> {
  const folder = await session.select("INBOX", true);
  if (folder.uidNotSticky) note("uid", remarks["uid-not-sticky"]);
  if (folder.uidValidity === 0) note("uidvalidity", remarks["no-uidvalidity"]);
}

async function noteTrash(session: ImapSession, note: Note): Promise<void> {
  const folders = await session.list();
  if (!folders.some(({ attributes }) => attributes.has("\\trash"))) note("trash", remarks["no-trash"]);
}

async function examineRoster({ bus, settings }: Context): Promise<Finding[]> {
  if (bus === null) return [];
  const roster = new Roster(await bus.bucket(buckets.roster), settings.state_dir);
  const worked = (await bus.streamState("EVENTS").catch(() => null))?.lastSeq ?? 0;
  const isThere = worked === 0 || !(await roster.isEmpty());
  return [findingOf("roster", isThere ? remarks.roster : remarks["no-roster"])];
}
