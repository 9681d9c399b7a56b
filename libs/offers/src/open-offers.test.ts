import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BucketChange } from "@tamis/bus";
import { serverKey } from "@tamis/contracts";
import type { Means } from "./means.ts";
import { openOffers, serverOf } from "./open-offers.ts";

const means: Means = {
  sends: true,
  knowsSender: false,
  verdict: false,
  virusVerdict: false,
  authenticates: false,
  lists: [],
  globalScripts: null,
  programs: null,
  imapEvents: null,
};

/** KV `servers` in memory; what is written reaches the watch at once. */
async function world(before: Readonly<Record<string, readonly string[]>> = {}) {
  let tell = (_: BucketChange): void => {};
  let stopped = false;
  const encode = (capabilities: readonly string[]) =>
    Buffer.from(JSON.stringify({ v: 1, capabilities, keywords: false }));
  const offers = await openOffers({
    means,
    unknown: "usual",
    bucket: {
      async watch(onEntry) {
        tell = onEntry;
        for (const [key, capabilities] of Object.entries(before))
          onEntry({ key, value: encode(capabilities), revision: 1 });
        return {
          ready: Promise.resolve(),
          stop() {
            stopped = true;
          },
        };
      },
    },
  });
  return {
    offers,
    write: (key: string, ...capabilities: readonly string[]) => tell({ key, value: encode(capabilities), revision: 2 }),
    spoil: (key: string, value: Uint8Array | null) => tell({ key, value, revision: 3 }),
    stopped: () => stopped,
  };
}

describe("openOffers", () => {
  it("knows what was written before, and what is written after", async () => {
    const { offers, write } = await world({ a: ["OBJECTID"] });
    assert.ok(offers.of("a").names.includes("mailboxid"));
    assert.ok(!offers.of("b").names.includes("mailboxid"));
    write("b", "OBJECTID");
    assert.ok(offers.of("b").names.includes("mailboxid"));
  });

  it("gives accounts that may use the same the same offer, and others another", async () => {
    const { offers } = await world({ a: ["OBJECTID", "IDLE"], b: ["IDLE", "OBJECTID", "MOVE"], c: [] });
    assert.equal(offers.of("a"), offers.of("b"));
    assert.notEqual(offers.of("a"), offers.of("c"));
    assert.notEqual(offers.of("a").id, offers.of("c").id);
    assert.equal(offers.of(undefined), offers.of("never seen"));
  });

  it("refuses what the server lost, and says so", async () => {
    const { offers, write } = await world({ a: ["UIDPLUS"] });
    let news = 0;
    const forget = offers.onChange(() => news++);
    write("a", "UIDPLUS", "MOVE");
    assert.equal(news, 0, "nothing that matters to scripts");
    write("a", "MOVE");
    assert.equal(news, 1);
    assert.equal(offers.of("a").refused.get("editheader"), "rewrite");
    forget();
    write("a", "UIDPLUS");
    assert.equal(news, 1);
    assert.ok(offers.of("a").names.includes("editheader"));
  });

  for (const { name, value } of [
    { name: "is taken away", value: null },
    { name: "is no JSON", value: Buffer.from("{") },
    { name: "is of another version", value: Buffer.from('{"v":2,"capabilities":[],"keywords":true}') },
    { name: "is no UTF-8", value: Buffer.from([0xff, 0xfe]) },
  ])
    it(`takes a server whose record ${name} for one nobody has seen`, async () => {
      const { offers, spoil } = await world({ a: [] });
      spoil("a", value);
      assert.equal(offers.of("a"), offers.of(undefined));
    });

  it("ends its watch", async () => {
    const { offers, stopped } = await world();
    offers.stop();
    assert.ok(stopped());
  });
});

describe("serverOf", () => {
  const imap = { host: "imap.example.org", port: 993 };
  for (const { account, want } of [
    { account: {}, want: serverKey("imap.example.org", 993) },
    { account: { host: "Other.example.org" }, want: serverKey("other.example.org", 993) },
    { account: { host: "other.example.org", port: 143 }, want: serverKey("other.example.org", 143) },
  ])
    it(JSON.stringify(account), () => assert.equal(serverOf(account, imap), want));

  it("programs are for those that tamis.yaml names", async () => {
    const offers = await openOffers({
      bucket: { watch: async () => ({ ready: Promise.resolve(), stop() {} }) },
      means: { ...means, programs: new Set(["anna@ac.test"]) },
      unknown: "usual",
    });
    assert.ok(offers.of("a", "Anna@ac.test").names.includes("vnd.dovecot.execute"));
    assert.equal(offers.of("a", "ben@ac.test").refused.get("vnd.dovecot.execute"), "programs");
    assert.equal(offers.of("a").refused.get("vnd.dovecot.pipe"), "programs");
  });

  it("so are scripts on changes over IMAP", async () => {
    const offers = await openOffers({
      bucket: { watch: async () => ({ ready: Promise.resolve(), stop() {} }) },
      means: { ...means, imapEvents: new Set(["anna@ac.test"]) },
      unknown: "usual",
    });
    assert.ok(offers.of("a", "Anna@ac.test").names.includes("imapsieve"));
    assert.equal(offers.of("a", "ben@ac.test").refused.get("imapsieve"), "imap-events");
  });
});
