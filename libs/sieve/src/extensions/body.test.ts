// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { mailOf, plainFacts, plainMail, problemTable, programOf, scriptTable, testTable } from "../../test/decide.ts";
import { run } from "../interpreter.ts";

const mixed = mailOf(
  "Subject: parts",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="out"',
  "",
  "the prologue",
  "--out",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "La r=E9union",
  "--out",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<p>Hello <b>bold</b> &amp; brave</p>",
  "--out",
  "Content-Type: application/octet-stream",
  "Content-Transfer-Encoding: base64",
  "",
  "c2VjcmV0IG9jdGV0cw==",
  "--out",
  "Content-Type: message/rfc822",
  "",
  "Subject: the inner subject",
  "",
  "the inner text",
  "--out--",
  "the epilogue",
  "",
);

testTable(
  "a mail without a body (RFC 5173 §4)",
  ["body", "relational", "comparator-i;ascii-numeric"],
  ["body :raw", "body :text", 'body :content ""'].flatMap((test) => [
    { test: `${test} ""`, want: true, mail: "Subject: x\r\n\r\n" },
    { test: `${test} ""`, want: true, mail: "\r\n" },
    { test: `${test} ""`, want: false, mail: "Subject: x\r\n" },
    { test: `${test} :contains ""`, want: false, mail: "Subject: x" },
    { test: `${test} :count "eq" :comparator "i;ascii-numeric" "0"`, want: true, mail: "Subject: x\r\n" },
  ]),
);

testTable(
  "body :raw",
  ["body"],
  [
    { test: 'body :raw :contains "see the annex"', want: true },
    { test: 'body :raw :contains "Subject"', want: false },
    { test: 'body :raw :contains "bob,\r\nSEE"', want: true },
    { test: 'body :raw :matches "Hello*annex.\r\n"', want: true },
    { test: 'body :raw :contains "r=E9union"', want: true, mail: mixed },
    { test: 'body :raw :contains "réunion"', want: false, mail: mixed },
    { test: 'body :raw :contains "the prologue"', want: true, mail: mixed },
    { test: 'body :raw :contains "été"', want: true, mail: mailOf("Subject: x", "", "un été") },
  ],
);

testTable(
  "body :text",
  ["body"],
  [
    { test: 'body :contains "hello bob"', want: true },
    { test: 'body :text :contains "RéUNION"', want: true, mail: mixed },
    { test: 'body :text :contains "bold & brave"', want: true, mail: mixed },
    { test: 'body :text :contains "<b>"', want: false, mail: mixed },
    { test: 'body :text :contains "secret octets"', want: false, mail: mixed },
    { test: 'body :text :contains "the inner text"', want: true, mail: mixed },
    { test: 'body :text :contains ""', want: true, mail: mailOf("Subject: x", "", "") },
  ],
);

testTable(
  "body :content",
  ["body", "variables", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'body :content "text" :contains "réunion"', want: true, mail: mixed },
    { test: 'body :content "text" :contains "<b>bold</b>"', want: true, mail: mixed },
    { test: 'body :content "text/plain" :contains "bold"', want: false, mail: mixed },
    { test: 'body :content ["text/x", "TEXT/HTML"] :contains "bold"', want: true, mail: mixed },
    { test: 'body :content "application/octet-stream" :is "secret octets"', want: true, mail: mixed },
    { test: 'body :content "" :contains "secret octets"', want: true, mail: mixed },
    { test: 'body :content "multipart" :contains "the prologue"', want: true, mail: mixed },
    { test: 'body :content "multipart" :contains "the epilogue"', want: true, mail: mixed },
    { test: 'body :content "multipart" :contains "bold"', want: false, mail: mixed },
    { test: 'body :content "multipart/mixed" :is "the prologue"', want: true, mail: mixed },
    { test: 'body :content "multipart" :contains "--out"', want: false, mail: mixed },
    { test: 'body :content "message/rfc822" :contains "the inner subject"', want: true, mail: mixed },
    { test: 'body :content "message/rfc822" :contains "the inner text"', want: false, mail: mixed },
    { test: 'body :content ["/", "text/", "/plain", "a/b/c"] :contains ""', want: false, mail: mixed },
    { test: 'body :content "${t}" :contains "bold"', before: 'set "t" "text";', want: true, mail: mixed },
    { test: 'body :content "text" :count "eq" :comparator "i;ascii-numeric" "3"', want: true, mail: mixed },
  ],
);

scriptTable("body and match variables", [
  {
    script:
      'require ["body", "variables", "fileinto"]; if header :matches "subject" "* budget *" {} if body :raw :matches "*annex*" { fileinto "${1}"; }',
    want: ["fileinto The"],
  },
]);

problemTable("what is wrong with body", [
  { script: 'require "body"; if body :raw :text "x" { keep; }', want: ["1:20 error tags-exclusive"] },
  { script: 'require "body"; if body :content "x" { keep; }', want: ["1:20 error missing-argument"] },
  { script: 'if body "x" { keep; }', want: ["1:4 error needs-require"] },
]);

describe("a mail that was cut", () => {
  const cut = readMessage(Buffer.from(plainMail.slice(0, -6)), { size: plainMail.length });
  it("is needed whole by a body test only", () => {
    const body = programOf('require "body"; if body :contains "annex" { discard; }');
    assert.deepEqual(run(body, cut, plainFacts), { kind: "need", needs: [{ kind: "whole-message" }] });
    assert.equal(body.uses.body, true);
    const header = programOf('if header :contains "subject" "budget" { discard; }');
    const outcome = run(header, cut, plainFacts);
    assert.equal(outcome.kind, "done");
    assert.equal(header.uses.body, false);
  });

  it("that is its header alone is not needed whole by a header test", () => {
    for (const eol of ["\r\n", "\n"]) {
      const header = `${plainMail.slice(0, plainMail.indexOf("\r\n\r\n")).replaceAll("\r\n", eol)}${eol}${eol}`;
      const alone = readMessage(Buffer.from(header), { size: plainMail.length });
      assert.equal(
        run(programOf('if header :contains "subject" "budget" { discard; }'), alone, plainFacts).kind,
        "done",
      );
    }
  });

  it("is needed whole by a header test when its header is not whole", () => {
    const short = readMessage(Buffer.from(plainMail.slice(0, 60)), { size: plainMail.length });
    const header = programOf('if header :contains "subject" "budget" { discard; }');
    assert.deepEqual(run(header, short, plainFacts), { kind: "need", needs: [{ kind: "whole-message" }] });
  });

  it("has the size of the whole one", () => {
    const size = programOf(`if size :over ${plainMail.length - 1} { discard; }`);
    const outcome = run(size, cut, plainFacts);
    assert.ok(outcome.kind === "done" && outcome.actions[0]?.kind === "discard");
  });
});
