import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { z } from "zod";
import { ConfigFault, formatFault } from "./fault.ts";
import { loadSettings } from "./load-settings.ts";
import { accountSections } from "./sections.ts";

const folder = mkdtempSync(join(tmpdir(), "kit-settings-"));
after(() => rmSync(folder, { recursive: true }));

const sections = {
  ...accountSections,
  filter: z.strictObject({
    limit: z.int().min(1).max(100).default(30).describe("how many at once"),
    store: z
      .union([z.literal("memory"), z.strictObject({ path: z.string().describe("where it lies") })])
      .default("memory")
      .describe("where it is kept"),
  }),
};

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** The faults of a text, without the file's folder. */
function faultsOf(text: string): string[] {
  try {
    loadSettings(write("tamis.yaml", text), sections);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigFault, inspect(error));
    return error.faults.map((fault) => formatFault(fault).replaceAll(`${folder}/`, ""));
  }
}

const IMAP = "imap: { host: mail.example.org, sign_in: { method: password } }";
const ACCOUNTS = "accounts: { list: [] }";
const FORMS = "write `{ file: path }`, `{ env: NAME }` or the secret itself in quotes";
const PATH_MEND = "name an existing file; relative paths start at the folder of tamis.yaml";

const faulty: readonly { name: string; text: string; want: readonly string[] }[] = [
  {
    name: "a key of another spelling",
    text: `${IMAP}\nacounts: { list: [] }\n${ACCOUNTS}`,
    want: ["tamis.yaml:2:1: acounts: unknown key `acounts` (did you mean `accounts`?)"],
  },
  {
    name: "a key that is like no other",
    text: `${IMAP}\n${ACCOUNTS}\nlog:\n  level: info\n  zzz: 1`,
    want: ["tamis.yaml:5:3: log.zzz: unknown key `zzz` (known here: level, format)"],
  },
  {
    name: "no host",
    text: `imap:\n  port: 993\n  sign_in: { method: password }\n${ACCOUNTS}`,
    want: ["tamis.yaml:1:1: imap.host: missing (write a text: the IMAP server all accounts are on)"],
  },
  {
    name: "a port that is none",
    text: `imap:\n  host: a\n  port: 70000\n  sign_in: { method: password }\n${ACCOUNTS}`,
    want: [
      "tamis.yaml:3:9: imap.port: 70000 is too large (write a whole number from 1 to 65535: port of the IMAP server)",
    ],
  },
  {
    name: "a broken number",
    text: `${IMAP}\n${ACCOUNTS}\nfilter:\n  limit: 1.5`,
    want: [
      "tamis.yaml:4:10: filter.limit: a number stands where a whole number belongs (write a whole number from 1 to 100: how many at once (default 30))",
    ],
  },
  {
    name: "a word that is none of the allowed",
    text: `${IMAP}\n${ACCOUNTS}\nlog: { level: loud }`,
    want: [
      'tamis.yaml:3:15: log.level: not one of the allowed values (write one of trace, debug, info, warn, error, fatal: least level that is written (default "info"))',
    ],
  },
  {
    name: "an unknown way to sign in",
    text: `imap:\n  host: a\n  sign_in:\n    method: magic\n${ACCOUNTS}`,
    want: [
      "tamis.yaml:4:13: imap.sign_in.method: not one of the allowed values (write master: as `user*master`, with the master user's password; or authzid: SASL PLAIN (RFC 4616) with the account as authorization identity; or password: each account with its own password; or oauth2: with a token that a command prints)",
    ],
  },
  {
    name: "a way to sign in without its parts",
    text: `imap:\n  host: a\n  sign_in:\n    method: master\n    usr: tamis\n    password: x\n${ACCOUNTS}`,
    want: [
      "tamis.yaml:3:3: imap.sign_in.user: missing (write a text: the master user)",
      "tamis.yaml:5:5: imap.sign_in.usr: unknown key `usr` (did you mean `user`?)",
    ],
  },
  {
    name: "nothing where a group belongs",
    text: `${IMAP}\n${ACCOUNTS}\ntelemetry:\n  prometheus:\n`,
    want: [
      "tamis.yaml:4:3: telemetry.prometheus: nothing is written here (write the keys host, port, ports: the endpoints /metrics, /livez and /readyz)",
    ],
  },
  {
    name: "a list where a group belongs",
    text: `${IMAP}\n${ACCOUNTS}\nnats: [nats://a]`,
    want: [
      "tamis.yaml:3:7: nats: a list stands where a group of keys belongs (write the keys servers, credentials_file, user, password, token, tls, replicas)",
    ],
  },
  {
    name: "a secret that is a number",
    text: `${IMAP}\n${ACCOUNTS}\nnats:\n  user: a\n  password: 12345`,
    want: [`tamis.yaml:5:13: nats.password: a secret is a text (${FORMS})`],
  },
  {
    name: "a secret from a variable that is not set",
    text: `${IMAP}\n${ACCOUNTS}\nnats: { token: { env: TAMIS_NO_SUCH_VARIABLE } }`,
    want: [
      "tamis.yaml:3:16: nats.token: the environment variable TAMIS_NO_SUCH_VARIABLE is not set (set it for this process, or name another)",
    ],
  },
  {
    name: "a secret in a file that is not there",
    text: `${IMAP}\n${ACCOUNTS}\nnats: { token: { file: no-such } }`,
    want: [
      "tamis.yaml:3:16: nats.token: the file no-such cannot be read: ENOENT (write the secret into it, readable by the user Tamis runs as)",
    ],
  },
  {
    name: "a form of secret that is none",
    text: `${IMAP}\n${ACCOUNTS}\nnats: { token: { vault: x } }`,
    want: [`tamis.yaml:3:16: nats.token: \`vault\` is no source of a secret (${FORMS})`],
  },
  {
    name: "a file that is not there",
    text: `${IMAP}\n${ACCOUNTS}\nnats:\n  credentials_file: tamis.creds`,
    want: [`tamis.yaml:4:21: nats.credentials_file: tamis.creds: ENOENT (${PATH_MEND})`],
  },
  {
    name: "half of a pair",
    text: `${IMAP}\n${ACCOUNTS}\nnats:\n  user: tamis`,
    want: ["tamis.yaml:3:1: nats.password: missing (`user` and `password` go together)"],
  },
  {
    name: "no accounts at all",
    text: IMAP,
    want: [
      "tamis.yaml:1:1: accounts: no accounts are named (write `file: accounts.csv`, `folder: accounts.d` or a `list:`)",
    ],
  },
  {
    name: "an account in the list",
    text: `${IMAP}\naccounts:\n  list:\n    - address: anna\n    - { address: b@example.org, mode: on }`,
    want: [
      "tamis.yaml:4:16: accounts.list[0].address: not a mail address (write a text: the account's mail address)",
      "tamis.yaml:5:39: accounts.list[1].mode: not one of the allowed values (write one of observe, act: observe: decide and trace, move nothing; act: do it)",
    ],
  },
  {
    name: "the branch of a union that was meant",
    text: `${IMAP}\n${ACCOUNTS}\nfilter:\n  store:\n    path: 3`,
    want: ["tamis.yaml:5:11: filter.store.path: a number stands where a text belongs (write a text: where it lies)"],
  },
  {
    name: "an alias",
    text: `${IMAP}\n${ACCOUNTS}\nfilter: &f\n  limit: 0\nlog: *f`,
    want: [
      "tamis.yaml:4:10: filter.limit: 0 is too small (write a whole number from 1 to 100: how many at once (default 30))",
      "tamis.yaml:4:3: log.limit: unknown key `limit` (known here: level, format)",
    ],
  },
  {
    name: "no YAML, and an unquoted secret that begins with a star",
    text: "imap:\n  host: a\n  password: *hunter2\n",
    want: [
      "tamis.yaml:3:13: not valid YAML: an alias of nothing: `*` begins one (check the indentation, and put texts that begin with one of * & ! % @ ` or contain `: ` or ` #` into quotes)",
    ],
  },
  {
    name: "a text instead of a group of sections",
    text: "hello",
    want: [
      "tamis.yaml:1:1: a text stands where a group of keys belongs (write the keys imap, accounts, mailbox, filter, antispam, imapsieve, drafts, outbox, programs, receipts, archive, scripts, console, store, doors, state_dir, nats, telemetry, log)",
    ],
  },
];

