// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { tokenSoup } from "../../test/random.ts";
import { compile } from "../compile.ts";
import type { SuiteEnvironment } from "./environment.ts";
import { runSuite, type SuiteOptions, type SuiteReport } from "./run-suite.ts";

const files: Readonly<Record<string, string>> = {
  "keep.sieve": "keep;",
  "broken.sieve": "frob;",
  "fails.sieve": 'require "vnd.dovecot.testsuite"; test_fail "no";',
  "conflict.sieve": 'require "ihave"; error "x";',
};

const environment: SuiteEnvironment = {
  folder: "/tests",
  now: Date.UTC(2026, 10, 22),
  timeZone: "UTC",
  readText: (path) => files[path] ?? null,
};

function runTest(text: string, options: SuiteOptions = {}): SuiteReport {
  return runSuite(
    `require ["vnd.dovecot.testsuite", "fileinto", "variables", "ihave", "foreverypart", "mime"];\n${text}`,
    environment,
    options,
  );
}

/** In short: how many, and why. */
function told(text: string, options: SuiteOptions = {}): readonly unknown[] {
  const { passed, failed, failures } = runTest(text, options);
  return [passed, failed, ...failures.map(({ number, reason }) => `${number}: ${reason}`)];
}

const meantToFail = { meantToFail: true };

describe("runSuite", () => {
  const rows: readonly { name: string; text: string; options?: SuiteOptions; want: readonly unknown[] }[] = [
    { name: "counts blocks", text: 'test "a" { } test "a" { keep; } test "" { }', want: [3, 0] },
    {
      name: "goes on after a failure",
      text: 'test "a" { test_fail "x"; keep; } test "b" { }',
      want: [1, 1, "1: line 2: x"],
    },
    {
      name: "a failure in a loop over parts ends the loop",
      text: 'test "a" { test_set "message" "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n"; foreverypart { foreverypart { test_fail "x"; } test_fail "y"; } } test "b" { if not exists :mime "subject" { test_fail "z"; } }',
      want: [1, 1, "1: line 9: x"],
    },
    {
      name: "fails the whole file outside of a block",
      text: 'test "a" { }\ntest_fail "x";\ntest "b" { } test "c" { }',
      want: [1, 2, "2: not reached: line 3: x", "3: not reached: line 3: x"],
    },
    {
      name: "fails the file where no block is left to tell",
      text: 'test "a" { }\ntest_fail "x";',
      want: [1, 1, "null: line 3: x"],
    },
    {
      name: "ends with stop, the open block counts for nothing",
      text: 'test "a" { } test "b" { stop; } test "c" { }',
      want: [1, 0],
    },
    {
      name: "is ended by an error of the script",
      text: 'test "a" { error "e"; } test "b" { }',
      want: [0, 2, "1: the script says: e", "2: not reached: the script says: e"],
    },
    {
      name: "counts every block of a file that does not compile",
      text: 'test "a" { frob; } test "b" { }',
      want: [0, 2, "1: not reached: the file does not compile", "2: not reached: the file does not compile"],
    },
    {
      name: "refuses blocks inside others",
      text: 'if true { test "a" { } }',
      want: [0, 1, "1: not reached: the file does not compile"],
    },
    { name: "counts a file without blocks for nothing", text: "keep;", want: [0, 0] },
    {
      name: "passes what is meant to fail",
      text: 'test "a" { test_fail "x"; } test "b" { error "e"; }',
      options: meantToFail,
      want: [2, 0],
    },
    {
      name: "fails what is meant to fail and does not",
      text: 'test "a" { } test "b" { test_fail "x"; }',
      options: meantToFail,
      want: [1, 1, "1: it passed, but is meant to fail"],
    },
    {
      name: "a script that calls test_fail is false and no failure",
      text: 'test "a" { if not test_script_compile "fails.sieve" { test_fail "compile"; } if test_script_run { test_fail "run"; } if test_error :matches "*" { test_fail "an error"; } }',
      want: [1, 0],
    },
    {
      name: "a script that ends in an error is false",
      text: 'test "a" { if not test_script_compile "conflict.sieve" { test_fail "compile"; } if test_script_run { test_fail "run"; } if not test_error :contains "x" { test_fail "no error"; } }',
      want: [1, 0],
    },
    {
      name: "running nothing ends the file",
      text: 'test "a" { if test_script_run { keep; } }',
      want: [0, 1, "1: no script is compiled"],
    },
    {
      name: "deleting a mailbox always fails",
      text: 'test "a" { test_mailbox_delete "X"; }',
      want: [0, 1, "1: test_mailbox_delete is not part of the language yet"],
    },
    {
      name: "a message that is not there fails the block",
      text: 'test "a" { test_message :smtp 0; }',
      want: [0, 1, "1: there is no message 0"],
    },
    {
      name: "an unknown extension cannot be reloaded",
      text: 'test "a" { test_config_reload :extension "frob"; }',
      want: [0, 1, "1: there is no extension “frob”"],
    },
    {
      name: "a bad annotation ends the file",
      text: 'test "a" { test_imap_metadata_set "/frob/x" "y"; }',
      want: [0, 1, "1: “/frob/x” is not the name of an annotation"],
    },
    {
      name: "a program that was never saved ends the file",
      text: 'test "a" { test_binary_load "x"; }',
      want: [0, 1, "1: no program is saved as “x”"],
    },
    {
      name: "tells its own folder",
      text: 'test "a" { if not string "${tst.path}${tst.other}" "/tests" { test_fail "x"; } }',
      want: [1, 0],
    },
  ];
  for (const { name, text, options, want } of rows) it(name, () => assert.deepEqual(told(text, options), want));

  it("keeps the test language away from ordinary scripts", () => {
    assert.equal(compile('require "vnd.dovecot.testsuite";').ok, false);
  });

  it("never throws, whatever the text", () =>
    fc.assert(
      fc.property(
        tokenSoup,
        fc.array(fc.constantFrom("test", "test_set", "test_message", '"message"', "test_script_run"), { maxLength: 5 }),
        (soup, words) => {
          runTest(`test "a" { ${soup} } ${words.join(" ")} ${soup}`);
        },
      ),
      { numRuns: 300 },
    ));
});
