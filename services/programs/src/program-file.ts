import { lstat } from "node:fs/promises";
import { join } from "node:path";

/** `unsafe`: somebody but its owner could change it, or it is no plain file; `why` is for the log. */
export type ProgramFile =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unsafe"; readonly why: string };

const WRITABLE_BY_OTHERS = 0o022;
const EXECUTABLE = 0o111;

/**
 * The program of this name in the folder. Both must belong to `owner` (root, 0), be writable by nobody else, and be no symbolic
 * link: what a script names is what the administrator put there.
 */
export async function programFile(folder: string, name: string, owner = 0): Promise<ProgramFile> {
  // A bare name: no way out of the folder, nothing hidden.
  if (!/^[^./\0][^/\0]{0,127}$/.test(name)) return { kind: "missing" };
  const path = join(folder, name);
  const [home, file] = await Promise.all([statOrNull(folder), statOrNull(path)]);
  if (home === null || file === null) return { kind: "missing" };
  if (!home.isDirectory()) return { kind: "unsafe", why: "the folder is no folder" };
  if (!file.isFile()) return { kind: "unsafe", why: "it is no plain file" };
  for (const [what, stats] of [
    ["the folder", home],
    ["it", file],
  ] as const) {
    if (stats.uid !== owner) return { kind: "unsafe", why: `${what} belongs to user ${stats.uid}, not ${owner}` };
    if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return { kind: "unsafe", why: `others may write ${what}` };
  }
  if ((file.mode & EXECUTABLE) === 0) return { kind: "unsafe", why: "it is not executable" };
  return { kind: "found", path };
}

async function statOrNull(path: string) {
  try {
    return await lstat(path);
  } catch {
    return null;
  }
}
