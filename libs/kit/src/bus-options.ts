import { readFileSync } from "node:fs";
import type { BusOptions } from "@tamis/bus";
import type { Logger } from "./log.ts";
import type { NatsSettings } from "./settings.ts";

export interface BusConnectionOptions {
  /** Client name, shown by the server's own tools. */
  readonly name: string;
  readonly log: Logger;
  /** Ends the wait for the first connection. */
  readonly signal: AbortSignal;
}

/** The section `nats` as the bus wants it. */
export function busOptions(nats: NatsSettings, { name, log, signal }: BusConnectionOptions): BusOptions {
  return {
    servers: nats.servers,
    name,
    credentialsFile: nats.credentials_file,
    user: nats.user,
    password: nats.password?.reveal(),
    token: nats.token?.reveal(),
    tls: nats.tls && { ca: pem(nats.tls.ca_file), cert: pem(nats.tls.cert_file), key: pem(nats.tls.key_file) },
    replicas: nats.replicas,
    logger: log,
    signal,
  };
}

function pem(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, "utf8");
}
