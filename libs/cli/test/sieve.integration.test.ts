import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { tamis } from "./harness.ts";

describe("tamis sieve", () => {
  const dir = tempDir("tamis-sieve");
  after(() => dir.remove());
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir.path, name), text);
    return join(dir.path, name);
  };
  const good = file(
    "good.sieve",
    'require ["fileinto", "mailbox", "envelope", "imap4flags", "date"];\n# rule:[Lists]\nif header :contains "subject" "[info]" { fileinto :create "Lists"; }\n',
  );
  const bad = file("bad.sieve", 'if headr :is "subject" "x" { kep; }\ndiscard\n');
  const mail = file("mail.eml", "From: bob@example.net\r\nSubject: [info] x\r\n\r\nbody\r\n");

  it("check shows every error with its line and a caret, and ends with 1", async () => {
    const run = await tamis(["sieve", "check", bad, good]);
    assert.equal(run.code, 1);
    const lines = run.out.split("\n");
    assert.equal(lines.filter((line) => line.startsWith(`${bad}:`)).length, 3);
    assert.match(lines[0] ?? "", /bad\.sieve:1:4: error: .*headr/);
    assert.equal(lines[1], '  if headr :is "subject" "x" { kep; }');
    assert.match(lines[2] ?? "", /^ {5}\^~+$/);
    assert.equal(run.err, "errors: 3 (scripts checked: 2)");
  });

  it("check is silent but for the count on good scripts, and reads standard input", async () => {
    assert.deepEqual(await tamis(["sieve", "check", good, "-"], { stdin: "keep;" }), {
      code: 0,
      out: "",
      err: "no errors (scripts checked: 2)",
    });
  });

  it("check --json gives places as data", async () => {
    const run = await tamis(["sieve", "check", "--json", bad]);
    const [first, ...more] = JSON.parse(run.out);
    assert.deepEqual([first.file, first.line, first.column, first.severity, more.length], [bad, 1, 4, "error", 2]);
  });

  it("check speaks French", async () => {
    assert.match((await tamis(["sieve", "check", bad], { locale: "fr" })).out, /:1:4: erreur: /);
  });

  it("run tells actions and trace", async () => {
    const run = await tamis(["sieve", "run", good, mail]);
    assert.deepEqual(run, {
      code: 0,
      out: [
        "actions:",
        '  fileinto :create "Lists"  (rule Lists, line 3)',
        "trace:",
        "  rule Lists, line 3",
        '    header subject "[info]": [info] x',
        '  line 3: fileinto "Lists"',
      ].join("\n"),
      err: "",
    });
  });

  const facts = [
    {
      name: "envelope sender",
      script: 'require "envelope"; if envelope "from" "bob@example.net" { discard; }',
      args: ["--envelope-from", "bob@example.net"],
    },
    {
      name: "null reverse-path",
      script: 'require "envelope"; if envelope "from" "" { discard; }',
      args: ["--envelope-from", ""],
    },
    {
      name: "envelope recipient",
      script: 'require "envelope"; if envelope "to" "a@example.org" { discard; }',
      args: ["--envelope-to", "a@example.org"],
    },
    {
      name: "time",
      script: 'require "date"; if currentdate :zone "+0000" "date" "2026-02-03" { discard; }',
      args: ["--now", "2026-02-03T12:00:00Z"],
    },
    {
      name: "time zone",
      script: 'require "date"; if currentdate "iso8601" "2026-02-03T21:00:00+09:00" { discard; }',
      args: ["--now", "2026-02-03T12:00:00Z", "--time-zone", "Asia/Tokyo"],
    },
    {
      name: "flags",
      script: 'require "imap4flags"; if hasflag "$Work" { discard; }',
      args: ["--flag", "\\Seen", "--flag", "$Work"],
    },
    {
      name: "folders",
      script: 'require "mailbox"; if mailboxexists ["A", "B"] { discard; }',
      args: ["--mailbox", "A", "--mailbox", "B"],
    },
  ];
  for (const { name, script, args } of facts) {
    it(`run takes the ${name} from an option`, async () => {
      const withIt = await tamis(["sieve", "run", "-", mail, "--json", ...args], { stdin: script });
      assert.deepEqual(
        JSON.parse(withIt.out).actions.map((action: { kind: string }) => action.kind),
        ["discard"],
      );
      const without = await tamis(["sieve", "run", "-", mail, "--json"], { stdin: script });
      assert.deepEqual(
        JSON.parse(without.out).actions.map((action: { kind: string }) => action.kind),
        ["keep"],
      );
    });
  }

  it("run says that a script fails, and ends with 1", async () => {
    const run = await tamis(["sieve", "run", "-", mail], {
      stdin: `require ["variables", "fileinto"]; set "x" ""; fileinto "\${x}";`,
    });
    assert.equal(run.code, 1);
    assert.match(run.out, /keep {2}\(implicit\)[\s\S]*error: the run failed and the mail is kept/);
  });

  it("run shows the errors of a script that does not compile", async () => {
    const run = await tamis(["sieve", "run", bad, mail, "--json"]);
    assert.equal(run.code, 1);
    assert.equal(JSON.parse(run.out).diagnostics.length, 3);
  });

  const wrong = [
    { name: "a missing file", args: ["sieve", "check", "/nonexistent.sieve"], code: 1, says: /cannot be read: ENOENT/ },
    {
      name: "no such zone",
      args: ["sieve", "run", good, mail, "--time-zone", "Mars/Base"],
      code: 2,
      says: /Mars\/Base/,
    },
    { name: "no date", args: ["sieve", "run", good, mail, "--now", "soon"], code: 2, says: /"soon" is no date/ },
    { name: "no argument", args: ["sieve", "check"], code: 2, says: /missing: files/ },
    {
      name: "an unknown option",
      args: ["sieve", "check", "--jason", good],
      code: 2,
      says: /no option --jason.*--json/,
    },
    { name: "an unknown command", args: ["sive"], code: 2, says: /no command sive.*sieve/ },
  ];
  for (const { name, args, code, says } of wrong) {
    it(`answers ${name} with exit code ${code}`, async () => {
      const run = await tamis(args);
      assert.equal(run.code, code);
      assert.match(run.err, says);
    });
  }

  it("refuses a script that is not UTF-8", async () => {
    const path = join(dir.path, "latin1.sieve");
    writeFileSync(path, Buffer.from("# \xe9\nkeep;", "latin1"));
    const run = await tamis(["sieve", "check", path]);
    assert.deepEqual([run.code, run.err], [1, `tamis: ${path} is not UTF-8 text`]);
  });
});

