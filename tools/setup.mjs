#!/usr/bin/env node
// Makes a bare checkout able to run: npm packages (with Node 24), nats-server, Dovecot, PostgreSQL and slapd. Run by any Node from 18 on.
// Seconds the first time that matter, a fraction of one when there is nothing to do.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exclusively } from "./setup/exclusive.mjs";
import { installPackages, packagesAreReady } from "./setup/npm-packages.mjs";
import { SetupError } from "./setup/run.mjs";
import { provideServers, recordServers, serversReady } from "./setup/servers.mjs";

/** The checkout's top folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const say = (line) => process.stderr.write(`setup: ${line}\n`);

function refuseOldNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 18)
    throw new SetupError(
      `Node 18 or later is needed to start (this is ${process.version}); Node 24 itself then comes with the npm packages.`,
    );
}

async function complete({ packages, servers }) {
  if (packages && !packagesAreReady(root)) await installPackages(root, say);
  if (servers) recordServers(root, await provideServers(say));
}

/**
 * Provides what is missing; does nothing when all is there.
 * @param {{packages?: boolean, servers?: boolean}} what npm packages (default true), nats-server, Dovecot, PostgreSQL and slapd (default true)
 */
export async function setup({ packages = true, servers = true } = {}) {
  refuseOldNode();
  const found = servers ? serversReady() : undefined;
  if ((!packages || packagesAreReady(root)) && (!servers || found)) {
    if (found) recordServers(root, found);
    return;
  }
  await exclusively(
    join(root, ".tamis/setup.lock"),
    () => complete({ packages, servers }),
    (pid) => say(`waiting for the setup of process ${pid} …`),
  );
}

/** Runs a launcher's work; a SetupError ends it with its message and exit code 1. */
export async function orExplain(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

const HELP = `node tools/setup.mjs [--no-servers | --only-servers]
  Installs the npm packages of package-lock.json and finds or installs nats-server, Dovecot, PostgreSQL and slapd.
  --no-servers    npm packages only
  --only-servers  the servers only; writes nothing into the checkout (for root)
`;

async function main(args) {
  const unknown = args.find((argument) => !["--no-servers", "--only-servers", "--help"].includes(argument));
  if (unknown) throw new SetupError(`unknown argument ${unknown}\n${HELP}`);
  if (args.includes("--help")) return process.stdout.write(HELP);
  if (args.includes("--only-servers")) return provideServers(say);
  await setup({ servers: !args.includes("--no-servers") });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await orExplain(() => main(process.argv.slice(2)));
