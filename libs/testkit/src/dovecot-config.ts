import { join } from "node:path";

/** How the mail server of a test is set up; everything has a default. */
export type DovecotOptions = {
  /** Only these may sign in and receive; default: whoever asks. */
  readonly users?: readonly string[];
  /** How mail is stored; default `maildir`. `mdbox` with `fsync: "never"` and no quota is the fastest. */
  readonly format?: "maildir" | "mdbox" | "sdbox";
  /** Default `never`: what a test writes need not outlive the machine. */
  readonly fsync?: "optimized" | "always" | "never";
  /** Storage quota per user such as `50M`; default null: no quota and no quota plugin. */
  readonly quota?: string | null;
  /** An idle connection leaves its process after this time (`1s`) and is then woken in 2..30 ms instead of 500; default null: never. */
  readonly hibernate?: string | null;
  /** Offers TLS (STARTTLS and the imaps port); default true. */
  readonly tls?: boolean;
  /** Time between the server's "Still here" notices during IDLE; default `29 mins`. */
  readonly idleNotify?: string;
  /** What CAPABILITY answers after login, in place of the truth; see `capabilityWithout`. */
  readonly capability?: string;
  /** Processes that accept connections; default 1. */
  readonly loginProcesses?: number;
  /** Writes every save, copy, expunge and flag change to the log with its time in microseconds; default false. */
  readonly mailLog?: boolean;
  /** Connections that it can hold at once; default 1000, bounded by the limit of open files. */
  readonly connections?: number;
  /** Lines added at the end of its configuration. */
  readonly config?: string;
};

/** The ports of one instance, all on loopback. */
export type DovecotPorts = {
  readonly imap: number;
  readonly imaps: number;
  readonly lmtp: number;
  readonly sieve: number;
};

/** Whom its processes run as: root shares the work among Debian's users, anybody else does it all alone. */
export type DovecotIdentity =
  | { readonly kind: "root" }
  | { readonly kind: "own"; readonly user: string; readonly group: string; readonly uid: number; readonly gid: number };

/** Everything that the text of the configuration depends on. */
export type DovecotSetting = {
  readonly dir: string;
  readonly ports: DovecotPorts;
  readonly identity: DovecotIdentity;
  readonly listen: string;
  readonly fileLimit: number;
  readonly options: DovecotOptions;
};

/** Password of every user. */
export const PASSWORD = "pw";
/** Signs in as anybody: `someone@example.org*proxy`. */
export const MASTER_USER = "proxy";
export const MASTER_PASSWORD = "masterpw";
/** Stands between the user and the master user. */
export const MASTER_SEPARATOR = "*";

const CAPABILITIES =
  "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS " +
  "THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED " +
  "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE " +
  "SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY METADATA SPECIAL-USE";

/** What Dovecot 2.3 announces, without some capabilities: `startDovecot({ capability: capabilityWithout("MOVE") })`. */
export function capabilityWithout(...hidden: readonly string[]): string {
  return CAPABILITIES.split(" ")
    .filter((name) => !hidden.includes(name))
    .join(" ");
}

const SPECIAL_USE = ["Drafts", "Sent", "Junk", "Archive", "Trash"];
const LOCATION = { maildir: "maildir:~/Maildir", mdbox: "mdbox:~/mdbox", sdbox: "sdbox:~/sdbox" } as const;

/** Sockets that one process may hold: beyond the limit of open files Dovecot warns, then fails. */
const connectionLimit = ({ fileLimit, options }: DovecotSetting): number =>
  Math.min(options.connections ?? 1_000, fileLimit - 100);

/** Dovecot wants room in `auth` for a process of every kind beside those of IMAP. */
const OTHER_PROCESSES = 200;

function general(setting: DovecotSetting): string {
  const { dir, listen, identity } = setting;
  const own = `default_internal_user = ${identity.kind === "own" ? identity.user : "dovecot"}
default_internal_group = ${identity.kind === "own" ? identity.group : "dovecot"}
default_login_user = ${identity.kind === "own" ? identity.user : "dovenull"}`;
  return `base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S.%{usecs} "
login_log_format_elements = user=<%u> method=%m %c
instance_name = ${dir.split("/").at(-1)}
listen = ${listen}
protocols = imap lmtp sieve
shutdown_clients = yes
${own}
default_process_limit = 100
default_client_limit = ${connectionLimit(setting)}
default_vsz_limit = 4G
mail_max_userip_connections = 1000
first_valid_uid = 1
first_valid_gid = 1
mail_privileged_group =`;
}

function security({ dir, options }: DovecotSetting): string {
  const tls = options.tls ?? true;
  return `ssl = ${tls ? "yes" : "no"}
${tls ? `ssl_cert = <${dir}/cert.pem\nssl_key = <${dir}/key.pem` : ""}
disable_plaintext_auth = no`;
}

