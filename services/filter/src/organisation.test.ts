import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, loadSettings } from "@tamis/kit";
import { readMessage } from "@tamis/message";
import { run } from "@tamis/sieve";
import { filterConfig } from "./config.ts";
import { openOrganisation } from "./organisation.ts";

const folder = mkdtempSync(join(tmpdir(), "organisation-"));
after(() => rmSync(folder, { recursive: true }));

const VERDICT = "  verdict: { header: X-Spam-Score, form: score, max: 10 }\n";

function settingsOf(filter: string) {
  const path = join(folder, "tamis.yaml");
  writeFileSync(path, `filter:\n${filter}`);
  return loadSettings(path, { filter: filterConfig }).filter;
}

function faultsOf(filter: string): readonly { readonly place: string; readonly problem: string }[] {
  try {
    settingsOf(filter);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigFault);
    return error.faults.map(({ line, column, problem }) => ({ place: `${line}:${column}`, problem }));
  }
}

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** The organisation of some settings, with a clock of its own. */
function opened(filter: string) {
  let now = 0;
  const unusable: { readonly file: string; readonly codes: readonly string[] }[] = [];
  const organisation = openOrganisation({
    settings: settingsOf(filter),
    clock: () => now,
    onUnusable: (fields) => unusable.push(fields),
  });
  const later = () => {
    now += 5000;
    return organisation.scripts();
  };
  return { organisation, later, unusable };
}

describe("the organisation's scripts", () => {
  it("are faults of the configuration where they do not compile, with line and column", () => {
    write("bad.sieve", 'require "fileinto";\n  fileino "A";\n');
    const [fault, ...more] = faultsOf("  organisation: { before: [bad.sieve] }\n");
    assert.deepEqual([fault?.place, more.length], ["2:28", 0]);
    assert.match(fault?.problem ?? "", /bad\.sieve:2:3: .*fileino/);
    assert.match(faultsOf("  organisation: { after: [bad.sieve] }\n")[0]?.problem ?? "", /bad\.sieve:2:3: /);
  });

  it("must be there", () => {
    const [fault, ...more] = faultsOf("  organisation: { before: [missing.sieve] }\n");
    assert.match(fault?.problem ?? "", /missing\.sieve: ENOENT/);
    assert.equal(more.length, 0);
    assert.equal(faultsOf("  organisation: { after: sometimes }\n").length, 1);
  });

  it("run in their order", () => {
    write("one.sieve", "stop;");
    write("two.sieve", "keep;");
    const { organisation } = opened("  organisation: { before: [one.sieve, two.sieve], after: [two.sieve] }\n");
    const { before, after: last } = organisation.scripts();
    assert.deepEqual(
      before.map(({ name }) => name),
      ["one.sieve", "two.sieve"],
    );
    assert.deepEqual(
      last.map(({ name }) => name),
      ["two.sieve"],
    );
  });

  it("are read again when they change; a faulty version is told of once and the one before stays", () => {
    write("changing.sieve", "stop;");
    const { later, unusable } = opened("  organisation: { before: [changing.sieve] }\n");
    const first = later().before[0]?.program;
    assert.equal(later().before[0]?.program, first);
    write("changing.sieve", "discard; keep;");
    const second = later().before[0]?.program;
    assert.notEqual(second, first);
    write("changing.sieve", "discrad; keep; stop;");
    assert.equal(later().before[0]?.program, second);
    assert.equal(later().before[0]?.program, second);
    assert.deepEqual(
      unusable.map(({ codes }) => codes),
      [["unknown-command:1"]],
    );
    rmSync(join(folder, "changing.sieve"));
    assert.equal(later().before[0]?.program, second);
    assert.deepEqual(unusable[1]?.codes, ["unreadable"]);
  });

  const defaults = [
    { name: "files spam into Junk where there is a verdict", filter: VERDICT, scripts: 1 },
    { name: "does nothing without a verdict", filter: "  concurrency: 2\n", scripts: 0 },
    { name: "can be switched off", filter: `${VERDICT}  organisation: { after: none }\n`, scripts: 0 },
    { name: "gives way to scripts of one's own", filter: `${VERDICT}  organisation: { after: [] }\n`, scripts: 0 },
  ];
  for (const { name, filter, scripts } of defaults) {
    it(`by default: ${name}`, () => assert.equal(opened(filter).organisation.scripts().after.length, scripts));
  }

  const verdicts = [
    { spam: 0.79, junk: ["Spam"], want: "keep" },
    { spam: 0.8, junk: ["Spam"], want: "Spam" },
    { spam: 1, junk: [], want: "keep" },
    { spam: undefined, junk: ["Spam"], want: "keep" },
  ];
  for (const { spam, junk, want } of verdicts) {
    it(`by default: a verdict of ${spam ?? "nobody"}, ${junk.length} Junk folders: ${want}`, () => {
      const program = opened(VERDICT).organisation.scripts().after[0]?.program ?? assert.fail();
      const message = readMessage(Buffer.from("Subject: x\r\n\r\n"));
      const facts = { now: 0, timeZone: "UTC", envelope: {}, spam, specialUse: new Map([["\\junk", junk]]) };
      const outcome = run(program, message, facts);
      assert.ok(outcome.kind === "done");
      assert.deepEqual(
        outcome.actions.map((action) => (action.kind === "fileinto" ? action.mailbox : action.kind)),
        [want],
      );
    });
  }
});
