import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { exclusively } from "./exclusive.mjs";

describe("exclusively", () => {
  const folder = mkdtempSync(join(tmpdir(), "tamis-exclusive-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one in at a time, and leaves no lock", async () => {
    const file = join(folder, "a/lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([exclusively(file, work), exclusively(file, work), exclusively(file, work)]);
    assert.equal(most, 1);
    assert.equal(existsSync(file), false);
  });

  it("takes over from an owner that was killed", async () => {
    const file = join(folder, "b");
    const script = `import { exclusively } from ${JSON.stringify(new URL("./exclusive.mjs", import.meta.url).href)};
      await exclusively(${JSON.stringify(file)}, () => { console.log("in"); return new Promise(() => setInterval(() => {}, 1000)); });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    let waitedFor = "";
    const entered = exclusively(
      file,
      async () => "entered",
      (pid) => {
        waitedFor = pid;
        child.kill("SIGKILL");
      },
    );
    assert.equal(await entered, "entered");
    assert.equal(waitedFor, String(child.pid));
  });

  it("takes over when the owner's pid belongs to another process now", async () => {
    const file = join(folder, "c");
    writeFileSync(file, `${process.pid} 12345`);
    assert.equal(await exclusively(file, async () => readFileSync(file, "utf8") !== `${process.pid} 12345`), true);
  });

  it("lets go when the work fails", async () => {
    const file = join(folder, "d");
    await assert.rejects(
      exclusively(file, () => Promise.reject(new Error("no"))),
      { message: "no" },
    );
    assert.equal(existsSync(file), false);
  });
});
