import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkName, type Objects, ObjectsUnavailable } from "./objects.ts";

/** Objects in a folder, in folders of the first two characters of their names. */
export function folderObjects(dir: string): Objects {
  const pathOf = (name: string): string => join(dir, checkName(name).slice(0, 2), name);
  return {
    put: (name, octets) => told(() => put(pathOf(name), octets)),
    get: (name) => told(() => get(pathOf(name))),
    delete: (name) =>
      told(async () => {
        // What a process left that was killed while it wrote goes with it.
        for (const path of [pathOf(name), unfinished(pathOf(name))]) await rm(path, { force: true });
      }),
  };
}

const unfinished = (path: string): string => `${path}.part`;

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (codeOf(cause) === null) throw cause;
    throw new ObjectsUnavailable(codeOf(cause) ?? "", { cause });
  }
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error ? error.code : null;

async function put(path: string, octets: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o750 });
  await using(unfinished(path), "w", async (file) => {
    await file.writeFile(octets);
    await file.sync();
  });
  await rename(unfinished(path), path);
  // The name lies in the folder, and that of a new folder in the one above.
  await using(folder, "r", (file) => file.sync());
  if (made !== undefined) await using(dirname(folder), "r", (file) => file.sync());
}

async function using(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o640);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

async function get(path: string): ReturnType<Objects["get"]> {
  try {
    const file = await open(path, "r");
    const { size } = await file.stat();
    return { size, octets: file.createReadStream() };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
