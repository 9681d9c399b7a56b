import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Ability } from "@tamis/sieve";
import { StoreUnavailable } from "@tamis/store";
import { type Client, RIGHT, signedIn } from "../test/scripted-client.ts";
import { LineReader } from "./protocol/line-reader.ts";

describe("an owner's session", () => {
  let client: Client;
  beforeEach(async () => {
    client = await signedIn();
  });

  it("names the owner, and knows no second sign-in", async () => {
    assert.match(await client.tell("CAPABILITY"), /"OWNER" "anna@example.org"\r\n/);
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^NO "already signed in"/);
    assert.match(await client.tell("STARTTLS"), /^NO/);
  });

  it("stores, lists, activates, gives back, renames and deletes", async () => {
    assert.equal(await client.put("été", "keep;\r\n"), "OK\r\n");
    assert.equal(await client.put('a"b', "discard;"), "OK\r\n");
    assert.equal(await client.tell('SETACTIVE "été"'), "OK\r\n");
    assert.equal(await client.tell("LISTSCRIPTS"), '"été" ACTIVE\r\n"a\\"b"\r\nOK\r\n');
    assert.equal(await client.tell('GETSCRIPT "été"'), "{7}\r\nkeep;\r\n\r\nOK\r\n");
    assert.match(await client.tell('DELETESCRIPT "été"'), /^NO \(ACTIVE\)/);
    assert.equal(await client.tell('RENAMESCRIPT "été" "hiver"'), "OK\r\n");
    assert.match(await client.tell("LISTSCRIPTS"), /"hiver" ACTIVE/);
    assert.equal(await client.tell('SETACTIVE ""'), "OK\r\n");
    assert.equal(await client.tell('DELETESCRIPT "hiver"'), "OK\r\n");
    assert.equal(await client.tell("LISTSCRIPTS"), '"a\\"b"\r\nOK\r\n');
    assert.equal(client.changed.length, 6);
  });

  const refused = [
    { say: 'GETSCRIPT "none"', want: /^NO \(NONEXISTENT\)/ },
    { say: 'SETACTIVE "none"', want: /^NO \(NONEXISTENT\)/ },
    { say: 'DELETESCRIPT "none"', want: /^NO \(NONEXISTENT\)/ },
    { say: 'RENAMESCRIPT "none" "other"', want: /^NO \(NONEXISTENT\)/ },
    { say: 'RENAMESCRIPT "one" "one"', want: /^NO \(ALREADYEXISTS\)/ },
    { say: 'GETSCRIPT ""', want: /^NO "a script's name/ },
    { say: 'HAVESPACE "two" 1001', want: /^NO \(QUOTA\/MAXSIZE\)/ },
    { say: 'HAVESPACE "two" "5"', want: /^NO "the arguments/ },
    { say: 'PUTSCRIPT "two" ""', want: /^NO "the script is empty"/ },
    { say: 'PUTSCRIPT "two"', want: /^NO "the arguments/ },
    { say: 'PUTSCRIPT "a\tb" "keep;"', want: /^NO "a script's name/ },
    { say: `PUTSCRIPT "two" {1001+}\r\n${"#".repeat(1001)}`, want: /^NO \(QUOTA\/MAXSIZE\)/ },
    { say: `CHECKSCRIPT {1001+}\r\n${"#".repeat(1001)}`, want: /^NO "the script is too big"/ },
    { say: "CHECKSCRIPT {6+}\r\nkeep;\0", want: /^NO "the script contains a NUL/ },
    { say: 'PUTSCRIPT "two" "kep;"', want: /^NO \{\d+\}\r\ntwo:1:1: error: / },
    { say: 'CHECKSCRIPT "kep;"', want: /^NO \{\d+\}\r\nscript:1:1: error: / },
    { say: 'CHECKSCRIPT "require \\"vacation\\";"', want: /^NO \{\d+\}\r\nscript:1:\d+: error: / },
  ];
  for (const { say, want } of refused)
    it(`${JSON.stringify(say.slice(0, 40))} is refused`, async () => {
      await client.put("one", "keep;");
      assert.match(await client.tell(say), want);
      assert.match(await client.tell("LISTSCRIPTS"), /^"one"\r\nOK/);
    });

  it("is refused a script that is no UTF-8", async () => {
    const bytes = Buffer.concat([
      Buffer.from('PUTSCRIPT "a" {3+}\r\n'),
      Buffer.from([0x23, 0xe9, 0x0a]),
      Buffer.from("\r\n"),
    ]);
    const reader = new LineReader();
    reader.push(bytes);
    const line = reader.next(client.session.limits);
    assert.ok(line !== null);
    assert.match((await client.session.handle(line)).text, /^NO "the script is not in UTF-8"/);
  });

  it("has room for so many scripts", async () => {
    for (const name of ["a", "b", "c"]) assert.match(await client.put(name, "keep;"), /^OK/);
    assert.match(await client.put("d", "keep;"), /^NO \(QUOTA\/MAXSCRIPTS\)/);
    assert.match(await client.tell('HAVESPACE "d" 5'), /^NO \(QUOTA\/MAXSCRIPTS\)/);
    assert.match(await client.tell('HAVESPACE "a" 5'), /^OK/);
    assert.match(await client.put("a", "discard;"), /^OK/);
  });

  it("is told warnings, and the script is stored", async () => {
    const answer = await client.put("w", 'require "copy"; stop; keep;');
    assert.match(answer, /^OK \(WARNINGS\) \{\d+\}\r\nw:1:\d+: warning: /);
    assert.match(await client.tell("LISTSCRIPTS"), /"w"/);
    assert.match(await client.tell('CHECKSCRIPT "stop; keep;"'), /^OK \(WARNINGS\)/);
    assert.equal(await client.tell('CHECKSCRIPT "keep;"'), "OK\r\n");
  });

  it("does not activate what no longer compiles", async () => {
    await client.tables.put("anna", { name: "old", text: 'require "gone";' }, { scripts: 9 });
    assert.match(await client.tell('SETACTIVE "old"'), /^NO \{\d+\}\r\nold:1:/);
    assert.match(await client.tell("LISTSCRIPTS"), /"old"\r\nOK/);
  });

  it("is told at its place why a require is refused, and is not given the script", async () => {
    const answer = await client.put("v", 'require ["fileinto", "vacation"]; vacation "away";');
    assert.match(answer, /^NO \{\d+\}\r\nv:1:22: error: “vacation” is not offered here: who sent a mail is not known/);
    assert.equal(await client.tell("LISTSCRIPTS"), "OK\r\n");
  });

  it("may include other scripts of the same owner, by their names", async () => {
    const including = await signedIn({
      offerOf: () => ({ names: [], lists: [], abilities: new Set<Ability>(["other-scripts"]) }),
    });
    const script = 'require "include"; include "common";';
    assert.match(
      await including.put("main", script),
      /^NO [\s\S]*main:1:28: error: there is no script of yours called/,
    );
    assert.equal(await including.put("common", "stop;"), "OK\r\n");
    assert.equal(await including.put("main", script), "OK\r\n");
    assert.match(
      await including.put("common", 'require "include"; include "common";'),
      /^NO [\s\S]*would include itself/,
    );
  });

  it("may include global scripts, and is told which there are", async () => {
    const including = await signedIn({
      offerOf: () => ({ names: [], lists: [], abilities: new Set<Ability>(["other-scripts"]) }),
    });
    assert.equal(await including.put("main", 'require "include"; include :global "school";'), "OK\r\n");
    assert.match(
      await including.put("main", 'require "include"; include :global "none";'),
      /^NO [\s\S]*there is no global script called “none” \(there are: school\)/,
    );
  });

  it("does not activate what is no longer offered", async () => {
    await client.tables.put("anna", { name: "old", text: 'require "duplicate"; keep;' }, { scripts: 9 });
    assert.match(await client.tell('SETACTIVE "old"'), /^NO \{\d+\}\r\nold:1:9: error: “duplicate” is not offered/);
  });

  it("is warned of folders that are not there, and asked about when storing and checking alone", async () => {
    const asked: string[] = [];
    const existingFolders = async (accountId: string, folders: readonly string[]) => {
      asked.push(`${accountId} ${folders.join()}`);
      return [];
    };
    const asking = await signedIn({ existingFolders });
    const script = 'require "fileinto"; fileinto "Gone";';
    assert.match(
      await asking.put("f", script),
      /^OK \(WARNINGS\) \{\d+\}\r\nf:1:30: warning: there is no folder “Gone”/,
    );
    assert.match(await asking.tell(`CHECKSCRIPT {${script.length}+}`, script), /^OK \(WARNINGS\)/);
    assert.equal(await asking.tell('SETACTIVE "f"'), "OK\r\n");
    assert.deepEqual(asked, ["anna Gone", "anna Gone"]);
  });

  it("is told to come later while the tables are away, and in a bug, which is kept", async () => {
    client.tables.fail = new StoreUnavailable("away");
    assert.match(await client.tell("LISTSCRIPTS"), /^NO \(TRYLATER\)/);
    assert.equal(client.bugs.length, 0);
    client.tables.fail = new TypeError("ours");
    assert.match(await client.tell("LISTSCRIPTS"), /^NO \(TRYLATER\) "internal error"/);
    assert.equal(client.bugs.length, 1);
    client.tables.fail = null;
    assert.match(await client.tell("LISTSCRIPTS"), /^OK/);
  });

  it("signs out and in again", async () => {
    assert.match(await client.tell("UNAUTHENTICATE"), /^OK/);
    assert.match(await client.tell("LISTSCRIPTS"), /^NO "sign in first"/);
    assert.doesNotMatch(await client.tell("CAPABILITY"), /OWNER/);
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^OK/);
  });

  it("takes commands together, and none after LOGOUT", async () => {
    const answers = await client.tell('NOOP "1"', "LOGOUT", 'NOOP "2"');
    assert.equal(answers, 'OK (TAG "1")\r\nOK\r\n');
  });

  it("counts commands by verb and answer", async () => {
    await client.tell('GETSCRIPT "none"', "LISTSCRIPTS", "X");
    await client.put("one", "keep;");
    await client.tell('GETSCRIPT "one"');
    assert.deepEqual(client.counted.slice(1), [
      "GETSCRIPT NO",
      "LISTSCRIPTS OK",
      "unknown NO",
      "PUTSCRIPT OK",
      "GETSCRIPT OK",
    ]);
  });

  it("speaks French where it is asked to", async () => {
    const french = await signedIn({ language: "fr" });
    assert.match(await french.tell('GETSCRIPT "x"'), /aucun script ne porte ce nom/);
    assert.match(await french.tell("CAPABILITY"), /"LANGUAGE" "fr"/);
  });
});
