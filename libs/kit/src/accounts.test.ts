import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { type Account, accountIdOf } from "./account.ts";
import { ConfigFault, formatFault } from "./fault.ts";
import { loadAccounts, readAccounts } from "./load-accounts.ts";
import { loadSettings } from "./load-settings.ts";
import { accountSections } from "./sections.ts";

const folder = mkdtempSync(join(tmpdir(), "kit-accounts-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "accounts.d"));

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const MASTER = 'imap: { host: a, sign_in: { method: master, user: m, password: "x" } }\n';
const OWN = "imap: { host: a, sign_in: { method: password } }\n";

function settingsOf(accounts: string, imap = MASTER) {
  return loadSettings(write("tamis.yaml", `${imap}accounts: ${accounts}`), accountSections);
}

function load(accounts: string, imap = MASTER): readonly Account[] {
  return loadAccounts(settingsOf(accounts, imap));
}

function faultsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigFault, inspect(error));
    return error.faults.map((fault) => formatFault(fault).replaceAll(`${folder}/`, ""));
  }
}

/** Secrets shown, for comparison. */
function plain(accounts: readonly Account[]): unknown[] {
  return accounts.map(({ secret, ...account }) =>
    secret === undefined ? account : { ...account, secret: secret.reveal() },
  );
}

describe("accounts of all shapes", () => {
  write("anna.password", "geheim\n");

  it("a list", () => {
    const accounts = load(
      '{ list: [{ address: Anna@Example.org }, { address: b@example.org, user: bob, password: "p", mode: act, id: bob_1, host: other, port: 1143 }] }',
    );
    assert.deepEqual(plain(accounts), [
      { id: accountIdOf("anna@example.org"), address: "Anna@Example.org", user: "Anna@Example.org", mode: "observe" },
      { id: "bob_1", address: "b@example.org", user: "bob", mode: "act", host: "other", port: 1143, secret: "p" },
    ]);
  });

  it("a CSV, with the mode of the section", () => {
    write(
      "accounts.csv",
      '\uFEFFAddress,user,password,password_file,mode,id\r\n# staff\r\nanna@example.org,,,anna.password,,\r\n\r\n"b@example.org",bob,"p,""q",,observe,bob\r\nc@example.org\r\n',
    );
    assert.deepEqual(plain(load("{ mode: act, file: accounts.csv }")), [
      {
        id: accountIdOf("anna@example.org"),
        address: "anna@example.org",
        user: "anna@example.org",
        mode: "act",
        secret: "geheim",
      },
      { id: "bob", address: "b@example.org", user: "bob", mode: "observe", secret: 'p,"q' },
      { id: accountIdOf("c@example.org"), address: "c@example.org", user: "c@example.org", mode: "act" },
    ]);
  });

  it("a CSV as French spreadsheets write it", () => {
    write("accounts.csv", "user;address;port\nanna;anna@example.org;1143\n");
    assert.deepEqual(plain(load("{ file: accounts.csv }")), [
      { id: accountIdOf("anna@example.org"), address: "anna@example.org", user: "anna", mode: "observe", port: 1143 },
    ]);
  });

  it("a folder, its hidden and other files left out", () => {
    write("accounts.d/anna.yaml", "address: anna@example.org\npassword: { file: anna.password }\n");
    write("accounts.d/bob.yml", "address: bob@example.org\n");
    write("accounts.d/.swap.yaml", "nonsense: [");
    write("accounts.d/README.txt", "not an account");
    const accounts = load("{ folder: accounts.d, list: [{ address: c@example.org }] }");
    assert.deepEqual(
      accounts.map(({ address }) => address),
      ["c@example.org", "anna@example.org", "bob@example.org"],
    );
    assert.equal(accounts[1]?.secret?.reveal(), "geheim");
  });

  it("reads only the changed files of a folder again", () => {
    const settings = settingsOf("{ folder: accounts.d }");
    const memory = new Map();
    const first = readAccounts(settings, memory);
    const second = readAccounts(settings, memory);
    assert.equal(first.accounts[0]?.secret, second.accounts[0]?.secret);
    utimesSync(join(folder, "accounts.d/anna.yaml"), 1, 1);
    assert.notEqual(readAccounts(settings, memory).accounts[0]?.secret, first.accounts[0]?.secret);
    rmSync(join(folder, "accounts.d/anna.yaml"));
    assert.equal(readAccounts(settings, memory).accounts.length, 1);
    assert.deepEqual([...memory.keys()], ["bob.yml"]);
  });

  it("reads 25,500 rows", () => {
    const rows = Array.from({ length: 25_500 }, (_, index) => `user${index}@example.org,act`);
    write("accounts.csv", `address,mode\n${rows.join("\n")}\n`);
    assert.equal(load("{ file: accounts.csv }").length, 25_500);
  });
});

