import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { selfSignedCertificate } from "./certificate.ts";
import { freePorts } from "./free-ports.ts";
import { tempDir } from "./guard.ts";
import { listenAddress, locateServer, type ServerSource } from "./locate-server.ts";
import { runProgram } from "./run-program.ts";
import { type ServerLife, serverLife } from "./server-life.ts";
import { type ServerProcess, serverProcess } from "./server-process.ts";

/** What the directory of a test holds. */
export type SlapdOptions = {
  /** Entries below the suffix, as LDIF (RFC 2849). */
  readonly ldif: string;
  /** Default: 500. More entries have only those who ask page by page. */
  readonly sizeLimit?: number;
};

/** A running slapd on loopback. Nobody reads it but the reader. */
export type SlapdServer = ServerLife & {
  /** `ldap://127.0.0.1:PORT`, which offers STARTTLS; the same after a restart. */
  readonly url: string;
  /** `ldaps://localhost:PORT`. */
  readonly secureUrl: string;
  /** Its certificate, PEM. */
  readonly certificate: string;
  readonly suffix: string;
  readonly readerDn: string;
  readonly readerPassword: string;
};

const SUFFIX = "dc=academie,dc=example";
const READER = `cn=lecteur,${SUFFIX}`;
const PASSWORD = "lecteur-secret";
const SCHEMAS = ["core", "cosine", "inetorgperson", "dyngroup"];
const SCHEMA_FOLDERS = ["/etc/ldap/schema", "/etc/openldap/schema", "/opt/homebrew/etc/openldap/schema"];
/** Debian has its database as a module. */
const MODULES = "/usr/lib/ldap";

const ROOT = `dn: ${SUFFIX}
objectClass: dcObject
objectClass: organization
dc: academie
o: Academie

dn: ${READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: lecteur
userPassword: ${PASSWORD}

`;

function configText(source: ServerSource, dir: string, sizeLimit: number): string {
  const isDebian = source.kind === "container" || existsSync(MODULES);
  const schemas = source.kind === "container" ? SCHEMA_FOLDERS[0] : SCHEMA_FOLDERS.find((folder) => existsSync(folder));
  return `${SCHEMAS.map((name) => `include ${schemas}/${name}.schema`).join("\n")}
pidfile ${dir}/slapd.pid
${isDebian ? `modulepath ${MODULES}\nmoduleload back_mdb` : ""}
TLSCertificateFile ${dir}/cert.pem
TLSCertificateKeyFile ${dir}/key.pem
database mdb
suffix "${SUFFIX}"
rootdn "cn=admin,${SUFFIX}"
directory ${dir}/data
maxsize 104857600
dbnosync
index objectClass,uid,departmentNumber eq
limits dn.exact="${READER}" size.soft=${sizeLimit} size.hard=${sizeLimit} size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER}" read by * none
`;
}

/** RFC 4511 §4.2: asks to sign in as nobody; what answers with a message of LDAP is ready. */
function answers(port: number): Promise<boolean> {
  const bind = Buffer.from("300c020101600702010304008000", "hex");
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.on("connect", () => socket.write(bind));
    socket.on("data", (data) => end(data[0] === 0x30));
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
  });
}

type Place = { readonly dir: string; readonly ports: readonly [number, number] };

function plan(source: ServerSource, { dir, ports }: Place): ServerProcess {
  const [plain, secure] = ports;
  const address = listenAddress(source);
  const urls = `ldap://${address}:${plain}/ ldaps://${address}:${secure}/`;
  const config = join(dir, "slapd.conf");
  const load = `slapadd -q -f ${config} -l ${join(dir, "entries.ldif")}`;
  return serverProcess({
    label: "slapd",
    source,
    program: "sh",
    args:
      source.kind === "binary"
        ? ["-h", urls, "-f", config, "-d", "0"]
        : ["-c", `test -e ${dir}/data/data.mdb || ${load}; exec slapd -h '${urls}' -f ${config} -d 0`],
    dir,
    outputFile: join(dir, "output.log"),
    ports: [plain, secure],
    greeting: { where: `port ${plain}`, isReady: () => answers(plain) },
  });
}

async function layOut(source: ServerSource, dir: string, { ldif, sizeLimit = 500 }: SlapdOptions): Promise<string> {
  const { cert, key } = selfSignedCertificate();
  mkdirSync(join(dir, "data"));
  writeFileSync(join(dir, "cert.pem"), cert);
  writeFileSync(join(dir, "key.pem"), key);
  writeFileSync(join(dir, "slapd.conf"), configText(source, dir, sizeLimit), { mode: 0o600 });
  writeFileSync(join(dir, "entries.ldif"), `${ROOT}${ldif}`);
  // The same program under another name: PATH may hold only a link to it.
  if (source.kind === "binary")
    await runProgram(join(dirname(realpathSync(source.path)), "slapadd"), [
      ...["-q", "-f", join(dir, "slapd.conf"), "-l", join(dir, "entries.ldif")],
    ]);
  return cert;
}

/** Starts a slapd with these entries on free loopback ports; it never outlives this process. */
export async function startSlapd(options: SlapdOptions): Promise<SlapdServer> {
  const source = locateServer({ name: "slapd", program: "slapd", variable: "SLAPD_BIN" });
  const dir = tempDir("tamis-slapd");
  const [plain = 0, secure = 0] = await freePorts(2);
  const server = plan(source, { dir: dir.path, ports: [plain, secure] });
  try {
    const certificate = await layOut(source, dir.path, options);
    await server.start();
    return {
      ...serverLife(server, dir),
      url: `ldap://127.0.0.1:${plain}`,
      secureUrl: `ldaps://localhost:${secure}`,
      certificate,
      suffix: SUFFIX,
      readerDn: READER,
      readerPassword: PASSWORD,
    };
  } catch (error) {
    await server.stop();
    dir.remove();
    throw error;
  }
}
