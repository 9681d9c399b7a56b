import assert from "node:assert/strict";

/** What the setup does with Debian's packages, for tests that need programs which others wrote. */
export interface DebianTools {
  /** Installs those that are missing, where this is root; throws with the command to type elsewhere. */
  readonly needDebianPackages: (packages: readonly string[]) => Promise<void>;
  /** Puts the files of a package into a folder, without installing it. */
  readonly unpackDebian: (name: string, folder: string) => Promise<void>;
}

/** Of plain .mjs files that run before anything is installed: no types to import. */
export async function debianTools(): Promise<DebianTools> {
  const tools: Partial<DebianTools> = await import(new URL("../../../tools/setup/debian.mjs", import.meta.url).href);
  const { needDebianPackages, unpackDebian } = tools;
  assert.ok(needDebianPackages !== undefined && unpackDebian !== undefined);
  return { needDebianPackages, unpackDebian };
}
