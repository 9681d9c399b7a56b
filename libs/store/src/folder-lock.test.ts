import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { guardProcess, tempDir, waitFor } from "@tamis/testkit";
import { FolderInUse, lockFolder } from "./folder-lock.ts";

const SOURCE = fileURLToPath(new URL("./folder-lock.ts", import.meta.url));

describe("lockFolder", () => {
  const dir = tempDir("tamis-lock");
  after(() => dir.remove());

  it("is taken once, and again after its release", () => {
    const path = join(dir.path, "a");
    const first = lockFolder(path);
    assert.throws(() => lockFolder(path), FolderInUse);
    first.release();
    lockFolder(path).release();
  });

  it("names the other process, and ends with it even by kill -9", async () => {
    const path = join(dir.path, "b");
    const code = `const { lockFolder } = await import(${JSON.stringify(SOURCE)}); lockFolder(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    const release = guardProcess(child.pid ?? 0);
    await once(child.stdout, "data");
    assert.throws(
      () => lockFolder(path),
      (error: unknown) => error instanceof FolderInUse && error.message.includes(`process ${child.pid} on `),
    );
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
    release();
    const lock = await waitFor(() => lockFolder(path));
    lock.release();
  });
});
