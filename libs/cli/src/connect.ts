import { readFileSync } from "node:fs";
import { type Bus, type BusOptions, BusUnusable, connectBus } from "@tamis/bus";
import type { NatsSettings, SharedSettings } from "@tamis/kit";
import { CommandFailure, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** `nats:` of tamis.yaml as the bus wants it. */
export function busOptionsOf(nats: NatsSettings, name: string): BusOptions {
  const pem = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : readFileSync(file, "utf8");
  return {
    servers: nats.servers,
    name,
    credentialsFile: nats.credentials_file,
    user: nats.user,
    password: nats.password?.reveal(),
    token: nats.token?.reveal(),
    tls:
      nats.tls === undefined
        ? undefined
        : { ca: pem(nats.tls.ca_file), cert: pem(nats.tls.cert_file), key: pem(nats.tls.key_file) },
    replicas: nats.replicas,
  };
}

/** Connects, runs `use`, and closes whatever happens. A server that does not answer within 5 s is a {@link CommandFailure} with exit code 3. */
export async function withBus<T>(
  settings: SharedSettings,
  io: Surroundings,
  use: (bus: Bus) => Promise<T>,
): Promise<T> {
  const bus = await connectOrFail(settings, io);
  try {
    return await use(bus);
  } finally {
    await bus.close();
  }
}

async function connectOrFail(settings: SharedSettings, io: Surroundings): Promise<Bus> {
  const deadline = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  try {
    return await connectBus({
      ...busOptionsOf(settings.nats, "tamis"),
      signal: AbortSignal.any([deadline, io.signal]),
    });
  } catch (cause) {
    if (cause instanceof BusUnusable) throw new CommandFailure(cause.message, exitCode.unreachable, { cause });
    if (!deadline.aborted) throw cause;
    throw new CommandFailure(
      io.say("nats.unreachable", { servers: settings.nats.servers.join(", ") }),
      exitCode.unreachable,
      { cause },
    );
  }
}
