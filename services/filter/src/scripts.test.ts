import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storedScriptKey } from "@tamis/contracts";
import { translate } from "@tamis/sieve";
import { encode, script, store } from "../test/script-store.ts";
import type { LoadedScript } from "./scripts.ts";

/** What its owner is told of a script that cannot be run. */
const saidOf = (loaded: LoadedScript | null): string =>
  loaded?.fault === undefined ? "" : translate(loaded.fault, "en").message;

describe("openScripts", () => {
  it("reads an account's script once and compiles a version once for all", async () => {
    const { scripts, put, gets } = await store();
    put("a", script("keep;"));
    put("b", script("keep;"));
    const [first, again, other] = [await scripts.of("a"), await scripts.of("a"), await scripts.of("b")];
    assert.equal(first, again);
    assert.equal(gets(), 2);
    assert.ok(first?.program);
    assert.equal(first.program, other?.program);
  });

  it("answers null without an active script, and notices one at once", async () => {
    const { scripts, put } = await store();
    assert.equal(await scripts.of("a"), null);
    put("a", script("keep;"));
    assert.equal((await scripts.of("a"))?.name, "main");
  });

  it("asks the store once for all who wait", async () => {
    const { scripts, put, gets } = await store();
    put("a", script("keep;"));
    await Promise.all([scripts.of("a"), scripts.of("a"), scripts.of("a")]);
    assert.equal(gets(), 1);
  });

  it("reads again what changed while it was read", async () => {
    const { scripts, put, whileReading } = await store();
    put("a", script("keep;", "old"));
    whileReading(() => put("a", script("discard;", "new")));
    assert.equal((await scripts.of("a"))?.version, "new");
  });

  it("reads again after a time, and after a reconnect, without being told", async () => {
    const { scripts, putUnseen, advance, reconnect } = await store();
    putUnseen("a", script("keep;", "1"));
    assert.equal((await scripts.of("a"))?.version, "1");
    putUnseen("a", script("keep;", "2"));
    assert.equal((await scripts.of("a"))?.version, "1");
    advance(1001);
    assert.equal((await scripts.of("a"))?.version, "2");
    putUnseen("a", script("keep;", "3"));
    reconnect();
    assert.equal((await scripts.of("a"))?.version, "3");
  });

  it("includes global scripts, and compiles anew when one changed", async () => {
    const { scripts, put, globals } = await store();
    put("a", script('require "include"; include :global "school";'));
    put("b", script('require "include"; include :global "school";'));
    assert.match(saidOf(await scripts.of("a")), /no global script called “school”/);
    globals.set("holidays", "stop;");
    assert.match(saidOf(await scripts.of("a")), /\(there are: holidays\)/);
    globals.set("school", "keep;");
    const [first, other] = [await scripts.of("a"), await scripts.of("b")];
    assert.ok(first?.program);
    assert.equal(first.program, other?.program, "compiled once");
    globals.set("school", "kep;");
    assert.equal((await scripts.of("a"))?.program, null);
  });

  it("has no program for a script with errors, and says so once", async () => {
    const { scripts, put, unusable } = await store();
    put("a", script("kep;"));
    put("b", script("kep;"));
    assert.equal((await scripts.of("a"))?.program, null);
    assert.equal((await scripts.of("b"))?.program, null);
    assert.equal(unusable.length, 1);
    assert.ok(!JSON.stringify(unusable).includes("kep;"));
  });

  it("has no program for a record that cannot be read", async () => {
    const { scripts, put } = await store();
    put("a", Buffer.from("not json"));
    assert.equal((await scripts.of("a"))?.program, null);
  });

  it("forgets accounts beyond its capacity", async () => {
    const { scripts, put, gets } = await store(2);
    for (const id of ["a", "b", "c"]) put(id, script("keep;"));
    for (const id of ["a", "b", "c", "a"]) await scripts.of(id);
    assert.equal(gets(), 4);
  });

  const needsSending = script('require "enotify"; notify "mailto:a@example.org";');

  it("does not run a script that requires what the account's server or settings do not offer, and says what", async () => {
    const { scriptOn, offer, put, unusable } = await store();
    put("a", needsSending);
    offer("small", "send");
    assert.ok((await scriptOn("a", "large"))?.program);
    const refused = await scriptOn("a", "small");
    assert.equal(refused?.program, null);
    assert.match(saidOf(refused ?? null), /^“enotify” is not offered here: this installation sends no mail/);
    assert.deepEqual(unusable, [{ accountId: "a", codes: ["without-send:1"] }]);
  });

  it("compiles one version once for each offer, and takes no program for that of another", async () => {
    const { scriptOn, offer, put } = await store();
    put("a", needsSending);
    put("b", needsSending);
    offer("small", "send");
    const large = await scriptOn("a", "large");
    assert.equal((await scriptOn("b", "small"))?.program, null);
    assert.equal((await scriptOn("b", "large"))?.program, large?.program);
    assert.equal((await scriptOn("a", "small"))?.program, null);
    assert.equal((await scriptOn("a", "large"))?.program, large?.program);
  });

  it("notices at once that more or less is offered, without reading for nothing", async () => {
    const { scriptOn, offer, put, gets } = await store();
    put("a", needsSending);
    assert.ok((await scriptOn("a", "s"))?.program);
    offer("s", "send");
    assert.equal((await scriptOn("a", "s"))?.program, null);
    offer("s", "rewrite");
    assert.ok((await scriptOn("a", "s"))?.program);
    const before = gets();
    await scriptOn("a", "s");
    assert.equal(gets(), before);
  });

  it("gives each of two who ask at once what its own server offers", async () => {
    const { scriptOn, offer, put } = await store();
    put("a", needsSending);
    offer("small", "send");
    const [small, large] = await Promise.all([scriptOn("a", "small"), scriptOn("a", "large")]);
    assert.equal(small?.program, null);
    assert.ok(large?.program);
  });

  it("keeps no old script of one offer because another was read meanwhile", async () => {
    const { scriptOn, offer, put, whileReading } = await store();
    put("a", script("keep;", "old"));
    offer("small", "send");
    whileReading(() => put("a", script("discard;", "new")));
    const [large, small] = await Promise.all([scriptOn("a", "large"), scriptOn("a", "small")]);
    assert.deepEqual([large?.version, small?.version], ["new", "new"]);
  });

  it("tells the first of what is wrong", async () => {
    const { scripts, put } = await store();
    put("a", script("kep; discrd;"));
    assert.match(saidOf(await scripts.of("a")), /no command kep;/);
  });

  describe("and what they include", () => {
    const include = script('require "include"; include "other";', "v1");
    const other = (text: string) => encode({ v: 1, name: "other", text, at: 0 });
    const key = (accountId: string) => storedScriptKey(accountId, "other");
    const actionsOf = async (loaded: LoadedScript | null) =>
      loaded?.program?.scripts.flatMap(({ commands }) =>
        commands.map((node) => (node.kind === "if" ? "if" : node.name)),
      );

    it("reads it, and again when it changes", async () => {
      const { scripts, put } = await store();
      put(key("a"), other("discard;"));
      put("a", include);
      assert.deepEqual(await actionsOf(await scripts.of("a")), ["discard"]);
      put(key("a"), other("stop;"));
      assert.deepEqual(await actionsOf(await scripts.of("a")), ["stop"]);
    });

    it("takes nobody else's of the same name, whatever was compiled before", async () => {
      const { scripts, put } = await store();
      put(key("a"), other("discard;"));
      put(key("b"), other("stop;"));
      for (const id of ["a", "b", "c"]) put(id, include);
      assert.deepEqual(await actionsOf(await scripts.of("a")), ["discard"]);
      assert.deepEqual(await actionsOf(await scripts.of("b")), ["stop"]);
      assert.match(saidOf(await scripts.of("c")), /no script of yours called “other”/);
    });

    it("knows itself", async () => {
      const { scripts, put } = await store();
      put("a", script('require "include"; include "main";'));
      assert.match(saidOf(await scripts.of("a")), /would include itself/);
    });

    it("has no program where an included script requires what is not offered, and says which", async () => {
      const { scriptOn, offer, put } = await store();
      put(key("a"), other('require "enotify"; notify "mailto:a@example.org";'));
      put("a", include);
      offer("small", "send");
      assert.ok((await scriptOn("a", "large"))?.program);
      assert.match(saidOf(await scriptOn("a", "small")), /“other” has an error at line 1.*“enotify” is not offered/);
    });

    it("takes a record that cannot be read for none", async () => {
      const { scripts, put } = await store();
      put(key("a"), Buffer.from("{"));
      put("a", include);
      assert.equal((await scripts.of("a"))?.program, null);
    });
  });
});
