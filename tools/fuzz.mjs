#!/usr/bin/env node
// npm run fuzz: setup, then random scripts and mails. See `npm run fuzz -- --help`.
import { launch } from "./launch.mjs";
import { needDebian } from "./setup/debian.mjs";
import { orExplain, setup } from "./setup.mjs";

await orExplain(async () => {
  const args = process.argv.slice(2);
  await setup({ servers: false });
  if (args.includes("--against") && !args.includes("--help")) await needDebian("sieve-test", "dovecot-sieve");
  process.exitCode = await launch("libs/sieve/test/fuzz/main.ts", args);
});
