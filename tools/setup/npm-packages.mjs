// npm packages exactly as package-lock.json has them; among them Node 24, which runs everything else.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { firstLine, run, SetupError, tail } from "./run.mjs";

const STAMP = "node_modules/.tamis-stamp";

const read = (root, file) => readFileSync(join(root, file), "utf8");

function wantedStamp(root) {
  return createHash("sha256").update(read(root, "package-lock.json")).update(read(root, "package.json")).digest("hex");
}

/**
 * Compares what npm says it installed (node_modules/.package-lock.json) with the lock file.
 * Optional packages of other platforms are rightly absent.
 */
function isInstalled(root) {
  const hidden = join(root, "node_modules/.package-lock.json");
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const wanted = JSON.parse(read(root, "package-lock.json")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") && !path.includes("/node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.resolved === (entry.link ? entry.resolved : found.resolved);
  });
}

/** Path of the project's own Node 24. */
export function projectNode(root) {
  return join(root, "node_modules/.bin/node");
}

/** True when the packages are those of the lock file; as quick as reading three files. */
export function packagesAreReady(root) {
  if (!existsSync(projectNode(root))) return false;
  const stamp = join(root, STAMP);
  const wanted = wantedStamp(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return true;
  if (!isInstalled(root) || !firstLine(projectNode(root), ["-v"])?.startsWith("v24.")) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** npm must not run under node_modules/.bin/node: `npm ci` deletes it first. */
function pathWithoutProject(root) {
  const own = join(root, "node_modules") + sep;
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => !`${folder}${sep}`.startsWith(own));
}

/** Installs the packages with `npm ci`, quietly. Throws SetupError with npm's own words when that fails. */
export async function installPackages(root, say) {
  const started = Date.now();
  say("npm packages: installing (a minute or so) …");
  const environment = { ...process.env, PATH: pathWithoutProject(root).join(delimiter), NODE_ENV: "development" };
  const flags = ["--include=dev", "--ignore-scripts=false", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = await run("npm", ["ci", ...flags], { cwd: root, env: environment });
  if (!done.ok) throw new SetupError(`npm ci failed in ${root}:\n${tail(done.output)}`);
  const version = firstLine(projectNode(root), ["-v"]);
  if (!version?.startsWith("v24.")) {
    throw new SetupError(
      `npm installed its packages, but ${projectNode(root)} says ${version ?? "nothing"} instead of v24: ` +
        "the install script of the npm package `node` did not run or does not know this platform.",
    );
  }
  writeFileSync(join(root, STAMP), wantedStamp(root));
  say(`npm packages: installed in ${Math.round((Date.now() - started) / 1000)} s (Node ${version})`);
}
