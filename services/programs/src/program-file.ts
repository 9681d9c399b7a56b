import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { fill, type Text } from "@tamis/kit";
import { unsafeTexts } from "./texts.ts";

/** `unsafe`: somebody but its owner could change it, or it is no plain file; `why` is for operators. */
export type ProgramFile =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unsafe"; readonly why: Text };

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
  const why = whyUnsafe(home, file, owner);
  if (why !== null) return { kind: "unsafe", why };
  return { kind: "found", path };
}

function whyUnsafe(home: Stats, file: Stats, owner: number): Text | null {
  if (!home.isDirectory()) return unsafeTexts["folder-is-none"];
  if (!file.isFile()) return unsafeTexts["no-plain-file"];
  if (home.uid !== owner) return fill(unsafeTexts["folder-owner"], { uid: home.uid, owner });
  if ((home.mode & WRITABLE_BY_OTHERS) !== 0) return unsafeTexts["folder-writable"];
  if (file.uid !== owner) return fill(unsafeTexts["file-owner"], { uid: file.uid, owner });
  if ((file.mode & WRITABLE_BY_OTHERS) !== 0) return unsafeTexts["file-writable"];
  return (file.mode & EXECUTABLE) === 0 ? unsafeTexts["not-executable"] : null;
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch {
    return null;
  }
}
