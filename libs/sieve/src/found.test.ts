import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { checkCase } from "../test/fuzz/checks.ts";
import type { FuzzFailure } from "../test/fuzz/worker.ts";

const folder = new URL("../test/found/", import.meta.url);

describe("what npm run fuzz found once", () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const { problem, found }: FuzzFailure = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    it(`${file}: ${problem.split("\n")[0]}`, () => checkCase(found));
  }
});
