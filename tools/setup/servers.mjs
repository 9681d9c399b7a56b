// Where nats-server, Dovecot, PostgreSQL and slapd come from, in this order: variable, PATH, Debian's packages, containers.
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { canInstall, findProgram, finishInterrupted, installDebian, wasInterrupted } from "./debian.mjs";
import { firstLine, run, SetupError } from "./run.mjs";

const DOVECOT_PACKAGES = ["dovecot-imapd", "dovecot-lmtpd", "dovecot-sieve", "dovecot-managesieved"];
/** Programs that Dovecot starts itself; each comes with a package of its own. */
const DOVECOT_PARTS = ["imap", "lmtp", "managesieve"];
const DOVECOT_PART_FOLDERS = [
  "/usr/lib/dovecot",
  "/usr/libexec/dovecot",
  "/usr/local/libexec/dovecot",
  "/opt/homebrew/libexec/dovecot",
];

/** What tests start a cluster of their own with. */
const POSTGRES_PARTS = ["initdb", "createdb"];

/** What tests fill a directory of their own with. */
const SLAPD_PARTS = ["slapadd"];

const parts = (version) => (version.match(/\d+/g) ?? []).map(Number);

/** Compares dotted versions by their first three numbers. */
function atLeast(version, floor) {
  const [have, want] = [parts(version), parts(floor)];
  for (let i = 0; i < 3; i++) if ((have[i] ?? 0) !== (want[i] ?? 0)) return (have[i] ?? 0) > (want[i] ?? 0);
  return true;
}

function partsAreThere(dovecot) {
  const folders = [
    ...DOVECOT_PART_FOLDERS,
    join(dirname(dirname(dovecot)), "libexec/dovecot"),
    join(dirname(dirname(dovecot)), "lib/dovecot"),
  ];
  return folders.some((folder) => DOVECOT_PARTS.every((part) => existsSync(join(folder, part))));
}

const SERVERS = {
  nats: {
    program: "nats-server",
    variable: "NATS_SERVER_BIN",
    needs: "nats-server 2.9.10 or later",
    packages: ["nats-server"],
    image: "nats:2.11.9-alpine",
    accepts: (version) => atLeast(version, "2.9.10"),
    isWhole: () => true,
    parts: [],
  },
  dovecot: {
    program: "dovecot",
    variable: "DOVECOT_BIN",
    needs: "Dovecot 2.3 with IMAP, LMTP and ManageSieve",
    packages: DOVECOT_PACKAGES,
    image: "dovecot/dovecot:2.3.21.1",
    accepts: (version) => version.startsWith("2.3."),
    isWhole: partsAreThere,
    parts: DOVECOT_PARTS,
  },
  postgres: {
    program: "postgres",
    variable: "PG_BIN_DIR",
    needs: "PostgreSQL 15 or later",
    packages: ["postgresql"],
    image: "postgres:15-alpine",
    accepts: (version) => atLeast(version, "15"),
    isWhole: (path) => POSTGRES_PARTS.every((part) => existsSync(join(dirname(realpathSync(path)), part))),
    parts: POSTGRES_PARTS,
  },
  slapd: {
    program: "slapd",
    variable: "SLAPD_BIN",
    needs: "OpenLDAP's slapd 2.4 or later",
    packages: ["slapd"],
    image: "osixia/openldap:1.5.0",
    versionArguments: ["-VV"],
    accepts: (version) => atLeast(version, "2.4"),
    isWhole: (path) => SLAPD_PARTS.every((part) => existsSync(join(dirname(realpathSync(path)), part))),
    parts: SLAPD_PARTS,
  },
};

const versionOf = (path, { versionArguments = ["--version"] }) =>
  firstLine(path, versionArguments)?.match(/\d+\.\d+\S*/)?.[0];

/** Debian keeps each version of PostgreSQL out of PATH, in a folder of its own; the newest is taken. */
function findOutsidePath(program) {
  const folder = "/usr/lib/postgresql";
  if (program !== "postgres" || !existsSync(folder)) return undefined;
  const versions = readdirSync(folder).filter((version) => /^\d+$/.test(version));
  const paths = versions.sort((a, b) => b - a).map((version) => join(folder, version, "bin", program));
  return paths.find((path) => existsSync(path));
}