describe("tamis --help", () => {
  it("has examples and exit codes, in both languages", async () => {
    const english = await tamis(["--help"]);
    assert.equal(english.code, 0);
    assert.match(english.out, /Usage: tamis[\s\S]*Commands:[\s\S]*Examples:[\s\S]*Exit codes:\n {2}0 /);
    assert.match(
      (await tamis(["--help"], { locale: "fr" })).out,
      /Utilisation : tamis[\s\S]*Commandes :[\s\S]*Exemples :[\s\S]*Codes de sortie :\n {2}0 /,
    );
  });

  for (const command of [
    "up",
    "run",
    "doctor",
    "status",
    "log",
    "undo",
    "sort",
    "recover",
    "sieve check",
    "sieve run",
    "scripts put",
    "parked replay",
  ]) {
    it(`has an example of ${command}`, async () => {
      const run = await tamis([...command.split(" "), "--help"]);
      assert.equal(run.code, 0);
      assert.match(run.out, new RegExp(`Examples:\\n {2}tamis ${command}`));
    });
  }

  it("is what a bare `tamis` shows, as wrong usage", async () => assert.equal((await tamis([])).code, 2));
  it("tells the version", async () => assert.match((await tamis(["--version"])).out, /^\d+\.\d+\.\d+$/));
});
