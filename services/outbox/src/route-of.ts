import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { OutboxConfig } from "./config.ts";
import type { Route } from "./smtp/route.ts";

/** The relay of the settings, as the conversation needs it. */
export function routeOf(relay: OutboxConfig["relay"]): Route {
  const { host, port, tls, user, password, ca_file: caFile } = relay;
  return {
    host,
    port,
    tls,
    ...(caFile === undefined ? {} : { authorities: [readFileSync(caFile, "utf8")] }),
    ...(user === undefined || password === undefined ? {} : { auth: { user, password: () => password.reveal() } }),
    name: relay.name ?? ownName(),
    connectMs: relay.connect_ms,
    commandMs: relay.command_ms,
    dataMs: relay.data_ms,
  };
}

/** RFC 5321 §4.1.3: an address literal where the machine has no name that could stand in EHLO. */
function ownName(): string {
  const name = hostname();
  return /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(name) ? name : "[127.0.0.1]";
}
