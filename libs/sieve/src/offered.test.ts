import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Ability, abilities } from "./ability.ts";
import { capabilities, compile } from "./compile.ts";
import { translate } from "./diagnostic.ts";
import { extensions } from "./extensions/index.ts";
import { catalog } from "./messages.ts";
import { offered } from "./offered.ts";

const without = (...missing: readonly Ability[]): ReadonlySet<Ability> =>
  new Set(abilities.filter((ability) => !missing.includes(ability)));

/** `line:column code` of everything that is said. */
function said(script: string, options: Parameters<typeof compile>[1]): readonly string[] {
  const compiled = compile(script, options);
  const told = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return told.map(({ code, span, severity }) => `${span.line}:${span.column} ${severity} ${code}`);
}

describe("what may be required where the world around a script is so", () => {
  it("is everything where everything is there", () => {
    assert.deepEqual(offered(without()), { names: capabilities(), refused: new Map() });
  });

  it("is only what needs the mail alone where nothing is there", () => {
    const { names, refused } = offered(new Set());
    for (const name of [
      "fileinto",
      "envelope",
      "copy",
      "body",
      "variables",
      "imap4flags",
      "mailbox",
      "date",
      "regex",
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.deepEqual(
      [...names, ...refused.keys()].toSorted(),
      capabilities().toSorted(),
      "each extension is offered or refused",
    );
  });

  const cases: readonly { readonly missing: Ability; readonly refused: readonly string[] }[] = [
    {
      missing: "send",
      refused: [
        "vacation",
        "vacation-seconds",
        "reject",
        "ereject",
        "enotify",
        "fcc",
        "redirect-dsn",
        "redirect-deliverby",
        "vnd.dovecot.report",
      ],
    },
    { missing: "envelope-sender", refused: ["vacation", "vacation-seconds", "reject", "ereject"] },
    { missing: "authentication", refused: ["reject", "ereject"] },
    { missing: "memory", refused: ["vacation", "vacation-seconds", "duplicate"] },
    { missing: "file-copies", refused: ["fcc"] },
    { missing: "rewrite", refused: ["editheader", "replace", "enclose", "convert", "vnd.dovecot.filter"] },
    { missing: "special-use", refused: ["special-use"] },
    { missing: "objectid", refused: ["mailboxid"] },
    { missing: "metadata", refused: ["mboxmetadata"] },
    { missing: "server-metadata", refused: ["servermetadata"] },
    { missing: "verdict", refused: ["spamtest", "spamtestplus"] },
    { missing: "virus-verdict", refused: ["virustest"] },
    { missing: "lists", refused: ["extlists"] },
    { missing: "other-scripts", refused: ["include"] },
    { missing: "programs", refused: ["vnd.dovecot.pipe", "vnd.dovecot.filter", "vnd.dovecot.execute"] },
    { missing: "program-filters", refused: ["vnd.dovecot.filter"] },
    { missing: "snooze", refused: ["snooze"] },
    { missing: "calendar", refused: ["processcalendar"] },
    { missing: "delivery", refused: ["vacation", "vacation-seconds", "reject", "ereject"] },
    { missing: "imap-events", refused: ["imapsieve"] },
    { missing: "keywords", refused: [] },
    { missing: "envelope-auth", refused: [] },
    { missing: "envelope-dsn", refused: [] },
    { missing: "envelope-deliverby", refused: [] },
  ];
  for (const { missing, refused } of cases)
    it(`without ${missing}: ${refused.join(", ") || "everything, with warnings"}`, () => {
      const found = offered(without(missing)).refused;
      assert.deepEqual([...found.keys()].toSorted(), refused.toSorted());
      for (const ability of found.values()) assert.equal(ability, missing);
    });

  it("has a case for each ability", () => {
    assert.deepEqual(cases.map(({ missing }) => missing).toSorted(), abilities.toSorted());
  });

  it("has words in both languages for each ability that an extension needs", () => {
    for (const { needs } of extensions)
      for (const ability of needs ?? []) assert.ok(catalog[`without-${ability}`]?.fr.hint, ability);
  });
});

describe("a require of what is not offered", () => {
  it("is refused at its own place, says why, and nothing that follows from it is told", () => {
    const script = 'require ["fileinto",\n  "vacation"];\nvacation "away"; fileinto "A";';
    const compiled = compile(script, { abilities: without("send") });
    assert.ok(!compiled.ok);
    assert.equal(compiled.diagnostics.length, 1);
    const [only] = compiled.diagnostics;
    assert.equal(
      only?.message,
      "“vacation” is not offered here: this installation sends no mail (no `outbox:` in tamis.yaml)",
    );
    assert.equal(only?.hint, "remove what needs it, or ask the administrator to set up sending");
    assert.deepEqual([only?.span.line, only?.span.column], [2, 3]);
  });

  it("says so in French", () => {
    const compiled = compile('require "spamtest";', { abilities: without("verdict"), locale: "fr" });
    assert.ok(!compiled.ok);
    assert.match(compiled.diagnostics[0]?.message ?? "", /« spamtest » n'est pas proposé ici : aucun verdict/);
  });

  it("names the older dialect as it was written", () => {
    const compiled = compile('require "notify";', { abilities: without("send") });
    assert.ok(!compiled.ok);
    assert.match(compiled.diagnostics[0]?.message ?? "", /^“notify” is not offered here: this installation sends/);
  });

  it("refuses a script that includes one which requires it", () => {
    const options = { abilities: without("send"), scripts: () => 'require "enotify";' };
    const compiled = compile('require "include"; include "other";', options);
    assert.ok(!compiled.ok);
    const [told = assert.fail()] = compiled.diagnostics;
    assert.match(told.message, /“other” has an error at line 1, column 9: “enotify” is not/);
    assert.match(translate(told, "fr").message, /^« other » .* : « enotify » n'est pas proposé ici/);
  });

  it("leaves `capabilities` its own say", () => {
    const options = { capabilities: ["vacation", "copy"], abilities: without("memory") };
    assert.deepEqual(said('require ["copy", "vacation", "fileinto"];', options), [
      "1:18 error without-memory",
      "1:30 error capability-not-offered",
    ]);
  });
});

describe("ihave", () => {
  const script = 'require "ihave"; if ihave "vacation" { vacation "away"; } else { discard; }';

  it("is false for what is refused", () => {
    const compiled = compile(script, { abilities: without("send") });
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.program.required, ["ihave"]);
    assert.equal(compiled.program.uses.redirect, false);
  });

  it("is true for what is offered", () => {
    const compiled = compile(script, { abilities: without("rewrite") });
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.program.required, ["ihave", "vacation"]);
  });
});

describe("words that come to nothing", () => {
  const nothing: ReadonlySet<Ability> = new Set();
  const cases = [
    {
      name: "redirect where nothing is sent",
      script: 'keep;\nredirect "a@example.org";',
      want: ["2:1 warning redirect-without-send"],
    },
    {
      name: "a keyword where the server keeps none; system flags stay",
      script: 'require "imap4flags"; addflag ["\\\\Seen", "urgent"]; keep :flags "\\\\Flagged";',
      want: ["1:42 warning keyword-not-kept"],
    },
    {
      name: "the envelope's sender",
      script: 'require "envelope"; if envelope ["to", "From"] "a@example.org" { discard; }',
      want: ["1:40 warning envelope-sender-unknown"],
    },
    {
      name: "who signed in",
      script: 'require "envelope"; if envelope "auth" "a@example.org" { discard; }',
      want: ["1:33 warning envelope-part-unknown"],
    },
    {
      name: "delivery reports",
      script: 'require ["envelope", "envelope-dsn"]; if envelope "notify" "NEVER" { discard; }',
      want: ["1:51 warning envelope-part-unknown"],
    },
    {
      name: "delivery by a time",
      script: 'require ["envelope", "envelope-deliverby"]; if envelope "bymode" "R" { discard; }',
      want: ["1:57 warning envelope-part-unknown"],
    },
    {
      name: "a recipient is known",
      script: 'require "envelope"; if envelope "to" "a@example.org" { discard; }',
      want: [],
    },
  ];
  for (const { name, script, want } of cases) {
    it(name, () => assert.deepEqual(said(script, { abilities: nothing }), want));
    it(`${name}: not a word where everything is there`, () => {
      assert.deepEqual(said(script, {}), []);
      assert.deepEqual(said(script, { abilities: without() }), []);
    });
  }
});
