#!/usr/bin/env node
// The `tamis` command. Whatever Node runs this file, the command itself runs under the project's Node 24.
import { launch } from "./launch.mjs";
import { orExplain, setup } from "./setup.mjs";

await orExplain(async () => {
  await setup({ servers: false });
  process.exitCode = await launch("libs/cli/src/main.ts", process.argv.slice(2));
});
