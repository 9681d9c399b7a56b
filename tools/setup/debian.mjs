// Debian packages, as root only, so that no service is started or left enabled, not even when apt-get fails half-way.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { exclusively } from "./exclusive.mjs";
import { firstLine, run, SetupError, tail } from "./run.mjs";

const POLICY = "/usr/sbin/policy-rc.d";
const POLICY_TEXT =
  "#!/bin/sh\n# Written by tamis setup while it installs packages: starts no service. Safe to remove.\nexit 101\n";
/** Services whose packages are being installed; found again by the next run if this one is killed. */
const PENDING = "/var/lib/tamis-setup/pending-services";
const LOCK = "/run/lock/tamis-setup.lock";
const SERVICES = {
  "nats-server": ["nats-server"],
  "dovecot-imapd": ["dovecot"],
  postgresql: ["postgresql"],
  slapd: ["slapd"],
  imapfilter: [],
  // Of its programs smtp-sink and smtp-source alone are used.
  postfix: ["postfix", "postfix-resolvconf"],
  // It brings a timer that cleans up after web sites.
  "php-cli": ["phpsessionclean"],
};
/** Debian makes and enables a cluster with the package, unless it is told not to: ours are made by the tests. */
const CLUSTER_CONFIG = "/etc/postgresql-common/createcluster.conf";
/** Debian asks about a directory of the machine's own, and makes one where nobody answers: ours are made by the tests. */
const NO_DIRECTORY = "slapd slapd/no_configuration boolean true";
const CLUSTER_TEXT = "# Written by tamis setup before it installed PostgreSQL.\ncreate_main_cluster = false\n";

const environment = {
  ...process.env,
  DEBIAN_FRONTEND: "noninteractive",
  // A configuration file of ours stays when a package brings its own.
  UCF_FORCE_CONFFOLD: "1",
  RUNLEVEL: "1",
  SYSTEMD_OFFLINE: "1",
  LC_ALL: "C",
};

