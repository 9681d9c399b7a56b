import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { ProgramCall, ProgramResult, SuiteEnvironment } from "@tamis/sieve/svtest";
import { CommandFailure } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

const ending = ".svtest";
const failures = "failures";

/** A test file. */
export interface SuiteFile {
  readonly path: string;
  /** Its blocks are meant to fail: it lies in a folder called `failures`. */
  readonly meantToFail: boolean;
}

/** The test files of paths: those named, and all below the folders named, in order. Throws where there are none. */
export async function suiteFiles(paths: readonly string[], io: Surroundings): Promise<readonly SuiteFile[]> {
  const found: SuiteFile[] = [];
  for (const path of paths) {
    const files = await filesOf(path, io);
    if (files.length === 0) throw new CommandFailure(io.say("svtest.none", { path }));
    found.push(...files);
  }
  return found;
}

async function filesOf(path: string, io: Surroundings): Promise<readonly SuiteFile[]> {
  const top = resolve(path);
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, meantToFail: basename(dirname(top)) === failures }];
    const below = await readdir(path, { recursive: true, withFileTypes: true });
    return below
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && entry.name.endsWith(ending))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({ path: file, meantToFail: foldersBetween(top, file).includes(failures) }));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("file.unreadable", { file: path, code }), undefined, { cause });
  }
}

/** The names of the folders from the one that was asked for down to that of the file. */
function foldersBetween(top: string, file: string): readonly string[] {
  return [basename(top), ...relative(top, dirname(resolve(file))).split(sep)];
}

/** The world of a test file: the files beside it, and programs below its folder where that is allowed. */
export function suiteEnvironment(file: string, allowed: { readonly programs: boolean }): SuiteEnvironment {
  const folder = dirname(resolve(file));
  return {
    folder,
    now: Date.now(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    readText: (path) => readText(resolve(folder, path)),
    ...(allowed.programs ? { runProgram: (call) => runProgram(call, folder) } : {}),
  };
}

function readText(path: string): string | null {
  try {
    return textOf(readFileSync(path));
  } catch {
    return null;
  }
}

/** The text of a test file or of one beside it: UTF-8; a whole file that is none as Windows-1252, as mail is read. */
export function textOf(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder("windows-1252").decode(octets);
  }
}

/** Octets that a program may write. */
const longestOutput = 16_777_216;

/** Runs a file below the folder, with an empty environment and for a limited time; never through a shell. */
function runProgram(call: ProgramCall, root: string): ProgramResult {
  const path = programPath(call, root);
  const refused = (missing: boolean, reason: string): ProgramResult => ({
    missing,
    reason,
    exitCode: null,
    output: new Uint8Array(),
  });
  if (path === null) return refused(true, `there is no program ${call.name} in a folder below that of the test file`);
  const { status, stdout, error, signal } = spawnSync(path, [...call.parameters], {
    cwd: dirname(path),
    env: {},
    input: call.input,
    timeout: call.timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: longestOutput,
    stdio: ["pipe", "pipe", "ignore"],
  });
  // A program that ends without reading all of its input is no failure.
  const broken = error !== undefined && !("code" in error && error.code === "EPIPE");
  if (broken || signal !== null) return refused(false, error?.message ?? `it was stopped by ${signal}`);
  return { missing: false, exitCode: status, output: stdout, reason: status === 0 ? "" : `it ended with ${status}` };
}

/** The real path of the program; null outside of the folder, whatever links say. */
function programPath({ folder, name }: ProgramCall, root: string): string | null {
  if (name === "" || name.startsWith(".") || name.includes("/") || name.includes("\0")) return null;
  try {
    const below = realpathSync(root) + sep;
    const real = realpathSync(join(resolve(root, folder), name));
    return real.startsWith(below) && dirname(real) + sep !== below ? real : null;
  } catch {
    return null;
  }
}
