import { statSync } from "node:fs";
import { type Bus, BusUnusable, connectBus } from "@tamis/bus";
import { EVENTS, PARKED, type StreamSpec, streams } from "@tamis/contracts";
import { ConfigFault, type Fault, formatFault, loadSettings, type SharedSettings } from "@tamis/kit";
import { busOptionsOf } from "./connect.ts";
import { clockSkew, lookAtStream, type StreamLook } from "./jetstream-look.ts";
import type { ToldFinding } from "./merge-findings.ts";
import type { Surroundings } from "./surroundings.ts";
import { formatBytes } from "./table.ts";

const CONNECT_MS = 5_000;
/** Leases count in seconds, facts are ordered by their times. */
const MAX_SKEW_MS = 2_000;
/** Wide open to everybody. */
const OTHERS_WRITE = 0o002;

/** What the command looks at itself, beside the doctors of the services. */
export async function ownFindings(config: string, io: Surroundings): Promise<readonly ToldFinding[]> {
  let settings: SharedSettings;
  try {
    settings = loadSettings(config, {});
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults.map(faultFinding);
  }
  const configOk: ToldFinding = { id: "config", ok: true, text: io.say("doctor.config-ok", { file: config }) };
  const secrets =
    settings.warnings.length > 0
      ? settings.warnings.map(faultFinding)
      : [{ id: "secrets", ok: true, text: io.say("doctor.secrets-ok") }];
  return [configOk, ...secrets, stateFolder(settings.state_dir, io), ...(await natsFindings(settings, io))];
}

function faultFinding({ mend, ...fault }: Fault): ToldFinding {
  return { id: "config", ok: false, text: formatFault({ ...fault, mend: "" }), ...(mend === "" ? {} : { mend }) };
}

/** Whether it can be written is for the services to say: here, whether by everybody. */
function stateFolder(folder: string, { say }: Surroundings): ToldFinding {
  const id = "state_dir";
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return { id, ok: true, text: say("doctor.state-absent", { folder }) };
  if ((found.mode & OTHERS_WRITE) === 0) return { id, ok: true, text: say("doctor.state-ok", { folder }) };
  return { id, ok: false, text: say("doctor.state-open", { folder }), mend: say("doctor.state-open-mend", { folder }) };
}

async function natsFindings(settings: SharedSettings, io: Surroundings): Promise<readonly ToldFinding[]> {
  const { say } = io;
  const deadline = AbortSignal.timeout(CONNECT_MS);
  let bus: Bus;
  try {
    bus = await connectBus({
      ...busOptionsOf(settings.nats, "tamis-doctor"),
      signal: AbortSignal.any([deadline, io.signal]),
    });
  } catch (error) {
    if (error instanceof BusUnusable)
      return [{ id: "nats", ok: false, text: error.message, mend: say("doctor.nats-unusable-mend") }];
    if (!deadline.aborted) throw error;
    return [
      {
        id: "nats",
        ok: false,
        text: say("doctor.nats-down", { servers: settings.nats.servers.join(", ") }),
        mend: say("doctor.nats-down-mend"),
      },
    ];
  }
  try {
    const ms = (await bus.rtt()).toFixed(1);
    const nats: ToldFinding = { id: "nats", ok: true, text: say("doctor.nats-ok", { version: bus.serverVersion, ms }) };
    return [nats, ...(await clockFindings(bus, io)), ...(await streamFindings(bus, io))];
  } finally {
    await bus.close();
  }
}

async function clockFindings(bus: Bus, { say }: Surroundings): Promise<readonly ToldFinding[]> {
  if ((await lookAtStream(bus, EVENTS)).kind === "missing") return [];
  const skew = await clockSkew(bus, EVENTS.name);
  if (skew === null) return [];
  const ms = Math.abs(skew);
  if (ms <= MAX_SKEW_MS) return [{ id: "clock", ok: true, text: say("doctor.clock-ok", { ms }) }];
  return [{ id: "clock", ok: false, text: say("doctor.clock-bad", { ms }), mend: say("doctor.clock-mend") }];
}

async function streamFindings(bus: Bus, io: Surroundings): Promise<readonly ToldFinding[]> {
  const looks: (readonly [StreamSpec, StreamLook])[] = [];
  for (const spec of streams) looks.push([spec, await lookAtStream(bus, spec)]);
  // Before the first start there is nothing to mend.
  if (looks.every(([, look]) => look.kind === "missing")) {
    return [{ id: "streams", ok: true, text: io.say("doctor.streams-absent") }];
  }
  const parked = looks.flatMap(([spec, look]) => (spec === PARKED && look.kind === "found" ? [look.messages] : []));
  return [
    ...looks.map(([spec, look]) => streamFinding(spec.name, look, io)),
    ...parked.filter((count) => count > 0).map((count) => parkedFinding(count, io)),
  ];
}

function streamFinding(stream: string, look: StreamLook, { say }: Surroundings): ToldFinding {
  const id = `stream.${stream}`;
  if (look.kind === "missing")
    return { id, ok: false, text: say("doctor.stream-missing", { stream }), mend: say("doctor.stream-missing-mend") };
  if (look.differences.length > 0) {
    const differences = look.differences.join("; ");
    const text = say("doctor.stream-differs", { stream, differences });
    return { id, ok: false, text, mend: say("doctor.stream-differs-mend") };
  }
  const { messages, bytes } = look;
  return { id, ok: true, text: say("doctor.stream-ok", { stream, messages, bytes: formatBytes(bytes) }) };
}

function parkedFinding(count: number, { say }: Surroundings): ToldFinding {
  return { id: "parked", ok: false, text: say("doctor.parked", { count }), mend: say("doctor.parked-mend") };
}
