#!/usr/bin/env node
// npm test: setup, then every test. See `npm test -- --help`.
import { launch } from "./launch.mjs";
import { orExplain, setup } from "./setup.mjs";

await orExplain(async () => {
  await setup();
  process.exitCode = await launch("tools/run-tests.ts", process.argv.slice(2));
});