describe("faults of tamis.yaml", () => {
  for (const { name, text, want } of faulty)
    it(name, () => assert.deepEqual(faultsOf(text).toSorted(), [...want].toSorted()));

  it("reports them all together, in the order of the file", () => {
    const faults = faultsOf("nats: { replicas: 2 }\nimap:\n  port: x\n  tls: maybe\nfilter: { limit: 0 }\nlgo: {}");
    assert.deepEqual(
      faults.map((fault) => fault.split(": ").slice(0, 2).join(" ")),
      [
        "tamis.yaml:1:1 accounts",
        "tamis.yaml:1:19 nats.replicas",
        "tamis.yaml:2:1 imap.host",
        "tamis.yaml:2:1 imap.sign_in",
        "tamis.yaml:3:9 imap.port",
        "tamis.yaml:4:8 imap.tls",
        "tamis.yaml:5:18 filter.limit",
        "tamis.yaml:6:1 lgo",
      ],
    );
  });

  it("names a file that is not there", () => {
    assert.throws(
      () => loadSettings(join(folder, "none.yaml"), {}),
      /none\.yaml: there is no such file \(name it with --config FILE or TAMIS_CONFIG/,
    );
  });

  it("never throws anything else, whatever the text", () => {
    const words = fc.constantFrom(
      "imap",
      "host",
      ": ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "*a",
      "&a ",
      "!!str ",
      "1",
      '"',
      "'",
      "|",
      ">",
      "#",
      "nats",
      "password",
      "~",
      "<<",
      "? ",
      ",",
      "\t",
      "%YAML 1.1",
      "---",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (yaml) => faultsOf(yaml).every((fault) => fault.startsWith("tamis.yaml:"))),
      { numRuns: 300 },
    );
  });
});
