#!/usr/bin/env node
// npm start: setup, then the demonstration. See `npm start -- --help`.
import { launch } from "./launch.mjs";
import { orExplain, setup } from "./setup.mjs";

await orExplain(async () => {
  await setup();
  process.exitCode = await launch("tools/demo/main.ts", process.argv.slice(2));
});