/** True where packages can be installed: Debian (or a child of it) and root. */
export function canInstall() {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** Absolute path of a program: PATH, then the sbin folders that an ordinary user's PATH leaves out. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin"];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const isPackageInstalled = (name) =>
  firstLine("dpkg-query", ["-W", "-f=$" + "{db:Status-Status}", name]) === "installed";

/** Stops what a package may have started and takes back what it enabled. */
async function disableServices(services) {
  for (const service of services) {
    const units = [`${service}.service`, `${service}.socket`, `${service}.timer`, `${service}.path`];
    if (existsSync("/run/systemd/system")) await run("systemctl", ["stop", ...units]);
    for (const unit of units) await run("systemctl", ["disable", unit], { env: environment });
    if (existsSync(`/etc/init.d/${service}`)) await run("update-rc.d", [service, "disable"], { env: environment });
  }
}

const pendingServices = () => (existsSync(PENDING) ? readFileSync(PENDING, "utf8").split("\n").filter(Boolean) : []);

async function finishPending() {
  await disableServices(pendingServices());
  rmSync(PENDING, { force: true });
}

/** True when an earlier setup was killed while it installed packages: their services may have been left enabled. */
export function wasInterrupted() {
  return canInstall() && existsSync(PENDING);
}

/** A policy-rc.d of ours that a killed setup left behind is replaced; one of the administrator's stays. */
function forbidServiceStarts() {
  if (existsSync(POLICY) && readFileSync(POLICY, "utf8") !== POLICY_TEXT) return () => {};
  writeFileSync(POLICY, POLICY_TEXT, { mode: 0o755 });
  const allow = () => rmSync(POLICY, { force: true });
  process.on("exit", allow);
  return () => {
    process.off("exit", allow);
    allow();
  };
}

const apt = (...args) => run("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], { env: environment });

/** The version that apt would install, after `apt-get update`. */
function candidate(name) {
  const policy =
    firstLine("apt-cache", ["show", "--no-all-versions", name]) &&
    firstLine("sh", ["-c", `apt-cache policy ${name} | sed -n 's/^  Candidate: //p'`]);
  return policy && policy !== "(none)" ? policy.replace(/^\d+:/, "") : undefined;
}

function refuseUnknown(packages, accepts) {
  for (const name of packages) {
    const version = candidate(name);
    if (version === undefined) throw new SetupError(`Debian here has no package ${name}.`);
    if (!accepts(name, version)) throw new SetupError(`Debian here offers ${name} ${version}, which Tamis cannot use.`);
  }
}

function forbidMainCluster(packages) {
  if (!packages.includes("postgresql") || existsSync(CLUSTER_CONFIG)) return;
  mkdirSync(dirname(CLUSTER_CONFIG), { recursive: true });
  writeFileSync(CLUSTER_CONFIG, CLUSTER_TEXT, { mode: 0o644 });
}

async function forbidMainDirectory(packages) {
  if (!packages.includes("slapd") || isPackageInstalled("slapd")) return;
  await run("sh", ["-c", `echo '${NO_DIRECTORY}' | debconf-set-selections`], { env: environment });
}

async function install(packages, accepts, say) {
  say(`Debian packages: installing ${packages.join(" ")} …`);
  const update = await apt("update");
  try {
    refuseUnknown(packages, accepts);
  } catch (error) {
    // apt-get update succeeds even when it could fetch nothing.
    const complaints = update.output.split("\n").filter((line) => /^[EW]:/.test(line));
    throw complaints.length === 0
      ? error
      : new SetupError(`${error.message} apt-get update said:\n${tail(complaints.join("\n"))}`);
  }
  const services = packages.filter((name) => !isPackageInstalled(name)).flatMap((name) => SERVICES[name] ?? []);
  mkdirSync(dirname(PENDING), { recursive: true });
  writeFileSync(PENDING, [...new Set([...pendingServices(), ...services])].join("\n"));
  const allowServiceStarts = forbidServiceStarts();
  forbidMainCluster(packages);
  await forbidMainDirectory(packages);
  try {
    const done = await apt("install", "-y", "--no-install-recommends", ...packages);
    if (!done.ok) throw new SetupError(`apt-get could not install ${packages.join(" ")}:\n${tail(done.output)}`);
  } finally {
    await finishPending();
    allowServiceStarts();
  }
}

/** Ends what a killed setup began: waits for the apt-get it left running, then takes back what that enabled. */
export async function finishInterrupted(say) {
  await exclusively(LOCK, async () => {
    if (!wasInterrupted()) return;
    say("Debian packages: finishing an interrupted setup …");
    const allowServiceStarts = forbidServiceStarts();
    await apt("install", "-y");
    await run("dpkg", ["--configure", "-a"], { env: environment });
    await finishPending();
    allowServiceStarts();
  });
}

/**
 * Installs Debian packages in one call of apt-get.
 * @param {readonly string[]} packages
 * @param {(line: string) => void} say
 * @param {(name: string, version: string) => boolean} accepts false refuses a candidate version before anything is installed
 */
export async function installDebian(packages, say, accepts = () => true) {
  if (!canInstall()) throw new SetupError("Debian packages can only be installed by root on a Debian system.");
  const started = Date.now();
  await exclusively(
    LOCK,
    () => install(packages, accepts, say),
    (pid) => say(`Debian packages: waiting for the setup of process ${pid} …`),
  );
  say(`Debian packages: installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * Makes a program available that one Debian package brings; returns its path.
 * Throws SetupError with the command to type when it is missing and this user cannot install it.
 */
export async function needDebian(program, packageName, say = (line) => console.log(line)) {
  const found = findProgram(program);
  if (found) return found;
  if (!canInstall()) {
    throw new SetupError(`${program} is missing. Type: sudo apt-get install -y --no-install-recommends ${packageName}`);
  }
  await installDebian([packageName], say);
  const installed = findProgram(program);
  if (!installed) throw new SetupError(`Package ${packageName} is installed, but there is no program ${program}.`);
  return installed;
}

/** Makes Debian packages available that bring no program of their own; as `needDebian`. */
export async function needDebianPackages(packages, say = (line) => console.log(line)) {
  const missing = packages.filter((name) => !isPackageInstalled(name));
  if (missing.length === 0) return;
  if (!canInstall()) {
    throw new SetupError(
      `Debian packages are missing. Type: sudo apt-get install -y --no-install-recommends ${missing.join(" ")}`,
    );
  }
  await installDebian(missing, say);
}

/**
 * Unpacks a Debian package into `folder` without installing it: for one file of a package whose dependencies are a whole
 * server. Throws SetupError when it cannot be had.
 */
export async function unpackDebian(packageName, folder) {
  mkdirSync(folder, { recursive: true });
  const options = ["-q", "-o", "APT::Sandbox::User=root"];
  let done = await run("apt-get", [...options, "download", packageName], { cwd: folder, env: environment });
  // Only root can bring the list of packages up to date.
  if (!done.ok && canInstall()) {
    await apt("update");
    done = await run("apt-get", [...options, "download", packageName], { cwd: folder, env: environment });
  }
  const archive = readdirSync(folder).find((name) => name.startsWith(`${packageName}_`) && name.endsWith(".deb"));
  if (!done.ok || !archive) throw new SetupError(`apt-get could not download ${packageName}:\n${tail(done.output)}`);
  const unpacked = await run("dpkg-deb", ["-x", join(folder, archive), folder]);
  if (!unpacked.ok) throw new SetupError(`${archive} could not be unpacked:\n${tail(unpacked.output)}`);
}
