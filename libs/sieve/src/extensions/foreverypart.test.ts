// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decide, mailOf, plainFacts, problemTable, programOf, scriptTable } from "../../test/decide.ts";
import { run } from "../interpreter.ts";

const mail = mailOf(
  "Subject: parts",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="out"',
  "",
  "--out",
  'Content-Type: multipart/alternative; boundary="in"',
  "",
  "--in",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "La r=E9union",
  "--in",
  "Content-Type: text/html",
  "",
  "<p>x</p>",
  "--in--",
  "--out",
  "Content-Type: image/png",
  "",
  "png",
  "--out--",
  "",
);

const head = 'require ["mime", "foreverypart", "extracttext", "variables", "fileinto", "replace", "enclose"];\n';
const seen = 'if header :mime :matches :contenttype "content-type" "*" { set "seen" "${seen} ${1}"; }';

scriptTable("foreverypart", [
  {
    name: "all parts, depth first, the mail itself first",
    script: `${head} foreverypart { ${seen} } fileinto "\${seen}";`,
    mail,
    want: ["fileinto  multipart/mixed multipart/alternative text/plain text/html image/png"],
  },
  {
    name: "an inner loop goes over the parts inside the part",
    script: `${head} foreverypart { foreverypart { ${seen} } set "seen" "\${seen}|"; } fileinto "\${seen}";`,
    mail,
    want: ["fileinto  multipart/alternative text/plain text/html image/png| text/plain text/html|||| ".trimEnd()],
  },
  {
    name: "break leaves the innermost loop",
    script: `${head} foreverypart { foreverypart { ${seen} break; } set "seen" "\${seen}|"; } fileinto "\${seen}";`,
    mail,
    want: ["fileinto  multipart/alternative| text/plain||||".trimEnd()],
  },
  {
    name: "break :name leaves that one",
    script: `${head} foreverypart :name "outer" { foreverypart { ${seen} break :name "outer"; } } fileinto "\${seen}";`,
    mail,
    want: ["fileinto  multipart/alternative"],
  },
  {
    name: "stop ends the script",
    script: `${head} foreverypart { fileinto "a"; stop; } fileinto "b";`,
    mail,
    want: ["fileinto a"],
  },
  {
    name: "tests without :mime look at the mail",
    script: `${head} foreverypart { if header "content-type" "image/png" { fileinto "no"; } if header :mime "content-type" "image/png" { fileinto "yes"; } }`,
    mail,
    want: ["fileinto yes"],
  },
  {
    name: "a mail of one part",
    script: `${head} foreverypart { set "seen" "\${seen}x"; } fileinto "\${seen}";`,
    want: ["fileinto x"],
  },
]);

const extract = (how: string): string =>
  `${head} foreverypart { if header :mime :contenttype "content-type" "text/plain" { extracttext ${how} "t"; } } fileinto "[\${t}]";`;

scriptTable("extracttext", [
  { script: extract(""), mail, want: ["fileinto [La réunion]"] },
  { script: extract(":first 4"), mail, want: ["fileinto [La r]"] },
  { script: extract(":upper :first 4"), mail, want: ["fileinto [LA R]"] },
  { script: extract(":length"), mail, want: ["fileinto [10]"] },
  {
    name: "no text in a picture",
    script: `${head} set "t" "x"; foreverypart { if header :mime :type "content-type" "image" { extracttext "t"; } } fileinto "[\${t}]";`,
    mail,
    want: ["fileinto []"],
  },
]);

describe("a loop", () => {
  it("needs the whole mail", () => {
    const cut = readMessage(Buffer.from(mail.slice(0, 200)), { size: mail.length });
    const program = programOf(`${head} foreverypart { ${seen} }`);
    assert.equal(program.uses.body, true);
    assert.deepEqual(run(program, cut, plainFacts), { kind: "need", needs: [{ kind: "whole-message" }] });
  });
  it("pays for each part", () => {
    const many = mailOf(
      'Content-Type: multipart/mixed; boundary="b"',
      "",
      ...Array.from({ length: 1500 }, () => "--b\r\n\r\nx"),
      "--b--",
    );
    const script = `${head} foreverypart { foreverypart { } } foreverypart { if header :mime "a" "b" { keep; } }`;
    assert.deepEqual(decide({ script, mail: many, limits: { steps: 1000 } }), [
      "error too-many-steps line 2",
      "implicit keep",
    ]);
    assert.deepEqual(decide({ script, mail: many }), ["implicit keep"]);
  });
});

problemTable("what is wrong with loops", [
  { script: 'require "foreverypart"; break;', want: ["1:25 error outside-loop"] },
  { script: 'require "foreverypart"; foreverypart { break :name "x"; }', want: ["1:52 error unknown-loop"] },
  { script: 'require "foreverypart"; foreverypart { break; keep; }', want: ["1:47 warning unreachable"] },
  { script: 'require "foreverypart"; foreverypart;', want: ["1:25 error missing-block"] },
  { script: 'require ["extracttext", "variables"]; extracttext "a";', want: ["1:39 error outside-loop"] },
  {
    script: 'require ["extracttext", "foreverypart"]; foreverypart { extracttext "a"; }',
    want: ["1:57 error needs-variables"],
  },
]);