function authentication({ dir, identity, options }: DovecotSetting): string {
  const ids = identity.kind === "own" ? `uid=${identity.uid} gid=${identity.gid}` : "uid=mail gid=mail";
  const home = `home=${dir}/mail/%d/%n`;
  const listed = options.users !== undefined;
  return `auth_mechanisms = plain login
auth_master_user_separator = ${MASTER_SEPARATOR}
auth_username_format = %Lu
auth_cache_size = 16M
auth_failure_delay = 0
passdb {
  driver = passwd-file
  master = yes
  args = ${dir}/master-users
  result_success = continue
}
passdb {
  driver = ${listed ? "passwd-file" : "static"}
  args = ${listed ? `${dir}/users` : `password=${PASSWORD}`}
}
userdb {
  driver = ${listed ? "passwd-file" : "static"}
  args = ${listed ? `${dir}/users` : `${ids} ${home} allow_all_users=yes`}
  ${listed ? `default_fields = ${ids} ${home}` : ""}
}`;
}

function storage({ options }: DovecotSetting): string {
  const folders = SPECIAL_USE.map(
    (name) => `  mailbox ${name} {\n    special_use = \\${name}\n    auto = subscribe\n  }`,
  );
  return `mail_location = ${LOCATION[options.format ?? "maildir"]}
mail_fsync = ${options.fsync ?? "never"}
mailbox_list_index = yes
namespace inbox {
  inbox = yes
  separator = /
${folders.join("\n")}
}
mail_attribute_dict = file:%h/dovecot-attributes`;
}

function plugins({ options }: DovecotSetting): string {
  const quota = options.quota ?? null;
  const always = [...(quota === null ? [] : ["quota"]), ...(options.mailLog ? ["notify", "mail_log"] : [])].join(" ");
  const quotaLines = `quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=${quota}
  quota_grace = 0%%`;
  const logLines = `mail_log_events = save copy expunge delete undelete flag_change mailbox_create mailbox_delete mailbox_rename
  mail_log_fields = uid box msgid size flags`;
  return `mail_plugins = ${always}
plugin {
  ${quota === null ? "" : quotaLines}
  ${options.mailLog ? logLines : ""}
  sieve = file:~/sieve;active=~/.dovecot.sieve
}
protocol imap {
  mail_plugins = ${always}${quota === null ? "" : " imap_quota"}
  imap_metadata = yes
  imap_hibernate_timeout = ${options.hibernate ?? "0"}
  imap_idle_notify_interval = ${options.idleNotify ?? "29 mins"}
  ${options.capability === undefined ? "" : `imap_capability = ${options.capability}`}
}
protocol lmtp {
  mail_plugins = ${always} sieve
  postmaster_address = postmaster@localhost
  hostname = localhost
}`;
}

const service = (name: string, ...lines: readonly string[]): string =>
  `service ${name} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;

const listener = (name: string, port: number, tls = false): string =>
  `inet_listener ${name} {\n    port = ${port}${tls ? "\n    ssl = yes" : ""}\n  }`;

const socket = (name: string, ...lines: readonly string[]): string =>
  `unix_listener ${name} {\n    ${lines.join("\n    ")}\n  }`;

function services(setting: DovecotSetting): string {
  const { ports, identity, options } = setting;
  const connections = options.connections ?? 1_000;
  const isRoot = identity.kind === "root";
  const logins = options.loginProcesses ?? 1;
  const noChroot = isRoot ? "" : "chroot =";
  const group = isRoot ? "dovecot" : identity.group;
  const login = [noChroot, "service_count = 0", `process_min_avail = ${logins}`, `process_limit = ${logins}`];
  return [
    service(
      "imap-login",
      ...login,
      listener("imap", ports.imap),
      listener("imaps", options.tls === false ? 0 : ports.imaps, true),
    ),
    service(
      "imap",
      `process_limit = ${connections}`,
      "service_count = 100",
      isRoot ? "extra_groups = dovecot" : "",
      socket("imap-master", `user = ${isRoot ? "dovecot" : identity.user}`),
    ),
    service("imap-hibernate", "process_limit = 40", socket("imap-hibernate", "mode = 0660", `group = ${group}`)),
    service("lmtp", "process_limit = 20", "process_min_avail = 1", listener("lmtp", ports.lmtp)),
    service("managesieve-login", noChroot, "process_limit = 10", listener("sieve", ports.sieve)),
    service("imap-urlauth-login", noChroot, "process_limit = 1"),
    service("auth", `client_limit = ${connections + OTHER_PROCESSES}`, socket("auth-userdb", "mode = 0666")),
    // Without it, wrong passwords of one test would slow down the next.
    service("anvil", noChroot, socket("anvil-auth-penalty", "mode = 0")),
    service("ipc", noChroot),
    service("stats", noChroot, socket("stats-writer", "mode = 0666")),
  ].join("\n");
}

/** The text of `dovecot.conf`. */
export function dovecotConfig(setting: DovecotSetting): string {
  const sections = [general, security, authentication, storage, plugins, services].map((section) => section(setting));
  return `${[...sections, setting.options.config ?? ""].join("\n\n")}\n`;
}

/** The files beside `dovecot.conf` that name users: path within its folder and text. */
export function dovecotUserFiles({
  dir,
  options,
}: DovecotSetting): ReadonlyArray<readonly [path: string, text: string]> {
  const users = (options.users ?? []).map((user) => `${user}:{PLAIN}${PASSWORD}::::::\n`).join("");
  return [
    [join(dir, "master-users"), `${MASTER_USER}:{PLAIN}${MASTER_PASSWORD}\n`],
    [join(dir, "users"), users],
  ];
}