/** A variable names the program, or the folder it lies in. */
function namedBy(server) {
  const named = process.env[server.variable];
  return named && existsSync(named) && statSync(named).isDirectory() ? join(named, server.program) : named;
}

/** @returns {{kind: "binary", path: string, version: string} | {fault: string}} */
function inspect(server, path) {
  const version = versionOf(path, server);
  if (version === undefined) return { fault: `${path} does not say its version` };
  if (!server.accepts(version)) return { fault: `${path} is ${version}, ${server.needs} is needed` };
  if (!server.isWhole(path)) return { fault: `${path} ${version} lacks one of its parts (${server.parts.join(", ")})` };
  return { kind: "binary", path, version };
}

/** The server named by its variable or found in PATH, or what is wrong. A variable that is set must be right. */
function find(server) {
  const named = namedBy(server);
  if (named) {
    const found = inspect(server, named);
    if (found.fault) throw new SetupError(`${server.variable}: ${found.fault}.`);
    return found;
  }
  const path = findProgram(server.program) ?? findOutsidePath(server.program);
  return path ? inspect(server, path) : { fault: `no ${server.program} in PATH` };
}

const findAll = () => Object.fromEntries(Object.entries(SERVERS).map(([name, server]) => [name, find(server)]));
const lacking = (found) => Object.keys(SERVERS).filter((name) => found[name].fault);

async function fromDebian(found, say) {
  const names = lacking(found);
  const accepts = (packageName, version) => {
    const owner = names.find((name) => SERVERS[name].packages.includes(packageName));
    return owner === undefined || SERVERS[owner].accepts(version);
  };
  await installDebian(
    names.flatMap((name) => SERVERS[name].packages),
    say,
    accepts,
  );
  return findAll();
}

async function fromContainers(found, say) {
  const docker = await run("docker", ["info", "--format", "{{.ServerVersion}}"]);
  if (!docker.ok) return found;
  const images = lacking(found).map((name) => [name, { kind: "container", image: SERVERS[name].image }]);
  for (const [name, { image }] of images) say(`${name}: will run in a container (${image})`);
  return { ...found, ...Object.fromEntries(images) };
}

function commands(packages) {
  if (!existsSync("/usr/bin/apt-get")) return ["Start Docker, or install them with your system's own tools."];
  const install = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (canInstall()) return ["Type:", `  apt-get update && ${install}`];
  return [
    "Type (it starts and enables no service):",
    `  sudo ${process.execPath} tools/setup.mjs --only-servers`,
    "or install them yourself:",
    `  sudo ${install}`,
  ];
}

function explain(found, reason) {
  const names = lacking(found);
  const variables = names.map((name) => `${SERVERS[name].variable}=/path/to/${SERVERS[name].program}`);
  return [
    "These servers are needed on this machine:",
    ...names.map((name) => `  ${SERVERS[name].needs}: ${found[name].fault}`),
    ...(reason ? [`Debian's packages did not help: ${reason}`] : []),
    ...commands(names.flatMap((name) => SERVERS[name].packages)),
    `Installed elsewhere? Set ${variables.join(" and ")}. A running Docker engine would do, too.`,
  ].join("\n");
}

/** Finds or installs the servers; returns where each is. Throws SetupError with the command to type. */
export async function provideServers(say) {
  if (wasInterrupted()) await finishInterrupted(say);
  let found = findAll();
  let reason = "";
  if (lacking(found).length > 0 && canInstall()) {
    try {
      found = await fromDebian(found, say);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      reason = error.message;
    }
  }
  if (lacking(found).length > 0) found = await fromContainers(found, say);
  if (lacking(found).length > 0) throw new SetupError(explain(found, reason));
  return found;
}

/** All servers when nothing has to be installed, else undefined. */
export function serversReady() {
  if (wasInterrupted()) return undefined;
  const found = findAll();
  return lacking(found).length === 0 ? found : undefined;
}

/** Tells the test kit where the servers are (.tamis/servers.json). Written only when it changes. */
export function recordServers(root, servers) {
  const file = join(root, ".tamis/servers.json");
  const text = `${JSON.stringify(servers, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
