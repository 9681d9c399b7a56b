#!/usr/bin/env node
// Run after every change of package-lock.json. A registry mirror that lacks packages for other platforms makes npm
// leave them out of the lock file, and `npm ci` then refuses it; this puts entries in their place.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const PLATFORMS = [
  [/darwin/, "darwin"],
  [/win(dows|32)/, "win32"],
  [/android/, "android"],
  [/freebsd/, "freebsd"],
  [/linux/, "linux"],
];

/** Where Node would look for a dependency of the package at `path`: beside it, then in every folder above. */
function* places(path) {
  for (let folder = path; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    yield `${folder}/node_modules/`;
  }
  yield "node_modules/";
}

const isLocked = (packages, path, name) => [...places(path)].some((place) => packages[place + name]);

function placeholder(name, range, dev) {
  const os = PLATFORMS.find(([pattern]) => pattern.test(name))?.[1] ?? "none";
  const version = range.replace(/^[\^~]/, "");
  return { version, ...(dev ? { dev } : {}), optional: true, os: [os], ...(os === "linux" ? { cpu: ["none"] } : {}) };
}

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = [];
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(lock.packages, path, name)) continue;
    lock.packages[`node_modules/${name}`] = placeholder(name, range, entry.dev);
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(
  added.length > 0 ? `package-lock.json: added ${added.join(", ")}` : "package-lock.json: nothing was missing",
);
