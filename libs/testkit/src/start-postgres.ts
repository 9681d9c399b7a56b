import { chmodSync, chownSync, readFileSync, realpathSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { tempDir } from "./guard.ts";
import { locateServer, type ServerSource } from "./locate-server.ts";
import { newCluster } from "./postgres-cluster.ts";
import type { RunAs } from "./run-program.ts";
import { type ServerLife, serverLife } from "./server-life.ts";
import { type ServerProcess, serverProcess } from "./server-process.ts";

/** A running PostgreSQL on a Unix socket of its own; no TCP port. */
export type PostgresServer = ServerLife & {
  /** Folder of the socket: the `host` of a connection. */
  readonly socketDir: string;
  /** Names the socket within the folder. */
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Process id now; undefined in a container. */
  readonly pid: number | undefined;
  /** Makes another, empty database. */
  readonly createDatabase: (name: string) => Promise<void>;
  /** Saves the database as pg_dump does; what it resolves with puts it back as it was then. Nobody may be connected while it does. */
  readonly backUp: () => Promise<() => Promise<void>>;
};

const USER = "tamis";
const DATABASE = "postgres";
const PORT = 5432;
const INITDB = [
  ...["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
  // Segments of a megabyte: a new one is written full of zeros, and what tests write is little.
  "--wal-segsize=1",
];

/** PostgreSQL refuses to run as root: then it is Debian's user `postgres`, else `nobody`. */
function owner(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = readFileSync("/etc/passwd", "utf8");
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd);
  if (line === null) throw new Error("PostgreSQL cannot run as root, and there is no user postgres or nobody");
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

/** What comes with the server; PATH may hold only a link to it. */
function companion(source: ServerSource, program: string): string {
  return source.kind === "container" ? program : join(dirname(realpathSync(source.path)), program);
}

/** Signs in by hand (protocol 3.0): a server that still starts refuses even that, with another first byte than `R`. */
function takesConnections(path: string): Promise<boolean> {
  const words = Buffer.from(`user\0${USER}\0database\0${DATABASE}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + words.length, 0);
  head.writeUInt32BE(196_608, 4);
  return new Promise((resolve) => {
    const socket = connect({ path });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.on("connect", () => socket.write(Buffer.concat([head, words])));
    socket.on("data", (data) => end(data[0] === 0x52));
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
  });
}

export type PostgresOptions = {
  /** As it is run where data matters: fsync and synchronous commits. Default false: what is committed only outlives the server, not the machine. */
  readonly durable?: boolean;
};

const HASTY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB"];

const serverArguments = (dir: string, { durable = false }: PostgresOptions): string[] => [
  "-D",
  join(dir, "data"),
  "-k",
  dir,
  "-p",
  String(PORT),
  ...["listen_addresses=", ...(durable ? [] : HASTY)].flatMap((setting) => ["-c", setting]),
];

type Place = { readonly dir: string; readonly runAs: RunAs | undefined };

function plan(source: ServerSource, { dir, runAs }: Place, options: PostgresOptions): ServerProcess {
  const args = serverArguments(dir, options);
  const inContainer = ["initdb", "-D", join(dir, "data"), ...INITDB, ";", "exec", "postgres", ...args];
  return serverProcess({
    label: "PostgreSQL",
    source,
    program: "sh",
    args:
      source.kind === "binary"
        ? args
        : ["-c", `chown -R postgres ${dir}; exec su postgres -c '${inContainer.join(" ")}'`],
    dir,
    outputFile: join(dir, "output.log"),
    ports: [],
    greeting: { where: dir, isReady: () => takesConnections(join(dir, `.s.PGSQL.${PORT}`)) },
    // "Fast": does not wait for its clients to leave.
    stopSignal: "SIGINT",
    ...(runAs === undefined ? {} : { runAs }),
  });
}

async function layOut(source: ServerSource, dir: string, runAs: RunAs | undefined): Promise<void> {
  chmodSync(dir, 0o755);
  if (source.kind === "container") return;
  if (runAs !== undefined) chownSync(dir, runAs.uid, runAs.gid);
  await newCluster({ initdb: companion(source, "initdb"), options: INITDB, data: join(dir, "data"), runAs });
}

/** Starts a fresh PostgreSQL of an empty database on a Unix socket; it never outlives this process. Takes a third of a second. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const source = locateServer({ name: "postgres", program: "postgres", variable: "PG_BIN_DIR" });
  const dir = tempDir("tamis-pg");
  const runAs = source.kind === "binary" ? owner() : undefined;
  const server = plan(source, { dir: dir.path, runAs }, options);
  try {
    await layOut(source, dir.path, runAs);
    await server.start();
  } catch (error) {
    await server.stop();
    dir.remove();
    throw error;
  }
  const tool = (program: string, ...args: readonly string[]): Promise<string> =>
    server.exec([companion(source, program), "-h", dir.path, "-p", String(PORT), "-U", USER, ...args]);
  return {
    ...serverLife(server, dir),
    socketDir: dir.path,
    port: PORT,
    user: USER,
    database: DATABASE,
    get pid() {
      return server.pid();
    },
    createDatabase: async (name) => {
      await tool("createdb", name);
    },
    backUp: async () => {
      const file = join(dir.path, "backup");
      await tool("pg_dump", "-Fc", "-f", file, DATABASE);
      return async () => {
        await tool("pg_restore", "--clean", "--if-exists", "--exit-on-error", "-d", DATABASE, file);
      };
    },
  };
}
