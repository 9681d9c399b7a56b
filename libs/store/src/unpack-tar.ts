import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;
const FOLDER = "5";

/** A field of a header, up to its NUL. */
const fieldOf = (header: Buffer, from: number, length: number): string =>
  header.toString("latin1", from, from + length).replace(/\0[\s\S]*$/, "");

/**
 * Unpacks a compressed archive (POSIX.1-1988, `ustar`) of files and folders into a folder. It is for what a package brings along: names are
 * taken as they are. Throws the system's error, or zlib's where the archive is none.
 */
export function unpackTar(archive: Uint8Array, folder: string): void {
  const blocks = gunzipSync(archive);
  let at = 0;
  for (;;) {
    const header = blocks.subarray(at, at + BLOCK);
    const name = fieldOf(header, 0, 100);
    // Two blocks of zeros are its end.
    if (name === "") return;
    const path = join(folder, name);
    const size = Number.parseInt(fieldOf(header, 124, 12), 8);
    const isFolder = fieldOf(header, 156, 1) === FOLDER;
    mkdirSync(isFolder ? path : dirname(path), { recursive: true, mode: 0o700 });
    if (!isFolder) writeFileSync(path, blocks.subarray(at + BLOCK, at + BLOCK + size), { mode: 0o600 });
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
}
