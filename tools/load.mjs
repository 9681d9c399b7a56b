#!/usr/bin/env node
// npm run load -- SCENARIO: setup, then a load test. See `npm run load -- --help`.
import { launch } from "./launch.mjs";
import { needDebian } from "./setup/debian.mjs";
import { orExplain, setup } from "./setup.mjs";

/** Scenarios that run beside a peer, and the peer's program and Debian package. */
const PEERS = {
  latency: [["imapfilter", "imapfilter"]],
  backlog: [["imapfilter", "imapfilter"]],
  circular: [
    ["smtp-sink", "postfix"],
    ["smtp-source", "postfix"],
  ],
  sieve: [["sieve-filter", "dovecot-sieve"]],
};

await orExplain(async () => {
  const args = process.argv.slice(2);
  await setup();
  const peers = args.includes("--help") ? [] : (PEERS[args[0]] ?? []);
  for (const [program, packageName] of peers) await needDebian(program, packageName);
  process.exitCode = await launch("load-tests/src/main.ts", args);
});