const HEADER_MEND =
  "the first row names the columns: address, and any of identities, user, password, password_file, mode, send_later, id, host, port, answers_receipts, receipt_policy, language";
const faulty: readonly { name: string; csv: string; imap?: string; want: readonly string[] }[] = [
  { name: "empty", csv: "", want: ["accounts.csv:1: no header row (begin with a line `address,user,password_file`)"] },
  {
    name: "no header",
    csv: "anna@example.org,anna\n",
    want: [
      "accounts.csv:1: unknown column `anna@example.org` (known: address, identities, user, password, password_file, mode, send_later, id, host, port, answers_receipts, receipt_policy, language)",
      "accounts.csv:1: unknown column `anna` (known: address, identities, user, password, password_file, mode, send_later, id, host, port, answers_receipts, receipt_policy, language)",
      `accounts.csv:1: no column \`address\` (${HEADER_MEND})`,
    ],
  },
  {
    name: "a column of another spelling",
    csv: "# list\naddress,passwort\n",
    want: ["accounts.csv:2: unknown column `passwort` (did you mean `password`?)"],
  },
  {
    name: "a column twice",
    csv: "address,user,user\n",
    want: ["accounts.csv:1: the column `user` is there twice (take one away)"],
  },
  {
    name: "rows that are wrong, each with its line",
    csv: "address,mode,port,id\n\na@example.org,on,,\nnobody,,,\nc@example.org,act,99999,\nd@example.org,,,a b\n,act,,\ne@example.org,act,,\n",
    want: [
      "accounts.csv:3: mode: not one of the allowed values (write one of observe, act: observe: decide and trace, move nothing; act: do it)",
      "accounts.csv:4: address: not a mail address (write a text: the account's mail address)",
      "accounts.csv:5: port: 99999 is too large (write a whole number from 1 to 65535: port of that server)",
      "accounts.csv:6: id: not an id: letters, digits, `_` and `-`, at most 64 (write a text: opaque name of the account in logs and metrics)",
      "accounts.csv:7: address: missing (write a text: the account's mail address)",
    ],
  },
  {
    name: "a row with too many cells",
    csv: "address,password\na@example.org,hunter2,3\n",
    want: ["accounts.csv:2: 3 cells where the header has 2 (a cell that contains a comma stands in quotes)"],
  },
  {
    name: "a quote that is not closed",
    csv: 'address,password\na@example.org,x\nb@example.org,"hunter2\n',
    want: [
      'accounts.csv:3: not valid CSV: CSV_QUOTE_NOT_CLOSED (a cell that contains a comma or a quote stands in quotes, with its own quotes doubled: "a""b")',
    ],
  },
  {
    name: "a quote in the middle",
    csv: 'address,password\nb@example.org,hun"ter2\n',
    want: [
      'accounts.csv:2: not valid CSV: INVALID_OPENING_QUOTE (a cell that contains a comma or a quote stands in quotes, with its own quotes doubled: "a""b")',
    ],
  },
  {
    name: "both kinds of password",
    csv: "address,password,password_file\na@example.org,hunter2,anna.password\n",
    want: ["accounts.csv:2: password: both `password` and `password_file` are given (leave one empty)"],
  },
  {
    name: "a password file that is not there",
    csv: "address,password_file\na@example.org,none\n",
    want: [
      "accounts.csv:2: password: the file none cannot be read: ENOENT (write the secret into it, readable by the user Tamis runs as)",
    ],
  },
  {
    name: "no password where each account needs one",
    imap: OWN,
    csv: "address,password\na@example.org,\n",
    want: ["accounts.csv:2: password: missing (imap.sign_in.method is `password`: each account needs its own)"],
  },
  {
    name: "an account twice",
    csv: "address\na@example.org\nA@Example.org\n",
    want: ["accounts.csv:3: address: the account is there twice, first at accounts.csv:2 (take one away)"],
  },
  {
    name: "an id twice",
    csv: "address,id\na@example.org,x\nb@example.org,x\n",
    want: ["accounts.csv:3: id: the id is taken by the account at accounts.csv:2 (give another id)"],
  },
];

