#!/usr/bin/env node
// Run after every change of package-lock.json. A registry mirror that lacks packages for other platforms makes npm
// leave them out of the lock file, and `npm ci` then refuses it; this puts entries in their place.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const SYSTEMS = [
  [/darwin/, "darwin"],
  [/win(dows|32)/, "win32"],
  [/android/, "android"],
  [/freebsd/, "freebsd"],
  [/openharmony/, "openharmony"],
  [/linux/, "linux"],
];
const PROCESSORS = [
  [/arm64|aarch64/, "arm64"],
  [/arm\b|armv\d|arm-/, "arm"],
  [/x64|-64\b/, "x64"],
  [/ia32/, "ia32"],
  [/ppc64/, "ppc64"],
  [/riscv64/, "riscv64"],
  [/s390x/, "s390x"],
];

const named = (table, name) => table.find(([pattern]) => pattern.test(name))?.[1] ?? "none";

/** Where Node would look for a dependency of the package at `path`: beside it, then in every folder above. */
function* places(path) {
  for (let folder = path; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    yield `${folder}/node_modules/`;
  }
  yield "node_modules/";
}

const isLocked = (packages, path, name) => [...places(path)].some((place) => packages[place + name]);

/** Says for which machines the package is, as its own package.json would; the name tells. */
function placeholder(name, range, dev) {
  const os = named(SYSTEMS, name);
  const libc = os === "linux" ? { libc: [/musl/.test(name) ? "musl" : "glibc"] } : {};
  const version = range.replace(/^[\^~]/, "");
  return { version, cpu: [named(PROCESSORS, name)], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] };
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
