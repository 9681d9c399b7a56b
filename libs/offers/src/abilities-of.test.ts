import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ServerAbilities } from "@tamis/contracts";
import { type Ability, offered } from "@tamis/sieve";
import { abilitiesOf as abilitiesOfAccount, type UnknownServer } from "./abilities-of.ts";
import type { Means } from "./means.ts";

const nothing: Means = {
  sends: false,
  knowsSender: false,
  verdict: false,
  virusVerdict: false,
  authenticates: false,
  lists: [],
  globalScripts: null,
  programs: null,
  imapEvents: null,
};
const everything: Means = {
  sends: true,
  knowsSender: true,
  verdict: true,
  virusVerdict: true,
  authenticates: true,
  lists: ["tag:example.org,2026:partners"],
  globalScripts: null,
  programs: "all",
  imapEvents: "all",
};
const server = (capabilities: readonly string[], keywords = false): ServerAbilities => ({
  v: 1,
  capabilities,
  keywords,
});
const sorted = (abilities: ReadonlySet<Ability>): readonly Ability[] => [...abilities].toSorted();

const abilitiesOf = (means: Means, server: ServerAbilities | null, unknown: UnknownServer, allowed = false) =>
  abilitiesOfAccount(means, { server, programs: allowed, imapEvents: allowed }, unknown);

describe("abilitiesOf", () => {
  const servers: readonly { readonly capabilities: readonly string[]; readonly want: readonly Ability[] }[] = [
    { capabilities: [], want: [] },
    { capabilities: ["IMAP4REV1", "IDLE", "MOVE"], want: [] },
    { capabilities: ["UIDPLUS"], want: ["rewrite"] },
    { capabilities: ["SPECIAL-USE"], want: ["special-use"] },
    { capabilities: ["OBJECTID"], want: ["objectid"] },
    { capabilities: ["METADATA"], want: ["metadata", "server-metadata"] },
    { capabilities: ["METADATA-SERVER"], want: ["server-metadata"] },
    { capabilities: ["IMAP4REV2"], want: ["rewrite", "special-use"] },
    { capabilities: ["UidPlus"], want: ["rewrite"] },
  ];
  for (const { capabilities, want } of servers)
    it(`a server with ${capabilities.join(" ") || "nothing"}`, () =>
      assert.deepEqual(
        sorted(abilitiesOf(nothing, server(capabilities), "usual")),
        ["delivery", "memory", "other-scripts", ...want].toSorted(),
      ));

  it("a server that makes keywords", () => {
    assert.ok(abilitiesOf(nothing, server([], true), "usual").has("keywords"));
    assert.ok(!abilitiesOf(nothing, server([], false), "all").has("keywords"));
  });

  it("a server that makes keywords and moves: mail can be snoozed", () => {
    assert.ok(abilitiesOf(nothing, server(["move"], true), "usual").has("snooze"));
    assert.ok(!abilitiesOf(nothing, server(["MOVE"], false), "all").has("snooze"));
    assert.ok(!abilitiesOf(nothing, server(["UIDPLUS", "IMAP4REV2"], true), "all").has("snooze"));
  });

  it("a server nobody has seen: the usual is promised", () => {
    assert.deepEqual(sorted(abilitiesOf(nothing, null, "usual")), [
      "delivery",
      "keywords",
      "memory",
      "other-scripts",
      "rewrite",
      "special-use",
    ]);
  });

  it("a server nobody has seen: nothing that runs is stopped", () => {
    const { refused } = offered(abilitiesOf(everything, null, "all"));
    for (const name of ["mboxmetadata", "servermetadata", "mailboxid", "special-use", "editheader", "snooze"])
      assert.ok(!refused.has(name), name);
  });

  it("what tamis.yaml sets up counts on every server", () => {
    assert.deepEqual(sorted(abilitiesOf(everything, server([]), "usual")), [
      "authentication",
      "delivery",
      "envelope-sender",
      "file-copies",
      "lists",
      "memory",
      "other-scripts",
      "send",
      "verdict",
      "virus-verdict",
    ]);
  });

  it("what nobody carries out yet is never offered", () => {
    const all = server(["UIDPLUS", "MOVE", "SPECIAL-USE", "OBJECTID", "METADATA"], true);
    assert.deepEqual(Object.fromEntries(offered(abilitiesOf(everything, all, "all")).refused), {
      processcalendar: "calendar",
      imapsieve: "imap-events",
      "vnd.dovecot.pipe": "programs",
      "vnd.dovecot.filter": "programs",
      "vnd.dovecot.execute": "programs",
    });
    const { refused } = offered(abilitiesOf(everything, all, "all", true));
    assert.deepEqual(
      [...refused.keys()].filter((name) => name.startsWith("vnd.dovecot")),
      [],
    );
    assert.ok(!refused.has("imapsieve"));
  });
});
