import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { cpuByName, cpuSeconds, cpuSpent, residentKib } from "./process-usage.ts";

it("counts the time of children that have ended", () => {
  const before = cpuSeconds(process.pid);
  spawnSync(process.execPath, [
    "-e",
    "const end = process.cpuUsage().user + 150_000; while (process.cpuUsage().user < end);",
  ]);
  assert.ok(cpuSeconds(process.pid) - before >= 0.15);
});

it("names what each process spent", () => {
  assert.deepEqual(cpuSpent({ filter: 1 }, { filter: 1.25 }), { filter_cpu_s: 0.25 });
  assert.deepEqual(Object.keys(cpuByName({ me: [process.pid] })), ["me"]);
});

it("reads resident memory", () => {
  assert.ok(residentKib(process.pid) > 10_000);
  assert.equal(residentKib(2 ** 22 + 1), 0);
});
