import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { tempDir } from "./guard.ts";
import { listenAddress, locateServer } from "./locate-server.ts";
import { type ServerLife, serverLife } from "./server-life.ts";
import { type ServerProcess, serverProcess } from "./server-process.ts";

/** How the broker of a test runs. */
export type NatsOptions = {
  /** JetStream's folder; default a temporary one, removed by `stop`. A folder given here is kept. */
  readonly storeDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Lines added to its configuration file. */
  readonly config?: string;
};

/** A running nats-server with JetStream on loopback. */
export type NatsServer = ServerLife & {
  /** `nats://127.0.0.1:PORT`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Process id now; undefined in a container. */
  readonly pid: number | undefined;
  readonly storeDir: string;
};

/** Largest message, as in production: larger mail goes in pieces. */
const MAX_PAYLOAD = "8MB";
const ATTEMPTS = 3;

type Setting = { readonly listen: string; readonly port: number; readonly storeDir: string };

function configText({ listen, port, storeDir }: Setting, extra = ""): string {
  return `listen: "${listen}:${port}"
server_name: "testkit-${port}"
max_payload: ${MAX_PAYLOAD}
jetstream { store_dir: "${storeDir}", max_mem: 1GB, max_file: 50GB }
${extra}
`;
}

type Prepared = { readonly server: ServerProcess; readonly port: number; readonly storeDir: string };

async function prepare(options: NatsOptions, dir: string): Promise<Prepared> {
  const source = locateServer({ name: "nats", program: "nats-server", variable: "NATS_SERVER_BIN" });
  const port = options.port ?? (await freePorts(1))[0] ?? 0;
  const storeDir = options.storeDir ?? join(dir, "store");
  const configFile = join(dir, "nats.conf");
  writeFileSync(configFile, configText({ listen: listenAddress(source), port, storeDir }, options.config));
  const server = serverProcess({
    label: "nats-server",
    source,
    program: "nats-server",
    args: ["-c", configFile],
    dir,
    outputFile: join(dir, "nats.log"),
    ports: [port],
    greeting: { port, pattern: /^INFO \{/ },
  });
  return { server, port, storeDir };
}

/** Another process may take the port between its choice and its use: then another port is tried. */
async function startSomewhere(options: NatsOptions, dir: string, attempt = 1): Promise<Prepared> {
  const prepared = await prepare(options, dir);
  try {
    await prepared.server.start();
    return prepared;
  } catch (error) {
    await prepared.server.stop();
    if (options.port !== undefined || attempt === ATTEMPTS || !String(error).includes("address already in use"))
      throw error;
    return startSomewhere(options, dir, attempt + 1);
  }
}

/** Starts a fresh nats-server on a free loopback port; it never outlives this process. */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
  const dir = tempDir("tamis-nats");
  const { server, port, storeDir } = await startSomewhere(options, dir.path).catch((error: unknown) => {
    dir.remove();
    throw error;
  });
  return {
    ...serverLife(server, dir),
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDir,
    get pid() {
      return server.pid();
    },
  };
}
