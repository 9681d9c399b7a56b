import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardProcess } from "@tamis/testkit";
import { luaSortOf, type RuleSet } from "./rule-sets.ts";

/** imapfilter, set up as its manual and its users do: rules as server-side searches, moves in bulk. */
export interface ImapFilter {
  /** Sorts these accounts once, one after the other. @throws Error with its last words when it fails */
  readonly sortOnce: (users: readonly string[]) => Promise<void>;
  /** Sorts one account for ever: sort, IDLE, sort again. */
  readonly watch: (user: string) => Watcher;
}

/** One imapfilter that waits for mail. */
export interface Watcher {
  readonly pid: number;
  /** Its last words when it has ended although nobody stopped it. */
  readonly failed: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface ImapFilterPlan {
  readonly program: string;
  /** Folder for its configuration; also its HOME. */
  readonly dir: string;
  readonly port: number;
  readonly password: string;
  readonly rules: RuleSet;
}

const settings = [
  "options.timeout = 120",
  "options.subscribe = true",
  "options.create = true",
  "options.certificates = false",
  "options.starttls = false",
  "options.range = -1",
  // QUIRK: without a limit imapfilter 2.8.1 cuts a UID STORE of more than some 400 UIDs in the middle, the server says
  // BAD, and the mails, copied already, stay in INBOX as well. 300 is the largest round number that sorts rightly.
  "options.limit = 300",
  "options.info = false",
].join("\n");

function configOf({ port, password, rules }: ImapFilterPlan, loop: string): string {
  const account = `function open(user) return IMAP { server = '127.0.0.1', port = ${port}, username = user, password = '${password}' } end`;
  return [settings, luaSortOf(rules), account, loop, ""].join("\n");
}

const ONCE =
  "for user in string.gmatch(os.getenv('IF_USERS'), '%S+') do local account = open(user); sort(account); account:logout() end";
const WATCH =
  "account = open(os.getenv('IF_USERS'))\nsort(account)\nwhile true do account.INBOX:enter_idle(); sort(account) end";

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function launch(plan: ImapFilterPlan, config: string, users: readonly string[]): Launched {
  const child = spawn(plan.program, ["-c", config], {
    env: { ...process.env, HOME: plan.dir, IF_USERS: users.join(" ") },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString("latin1")).slice(-2_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const release = child.pid === undefined ? () => {} : guardProcess(child.pid);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      release();
      resolve(code);
    });
  });
  return { child, output: () => output, ended };
}

async function sortOnce(plan: ImapFilterPlan, users: readonly string[]): Promise<void> {
  const { ended, output } = launch(plan, join(plan.dir, "once.lua"), users);
  const code = await ended;
  if (code !== 0) throw new Error(`imapfilter ended with ${code}: ${output()}`);
}

function watch(plan: ImapFilterPlan, user: string): Watcher {
  const { child, ended, output } = launch(plan, join(plan.dir, "watch.lua"), [user]);
  let isStopping = false;
  let failure: string | undefined;
  const end = ended.then(
    (code) => {
      if (!isStopping) failure = `imapfilter for ${user} ended with ${code}: ${output()}`;
    },
    (error: unknown) => {
      failure = String(error);
    },
  );
  return {
    pid: child.pid ?? 0,
    failed: () => failure,
    stop: async () => {
      isStopping = true;
      child.kill("SIGKILL");
      await end;
    },
  };
}

/** Writes its configuration; nothing runs yet. */
export function imapFilter(plan: ImapFilterPlan): ImapFilter {
  mkdirSync(plan.dir, { recursive: true });
  writeFileSync(join(plan.dir, "once.lua"), configOf(plan, ONCE));
  writeFileSync(join(plan.dir, "watch.lua"), configOf(plan, WATCH));
  return { sortOnce: (users) => sortOnce(plan, users), watch: (user) => watch(plan, user) };
}

/** Where imapfilter is, installed if need be and allowed. @throws Error with the command to type */
export async function needImapFilter(): Promise<string> {
  // tools/ are plain .mjs files that run before anything is installed: no types to import.
  const tools: { readonly needDebian?: unknown } = await import(
    new URL("../../tools/setup/debian.mjs", import.meta.url).href
  );
  if (typeof tools.needDebian !== "function") throw new Error("tools/setup/debian.mjs exports no needDebian");
  return String(await tools.needDebian("imapfilter", "imapfilter"));
}
