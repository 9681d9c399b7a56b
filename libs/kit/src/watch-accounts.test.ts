import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import type { AccountsChange } from "./account.ts";
import { loadAccounts } from "./load-accounts.ts";
import { loadSettings } from "./load-settings.ts";
import { openLog } from "./log.ts";
import { accountSections } from "./sections.ts";
import { watchAccounts } from "./watch-accounts.ts";

const root = mkdtempSync(join(tmpdir(), "kit-watch-"));
after(() => rmSync(root, { recursive: true }));
let installations = 0;

/** A queue of what happened: each is awaited in its turn. */
class Happenings<T> {
  readonly #come: T[] = [];
  #wake: () => void = () => {};

  readonly add = (happening: T): void => {
    this.#come.push(happening);
    this.#wake();
  };

  async next(): Promise<T> {
    for (;;) {
      const first = this.#come.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function watched(t: TestContext, accounts: string, files: Readonly<Record<string, string>>) {
  const folder = join(root, String(installations++));
  mkdirSync(join(folder, "accounts.d"), { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  /** As editors and deployments do it: a whole file takes the place of the old one. */
  const replace = (name: string, text: string): void => {
    write(`${name}.new`, text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const configure = (section: string): void =>
    replace(
      "tamis.yaml",
      `imap: { host: a, sign_in: { method: master, user: m, password: "x" } }\naccounts: ${section}\n`,
    );
  for (const [name, text] of Object.entries(files)) write(name, text);
  configure(accounts);
  const settings = loadSettings(join(folder, "tamis.yaml"), accountSections);
  const changes = new Happenings<AccountsChange>();
  const logged = new Happenings<Record<string, unknown>>();
  const log = openLog({
    service: "x",
    instance: "y",
    settings: { level: "warn", format: "json" },
    write: (line) => logged.add(JSON.parse(line)),
  });
  const watch = watchAccounts(settings, {
    log,
    onChange: changes.add,
    known: loadAccounts(settings),
    settleMs: 20,
    pollMs: 50,
  });
  t.after(() => watch.stop());
  return { folder, write, replace, configure, changes, logged };
}

const ids = (accounts: readonly { readonly address: string }[]): string =>
  accounts.map(({ address }) => address.split("@")[0]).join(" ");

describe("watchAccounts", { timeout: 20_000 }, () => {
  it("tells of a CSV that was written over, and of one that was replaced", async (t) => {
    const { write, replace, changes } = watched(t, "{ file: accounts.csv }", { "accounts.csv": "address\na@x.org\n" });
    write("accounts.csv", "address\na@x.org\nb@x.org\n");
    assert.equal(ids((await changes.next()).added), "b");
    replace("accounts.csv", "address,mode\na@x.org,act\nc@x.org,\n");
    const change = await changes.next();
    assert.deepEqual(
      [ids(change.added), ids(change.changed), ids(change.removed), ids(change.accounts)],
      ["c", "a", "b", "a c"],
    );
  });

  it("tells of files that come to and go from the folder", async (t) => {
    const { folder, write, changes } = watched(t, "{ folder: accounts.d }", {
      "accounts.d/a.yaml": "address: a@x.org",
    });
    write("accounts.d/b.yaml", "address: b@x.org");
    assert.equal(ids((await changes.next()).added), "b");
    rmSync(join(folder, "accounts.d/a.yaml"));
    assert.equal(ids((await changes.next()).removed), "a");
  });

  it("follows tamis.yaml to another file", async (t) => {
    const { configure, write, changes } = watched(t, "{ list: [{ address: a@x.org }] }", {
      "other.csv": "address\nb@x.org\n",
    });
    configure("{ file: other.csv }");
    assert.equal(ids((await changes.next()).accounts), "b");
    write("other.csv", "address\nb@x.org\nc@x.org\n");
    assert.equal(ids((await changes.next()).accounts), "b c");
  });

  it("keeps the accounts while the new version is faulty, and says why without an address", async (t) => {
    const { replace, changes, logged } = watched(t, "{ folder: accounts.d }", {
      "accounts.d/a@x.org.yaml": "address: a@x.org",
    });
    replace("accounts.d/a@x.org.yaml", "address: a@x.org\nmode: perhaps\n");
    const line = await logged.next();
    assert.equal(line["event"], "accounts-faulty");
    assert.equal(line["kept"], 1);
    assert.match(JSON.stringify(line["faults"]), /:2:7: mode: not one of the allowed values/);
    assert.doesNotMatch(JSON.stringify(line), /x\.org/);
    replace("accounts.d/a@x.org.yaml", "address: a@x.org\nmode: act\n");
    assert.equal(ids((await changes.next()).changed), "a");
  });

  it("finds by comparing what no event tells: a folder in the place of the watched one", async (t) => {
    const { folder, write, changes } = watched(t, "{ folder: accounts.d }", {
      "accounts.d/a.yaml": "address: a@x.org",
    });
    const path = join(folder, "accounts.d");
    renameSync(path, `${path}.old`);
    mkdirSync(path);
    write("accounts.d/b.yaml", "address: b@x.org");
    assert.equal(ids((await changes.next()).accounts), "b");
    write("accounts.d/c.yaml", "address: c@x.org");
    assert.equal(ids((await changes.next()).added), "c");
  });

  it("keeps the accounts while the CSV is empty", async (t) => {
    const { write, replace, changes, logged } = watched(t, "{ file: accounts.csv }", {
      "accounts.csv": "address\na@x.org\n",
    });
    write("accounts.csv", "address\n");
    const line = await logged.next();
    assert.deepEqual([line["event"], line["kept"]], ["accounts-empty", 1]);
    replace("accounts.csv", "address\na@x.org\nb@x.org\n");
    assert.equal(ids((await changes.next()).added), "b");
  });
});
