import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { tamis } from "./harness.ts";

describe("tamis sieve svtest", () => {
  const dir = tempDir("tamis-svtest");
  after(() => dir.remove());
  const file = (name: string, text: string, mode = 0o644): string => {
    const path = join(dir.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const head = 'require ["vnd.dovecot.testsuite", "fileinto", "variables", "vnd.dovecot.execute"];\n';
  const good = file("good/a.svtest", `${head}test "one" { keep; }\ntest "two" { discard; }\n`);
  file("good/deep/b.svtest", `${head}test "three" { if not test_script_compile "x.sieve" { test_fail "no"; } }\n`);
  file("good/deep/x.sieve", "keep;");
  file("good/notes.txt", "no test file");
  const bad = file("bad.svtest", `${head}test "one" { }\ntest "two" {\n  test_fail "as it must";\n}\n`);
  const broken = file("broken.svtest", `${head}test "one" { frob; }\n`);
  const failing = file("failures/f.svtest", `${head}test "a" { test_fail "meant"; }\ntest "b" { }\n`);

  it("counts the tests of a file and of all files below a folder", async () => {
    assert.deepEqual(await tamis(["sieve", "svtest", good]), { code: 0, out: "2 passed, 0 failed", err: "" });
    assert.deepEqual(await tamis(["sieve", "svtest", join(dir.path, "good")]), {
      code: 0,
      out: "3 passed, 0 failed",
      err: "",
    });
  });

  it("tells each failing test in a line, ends with 1 and with the plain count, in every language", async () => {
    const run = await tamis(["sieve", "svtest", bad, good], { locale: "fr" });
    assert.equal(run.code, 1);
    assert.deepEqual(run.out.split("\n"), [`${bad}:3: test 2 « two » : line 4: as it must`, "3 passed, 1 failed"]);
  });

  it("shows what is wrong with a test file", async () => {
    const run = await tamis(["sieve", "svtest", broken]);
    assert.equal(run.out.split("\n").at(-1), "0 passed, 1 failed");
    assert.match(run.err, /broken\.svtest:2:14: error: there is no command frob/);
  });

  it("turns the count round in a folder called failures", async () => {
    const run = await tamis(["sieve", "svtest", join(dir.path, "failures")]);
    assert.deepEqual(run.out.split("\n"), [
      `${failing}:3: test 2 “b”: it passed, but is meant to fail`,
      "1 passed, 1 failed",
    ]);
  });

  it("turns it round in folders inside that one too, but not for folders around the one that is named", async () => {
    file("failures/sub/g.svtest", `${head}test "a" { test_fail "meant"; }\n`);
    file("failures/own/tests/h.svtest", `${head}test "a" { keep; }\n`);
    const out = async (path: string): Promise<string> => (await tamis(["sieve", "svtest", join(dir.path, path)])).out;
    assert.equal(await out("failures/sub"), await out("failures/sub/g.svtest"));
    assert.match(await out("failures/sub"), /0 passed, 1 failed$/);
    assert.equal(await out("failures/own/tests"), "1 passed, 0 failed");
    assert.match(await out("failures"), /2 passed, 2 failed$/);
  });

  it("counts a file that cannot be read, and runs the others; follows links to files", async () => {
    file("links/a.svtest", `${head}test "a" { }\n`);
    symlinkSync(join(dir.path, "gone.svtest"), join(dir.path, "links/b.svtest"));
    symlinkSync(good, join(dir.path, "links/c.svtest"));
    const run = await tamis(["sieve", "svtest", join(dir.path, "links")]);
    assert.deepEqual([run.code, run.out.split("\n").at(-1)], [1, "3 passed, 1 failed"]);
    assert.match(run.err, /b\.svtest .*ENOENT/);
  });

  it("reads files of other systems: byte order mark, CRLF, names with blanks", async () => {
    const text = `${head}test "a" {\n  test_set "message" text:\nSubject: x\n\nb\n.\n  ;\n  if not size :over 14 { test_fail "x"; }\n}\n`;
    const path = file("other systems/é.svtest", `\ufeff${text.replaceAll("\n", "\r\n")}`);
    assert.equal((await tamis(["sieve", "svtest", path])).out, "1 passed, 0 failed");
  });

  it("reads files that are not UTF-8: letters of them differ from each other", async () => {
    const path = file("latin.svtest", "");
    const text = `${head}test "a" { if string "\u00e9" "\u00e8" { test_fail "x"; } if not string "\u00e9" "\u00e9" { test_fail "y"; } }\n`;
    writeFileSync(path, Buffer.from(text, "latin1"));
    assert.equal((await tamis(["sieve", "svtest", path])).out, "1 passed, 0 failed");
  });

  it("refuses paths without test files", async () => {
    assert.equal((await tamis(["sieve", "svtest", join(dir.path, "nothing")])).code, 1);
    mkdirSync(join(dir.path, "empty"));
    assert.match((await tamis(["sieve", "svtest", join(dir.path, "empty")])).err, /no test file/);
  });

  describe("programs", () => {
    const suite = (folder: string, name: string): string =>
      `${head}test_config_set "sieve_execute_bin_dir" "${folder}";\ntest_config_reload;\ntest "runs" { if not execute "${name}" { test_fail "it did not"; } }\n`;
    const marker = join(dir.path, "marker");
    file("programs/bin/marks", `#!/bin/sh\n/usr/bin/touch ${marker}\n`, 0o755);
    file("programs/marks", "#!/bin/sh\nexit 0\n", 0o755);
    file("outside/marks", "#!/bin/sh\nexit 0\n", 0o755);
    symlinkSync(join(dir.path, "outside"), join(dir.path, "programs/link"));
    symlinkSync(join(dir.path, "outside/marks"), join(dir.path, "programs/bin/linked"));
    const runs = file("programs/runs.svtest", suite("bin", "marks"));

    it("are not run unless that is asked for: the file is skipped", async () => {
      const run = await tamis(["sieve", "svtest", runs]);
      assert.deepEqual([run.code, run.out.split("\n").at(-1)], [0, "0 passed, 0 failed"]);
      assert.match(run.out, /runs\.svtest: skipped: /);
      assert.throws(() => readFileSync(marker));
    });

    it("are run when it is", async () => {
      assert.equal((await tamis(["sieve", "svtest", "--programs", runs])).out, "1 passed, 0 failed");
      readFileSync(marker);
    });

    for (const [folder, name] of [
      ["link", "marks"],
      ["bin", "linked"],
      [".", "marks"],
      ["../outside", "marks"],
      ["/bin", "true"],
    ] as const) {
      it(`stay below the folder of the test file: ${folder}/${name}`, async () => {
        const path = file("programs/stays.svtest", suite(folder, name));
        assert.equal(
          (await tamis(["sieve", "svtest", "--programs", path])).out.split("\n").at(-1),
          "0 passed, 1 failed",
        );
      });
    }
  });
});

describe("tamis sieve fmt", () => {
  const dir = tempDir("tamis-fmt");
  after(() => dir.remove());
  const path = join(dir.path, "a.sieve");
  const laidOut = 'require "fileinto";\nif true {\n    fileinto "A"; # here\n}\n';

  it("prints a script laid out", async () => {
    const run = await tamis(["sieve", "fmt", "-"], { stdin: 'REQUIRE "fileinto"; \nIf true{fileinto "A"; # here\n}' });
    assert.deepEqual(run, { code: 0, out: laidOut.trimEnd(), err: "" });
  });

  it("says with --check which files are not, and changes nothing", async () => {
    writeFileSync(path, "if true{keep;}");
    assert.deepEqual(await tamis(["sieve", "fmt", "--check", path]), {
      code: 1,
      out: `${path} is not laid out`,
      err: "",
    });
    assert.equal(readFileSync(path, "utf8"), "if true{keep;}");
  });

  it("changes them with --write", async () => {
    assert.equal((await tamis(["sieve", "fmt", "--write", path])).code, 0);
    assert.equal(readFileSync(path, "utf8"), "if true {\n    keep;\n}\n");
    assert.deepEqual(await tamis(["sieve", "fmt", "--check", path]), { code: 0, out: "", err: "" });
  });

  it("leaves a script with syntax errors alone", async () => {
    writeFileSync(path, "keep");
    const run = await tamis(["sieve", "fmt", "--write", path]);
    assert.equal(run.code, 1);
    assert.match(run.err, /a\.sieve:1:5: error: a semicolon is missing/);
    assert.equal(readFileSync(path, "utf8"), "keep");
  });

  it("refuses --check with --write, and writing standard input", async () => {
    assert.equal((await tamis(["sieve", "fmt", "--check", "--write", path])).code, 2);
    assert.equal((await tamis(["sieve", "fmt", "--write", "-"], { stdin: "keep;" })).code, 2);
  });
});

describe("tamis sieve check --mailbox", () => {
  it("warns of folders that are not among those named", async () => {
    const stdin = 'require "fileinto"; if true { fileinto "Lits"; } elsif true { fileinto "Lists"; }';
    const run = await tamis(["sieve", "check", "--mailbox", "Lists", "-"], { stdin });
    assert.equal(run.code, 0);
    assert.match(run.out, /warning: there is no folder “Lits”; did you mean Lists\?/);
    assert.doesNotMatch(run.out, /folder “Lists”/);
  });
});
