import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Unique for this process: `<host>-<pid>-<random>`, of `[A-Za-z0-9_-]` only, so that it fits into a NATS key. */
export function nameInstance(): string {
  const host =
    hostname()
      .split(".")[0]
      ?.replace(/[^A-Za-z0-9_-]/g, "-") || "host";
  return `${host.slice(0, 40)}-${process.pid}-${randomBytes(3).toString("hex")}`;
}
