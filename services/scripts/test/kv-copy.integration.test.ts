import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Bucket, type Bus, connectBus } from "@tamis/bus";
import { buckets, storedScriptKey } from "@tamis/contracts";
import { type NatsServer, startNats, waitFor } from "@tamis/testkit";
import { type KvCopy, openKvCopy } from "../src/kv-copy.ts";
import type { AccountScripts, CopySource } from "../src/tables/copy-source.ts";

interface Account {
  changes: number;
  copied: number;
  scripts: AccountScripts["scripts"];
}

/** The tables as the copy sees them, in memory. */
class Source implements CopySource {
  readonly accounts_ = new Map<string, Account>();
  readonly adopted: string[] = [];

  set(accountId: string, scripts: AccountScripts["scripts"]): void {
    const before = this.accounts_.get(accountId);
    this.accounts_.set(accountId, { changes: (before?.changes ?? 0) + 1, copied: before?.copied ?? 0, scripts });
  }
  async read(accountId: string): Promise<AccountScripts | null> {
    const found = this.accounts_.get(accountId);
    return found === undefined ? null : { changes: found.changes, scripts: found.scripts };
  }
  async copied(accountId: string, changes: number): Promise<void> {
    const found = this.accounts_.get(accountId);
    if (found !== undefined) found.copied = Math.max(found.copied, changes);
  }
  async behind(): Promise<readonly string[]> {
    return [...this.accounts_].filter(([, { copied, changes }]) => copied < changes).map(([id]) => id);
  }
  async accounts(after: string): Promise<readonly string[]> {
    return [...this.accounts_.keys()].filter((id) => id > after).sort();
  }
  async adopt(accountId: string, scripts: AccountScripts["scripts"]): Promise<boolean> {
    if (this.accounts_.has(accountId)) return false;
    this.adopted.push(accountId);
    this.set(accountId, scripts);
    return true;
  }
}

const script = (name: string, text: string, active = false) => ({ name, text, at: 7, active });
const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

describe("the copy in KV", { timeout: 60_000 }, () => {
  const source = new Source();
  const log = { info() {}, warn() {} };
  let nats: NatsServer;
  let bus: Bus;
  let bucket: Bucket;
  let copy: KvCopy;

  const open = () => openKvCopy({ bucket, source, log, retryMs: 50 });
  /** What KV holds for an account: key → text. */
  const held = async (accountId: string): Promise<Record<string, string>> => {
    const keys = [accountId, ...(await bucket.keys(`${accountId}.s.`))];
    const entries = await Promise.all(keys.map((key) => bucket.get(key)));
    return Object.fromEntries(
      entries.flatMap((entry) =>
        entry === null ? [] : [[entry.key, JSON.parse(Buffer.from(entry.value).toString()).text]],
      ),
    );
  };

  before(async () => {
    nats = await startNats();
    bus = await connectBus({ servers: nats.url, name: "test" });
    bucket = await bus.bucket(buckets.scripts);
  });
  after(async () => {
    await copy.stop();
    await bus.close();
    await nats.stop();
  });

  it("takes over what is only in KV, and puts right what differs, at the start", async () => {
    source.set("anna", [script("main", "keep;", true), script("é", "discard;")]);
    await bucket.put("anna", encode({ v: 1, name: "old", version: "x", text: "stop;" }));
    await bucket.put(storedScriptKey("anna", "gone"), encode({ v: 1, name: "gone", text: "stop;", at: 1 }));
    await bucket.put(storedScriptKey("old-timer", "rules"), encode({ v: 1, name: "rules", text: "# stored", at: 3 }));
    await bucket.put(storedScriptKey("old-timer", "more"), encode({ v: 1, name: "more", text: "# more", at: 4 }));
    await bucket.put("old-timer", encode({ v: 1, name: "rules", version: "x", text: "# active" }));
    await bucket.put("active-only", encode({ v: 1, name: "one", version: "x", text: "# one" }));
    await bucket.put("broken", Buffer.from("no JSON"));
    copy = await open();
    assert.deepEqual(await held("anna"), {
      anna: "keep;",
      [storedScriptKey("anna", "main")]: "keep;",
      [storedScriptKey("anna", "é")]: "discard;",
    });
    assert.deepEqual(source.adopted.toSorted(), ["active-only", "broken", "old-timer"]);
    assert.deepEqual(
      source.accounts_
        .get("old-timer")
        ?.scripts.map(({ name, text, active }) => [name, text, active])
        .toSorted(),
      [
        ["more", "# more", false],
        ["rules", "# active", true],
      ],
    );
    assert.equal((await held("active-only"))["active-only"], "# one");
    assert.deepEqual(await held("broken"), {});
  });

  it("follows each change", async () => {
    source.set("anna", [script("main", "stop;", true)]);
    await copy.refresh("anna");
    assert.deepEqual(await held("anna"), { anna: "stop;", [storedScriptKey("anna", "main")]: "stop;" });
    source.set("anna", []);
    await copy.refresh("anna");
    assert.deepEqual(await held("anna"), {});
    assert.deepEqual(await source.behind(), []);
  });

  it("undoes what somebody else writes", async () => {
    source.set("anna", [script("main", "keep;", true)]);
    await copy.refresh("anna");
    await bucket.put("anna", encode({ v: 1, name: "mine", version: "x", text: "# mine" }));
    await waitFor(async () => (await held("anna"))["anna"] === "keep;", { describe: "the truth to return" });
    await bucket.delete("anna");
    await waitFor(async () => (await held("anna"))["anna"] === "keep;", { describe: "the entry to return" });
  });

  it("catches up by itself with what could not be written", async () => {
    await nats.pause();
    source.set("anna", [script("main", "# during an outage", true)]);
    await copy.refresh("anna");
    assert.deepEqual(await source.behind(), ["anna"]);
    await nats.resume();
    await waitFor(async () => (await held("anna"))["anna"] === "# during an outage", { timeoutMs: 30_000 });
    await waitFor(async () => (await source.behind()).length === 0);
  });

  it("never lets an old script win, with two instances and many changes", async () => {
    const other = await open();
    for (let i = 1; i <= 30; i++) {
      source.set("anna", [script("main", `# ${i}`, true)]);
      void (i % 2 === 0 ? copy : other).refresh("anna");
      if (i % 5 === 0) await (i % 2 === 0 ? other : copy).refresh("anna");
    }
    await waitFor(async () => (await source.behind()).length === 0);
    await other.stop();
    assert.equal((await held("anna"))["anna"], "# 30");
  });
});
