import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./guard.ts";
import { locateProgram } from "./locate-server.ts";

/** What Dovecot's Sieve engine decided on one mail: `keep`, `discard`, `fileinto NAME`, `redirect ADDRESS` …, sorted. */
export interface SieveDecision {
  /** With its angle brackets; "" where the mail has none. */
  readonly messageId: string;
  readonly actions: readonly string[];
}

/** What came of a script. */
export type SieveRun =
  | { readonly ok: true; readonly decisions: readonly SieveDecision[] }
  /** It does not compile, or a run ended with an error: what was said about it. */
  | { readonly ok: false; readonly said: string };

/** Dovecot's Sieve engine (Pigeonhole) by its command-line programs: no server runs, nothing is delivered or sent. */
export interface DovecotSieve extends Disposable {
  readonly version: string;
  /** `sieve-filter`: a script on every mail of a Maildir, as a dry run with an index of its own that begins empty. */
  filter(script: string, maildir: string): Promise<SieveRun>;
  /** `sieve-test`: a script on one mail. */
  test(
    script: string,
    mail: Uint8Array,
    envelope?: { readonly from?: string; readonly to?: string },
  ): Promise<SieveRun>;
}

/** Whom the programs run as: they refuse to be root. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function ownerOf(): Owner {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (own.uid !== 0) return own;
  const id = (option: string): number => Number(execFileSync("id", [option, "mail"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function configOf(dir: string, { uid, gid }: Owner): string {
  return `mail_location = maildir:${dir}/mail
mail_home = ${dir}/home
base_dir = ${dir}/run
state_dir = ${dir}/run
log_path = /dev/stderr
ssl = no
mail_uid = ${uid}
mail_gid = ${gid}
first_valid_uid = 1
first_valid_gid = 1
plugin {
  sieve_user_email = me@example.net
}
`;
}

/** How a program ended; what it wrote lies in two files. */
interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function runIn(dir: string, program: string, args: readonly string[]): Promise<Ended> {
  const files = [join(dir, "stdout"), join(dir, "stderr")] as const;
  const [out, err] = files.map((file) => openSync(file, "w"));
  if (out === undefined || err === undefined) throw new Error("two files were opened");
  const env = { PATH: process.env["PATH"], HOME: join(dir, "home"), USER: "mail", TZ: "UTC" };
  const child = spawn(program, args, { stdio: ["ignore", out, err], env });
  closeSync(out);
  closeSync(err);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, out: readFileSync(files[0], "utf8"), err: readFileSync(files[1], "utf8") });
    });
  });
}

/** Makes its configuration and folders. @throws Error with the command to type when the programs are missing */
export function openDovecotSieve(): DovecotSieve {
  const programs = { filter: locateProgram("sieve-filter"), test: locateProgram("sieve-test") };
  const { path: top, remove } = tempDir("tamis-dovecot-sieve");
  chmodSync(top, 0o755);
  const owner = ownerOf();
  let count = 0;
  /** A fresh folder that the engine may write into: the compiled script, the index of the Maildir. */
  const fresh = (): string => {
    const dir = join(top, String(++count));
    for (const folder of [dir, join(dir, "home"), join(dir, "run"), join(dir, "index")]) {
      mkdirSync(folder);
      chownSync(folder, owner.uid, owner.gid);
    }
    writeFileSync(join(dir, "dovecot.conf"), configOf(dir, owner));
    return dir;
  };
  const begin = (script: string): { readonly dir: string; readonly args: readonly string[] } => {
    const dir = fresh();
    writeFileSync(join(dir, "script.sieve"), script);
    return { dir, args: ["-C", "-c", join(dir, "dovecot.conf")] };
  };
  return {
    version: execFileSync(locateProgram("dovecot"), ["--version"], { encoding: "utf8" }).trim(),
    async filter(script, maildir) {
      const { dir, args } = begin(script);
      const location = `mail_location=maildir:${maildir}:INDEX=${dir}/index:CONTROL=${dir}/index`;
      const ended = await runIn(dir, programs.filter, [...args, "-o", location, join(dir, "script.sieve"), "INBOX"]);
      return conclude(ended, (out) => out.split(">> Filtering message:").slice(1).map(decisionOf));
    },
    async test(script, mail, envelope = {}) {
      const { dir, args } = begin(script);
      writeFileSync(join(dir, "mail"), mail);
      const from = envelope.from === undefined ? [] : ["-f", envelope.from];
      const to = envelope.to === undefined ? [] : ["-a", envelope.to, "-r", envelope.to];
      const files = [join(dir, "script.sieve"), join(dir, "mail")];
      return conclude(await runIn(dir, programs.test, [...args, ...from, ...to, ...files]), (out) => [decisionOf(out)]);
    },
    [Symbol.dispose]: remove,
  };
}

function conclude({ code, out, err }: Ended, read: (out: string) => readonly SieveDecision[]): SieveRun {
  const faults = err.split("\n").filter((line) => /: (?:error|fatal|panic)|failed due to/i.test(line));
  return code === 0 && faults.length === 0 ? { ok: true, decisions: read(out) } : { ok: false, said: err || out };
}

const actionLines: readonly (readonly [RegExp, (target: string) => string])[] = [
  [/^store message in folder: (.*)$/, (folder) => `fileinto ${folder}`],
  [/^redirect message to: <?(.*?)>?$/, (address) => `redirect ${address}`],
  [/^discard/, () => "discard"],
  [/^(?:send vacation|vacation)/, () => "vacation"],
  [/^reject/, () => "reject"],
];

/** One block of its report: the mail, the actions, and whether the implicit keep stands. */
function decisionOf(block: string): SieveDecision {
  const [head = "", implicit = ""] = block.split("Implicit keep:");
  const performed = head.slice(Math.max(0, head.indexOf("Performed actions:")));
  const actions = performed
    .split("\n")
    .flatMap((line) => (line.startsWith(" * ") ? [actionOf(line.slice(3).trim())] : []));
  const keeps = implicit.includes(" * store message in folder");
  return {
    messageId: /^ {2}ID: *(<.*>|\S*)$/m.exec(head)?.[1] ?? "",
    actions: [...new Set([...actions, ...(keeps ? ["keep"] : [])].map(plainKeep))].sort(),
  };
}

/** It has one way to say that a mail stays where it is. */
const plainKeep = (action: string): string => (action === "fileinto INBOX" ? "keep" : action);

function actionOf(line: string): string {
  for (const [pattern, name] of actionLines) {
    const found = pattern.exec(line);
    if (found !== null) return name(found[1] ?? "");
  }
  return line;
}