describe("faults of accounts", () => {
  for (const { name, csv, imap, want } of faulty) {
    it(`CSV: ${name}`, () => {
      write("accounts.csv", csv);
      assert.deepEqual(
        faultsOf(() => load("{ file: accounts.csv }", imap)),
        want,
      );
    });
  }

  it("a file and a folder that are not there", () => {
    assert.deepEqual(
      faultsOf(() => load("{ file: none.csv, folder: none.d }")),
      [
        "none.csv: there is no such file (mend accounts.file in tamis.yaml, or write the file)",
        "none.d: accounts.folder: cannot be read: ENOENT (make the folder, or name another)",
      ],
    );
  });

  it("a list entry without its password, an account in two places", () => {
    write("accounts.csv", "address,password\na@example.org,p\n");
    assert.deepEqual(
      faultsOf(() => load("\n  file: accounts.csv\n  list:\n    - address: a@example.org", OWN)),
      [
        "tamis.yaml:5:7: accounts.list[0].password: missing (imap.sign_in.method is `password`: each account needs its own)",
        "accounts.csv:2: address: the account is there twice, first at tamis.yaml:5 (take one away)",
      ],
    );
  });

  it("files of a folder, all of them together", () => {
    write("accounts.d/bob.yml", "address: bob\nmodus: act\n");
    write("accounts.d/empty.yaml", "");
    write("accounts.d/torn.yaml", "address: [\n");
    assert.deepEqual(
      faultsOf(() => load("{ folder: accounts.d }")).map((fault) => fault.split(" (")[0]),
      [
        "accounts.d/bob.yml:1:10: address: not a mail address",
        "accounts.d/bob.yml:2:1: modus: unknown key `modus`",
        "accounts.d/empty.yaml:1:1: address: missing",
        "accounts.d/torn.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    );
  });

  it("warns of a CSV with passwords that every user can read", () => {
    const path = write("accounts.csv", "address,password\na@example.org,p\n", 0o644);
    const { warnings } = readAccounts(settingsOf("{ file: accounts.csv }"));
    assert.deepEqual(warnings, [
      {
        file: path,
        line: 2,
        column: 0,
        path: "password",
        problem: "every user of this machine can read the passwords of this file",
        mend: `chmod 600 ${path}`,
      },
    ]);
  });

  it("never throws anything else, whatever the CSV, and shows no password", () => {
    const cells = fc.constantFrom(
      "address",
      "password",
      "a@example.org",
      '"',
      ",",
      ";",
      "\n",
      "\r\n",
      "#",
      "hunter2",
      "\t",
      "=",
      "'",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 20 }), (parts) => {
        write("accounts.csv", `address,password\n${parts.join("")}`);
        const faults = faultsOf(() => load("{ file: accounts.csv }"));
        return faults.every((fault) => fault.startsWith("accounts.csv") && !fault.includes("hunter2"));
      }),
      { numRuns: 200 },
    );
  });
});
