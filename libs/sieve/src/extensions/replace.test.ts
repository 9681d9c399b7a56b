// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decide, mailOf, outcomeOf, problemTable, scriptTable } from "../../test/decide.ts";
import { applyEdits } from "../message-edits.ts";

const mail = mailOf(
  "Received: from a by b; Thu, 29 Feb 2024 22:05:09 -0500",
  "From: Alice <alice@example.org>",
  "Subject: parts",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="out"',
  "",
  "--out",
  "Content-Type: text/plain",
  "",
  "Hello",
  "--out",
  'Content-Type: multipart/alternative; boundary="in"',
  "",
  "--in",
  "",
  "one",
  "--in",
  "",
  "two",
  "--in--",
  "--out--",
  "",
);

const head =
  'require ["mime", "foreverypart", "variables", "fileinto", "replace", "enclose", "convert", "body", "copy"];\n';

/** The mail as the last action stores it. */
function stored(script: string, given = mail): string {
  const outcome = outcomeOf({ script: head + script, mail: given });
  assert.ok(outcome.kind === "done" && outcome.error === undefined, JSON.stringify(outcome));
  const action = outcome.actions.at(-1);
  const edits = action !== undefined && "edits" in action ? (action.edits ?? []) : [];
  assert.deepEqual(JSON.parse(JSON.stringify(edits)), edits);
  return Buffer.from(applyEdits(readMessage(Buffer.from(given)), edits).raw).toString("utf8");
}

describe("replace", () => {
  it("puts a text in the place of a part", () => {
    const changed = stored('foreverypart { if header :mime :type "content-type" "text" { replace "Été"; break; } }');
    const wanted = mail.replace(
      "Content-Type: text/plain\r\n\r\nHello",
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nw4l0w6k=",
    );
    assert.equal(changed, wanted);
  });
  it("takes away a multipart with its parts, and does not go into them", () => {
    const changed = stored(
      'foreverypart { if header :mime :subtype "content-type" "alternative" { replace :mime "Content-Type: text/x-note\r\n\r\naway"; } if not exists :mime "content-type" { fileinto "no"; } }',
    );
    assert.match(changed, /--out\r\nContent-Type: text\/x-note\r\n\r\naway\r\n--out--/);
    assert.doesNotMatch(changed, /one|two/);
  });
  it("keeps the header of a whole mail, and what it changes there", () => {
    const changed = stored('replace :subject "Virus trouvé" :from "filter@example.org" "removed";');
    assert.equal(
      changed,
      mailOf(
        "Received: from a by b; Thu, 29 Feb 2024 22:05:09 -0500",
        "Original-From: Alice <alice@example.org>",
        "Original-Subject: parts",
        "Subject: Virus =?utf-8?B?dHJvdXbDqQ==?=",
        "From: filter@example.org",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        "removed",
      ),
    );
  });
  it("ignores a sender that is none", () => {
    assert.match(stored('set "f" "nobody"; replace :from "${f}" "x";'), /\r\nFrom: Alice <alice@example.org>\r\n/);
  });
  it("cannot reach into a mail that is encoded as a whole", () => {
    const inner = Buffer.from(mail).toString("base64");
    const outer = mailOf("Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", inner);
    const script = `${head} foreverypart { if header :mime :type "content-type" "text" { replace "x"; } }`;
    assert.deepEqual(decide({ script, mail: outer }), ["error part-not-editable line 2", "implicit keep"]);
  });
});

scriptTable("later tests and actions", [
  {
    script: `${head} fileinto :copy "before"; replace "budget of today"; if body :contains "budget" { fileinto "after"; }`,
    mail,
    want: ["fileinto before :copy", "fileinto after {replace-part}"],
  },
  {
    name: "rules that are looked up by key see the changed mail",
    script: `${head}${Array.from({ length: 12 }, (_, n) => `if header :contains "subject" "s${n}" { fileinto "${n}"; replace :subject "s${n + 2}" "x"; }`).join("\n")}`,
    mail: mailOf("Subject: s3", "", ""),
    want: [
      "fileinto 3",
      "fileinto 5 {replace-part}",
      "fileinto 7 {replace-part replace-part}",
      "fileinto 9 {replace-part replace-part replace-part}",
      "fileinto 11 {replace-part replace-part replace-part replace-part}",
    ],
  },
  {
    name: "enclose ends the loops over the mail that was, and does not reach a redirect",
    script: `${head} foreverypart { fileinto "n"; enclose "see below"; } redirect :copy "a@example.org"; if header :mime :contenttype "content-type" "multipart/mixed" { keep; }`,
    want: ["fileinto n", "redirect a@example.org :copy", "keep {enclose}"],
  },
]);

describe("enclose", () => {
  it("makes the mail an attachment", () => {
    const changed = stored('enclose :subject "Spam?" :headers ["From", "Received"] "Look\nhere";');
    const message = readMessage(Buffer.from(changed));
    assert.deepEqual(
      message.headerFields().map((field) => `${field.name}: ${field.text()}`.slice(0, 40)),
      [
        "Received: from a by b; Thu, 29 Feb 2024 ",
        "From: Alice <alice@example.org>",
        "Subject: Spam?",
        "Date: Thu, 29 Feb 2024 23:30:15 +0000",
        "MIME-Version: 1.0",
        `Content-Type: ${message.headers("content-type")[0]?.raw()}`.slice(0, 40),
      ],
    );
    const [text, inner] = message.root.children;
    assert.equal(text?.text(), "Look\r\nhere");
    assert.equal(inner?.type, "message/rfc822");
    assert.equal(Buffer.from(inner?.bytes() ?? []).toString(), mail);
  });
  it("takes subject and sender from the mail and the owner", () => {
    const message = readMessage(Buffer.from(stored('enclose "x";')));
    assert.equal(message.headers("subject")[0]?.text(), "parts");
    assert.equal(message.headers("from")[0]?.text(), "me+lists@example.net");
  });
});

const html = mailOf(
  "Content-Type: text/html; charset=iso-8859-1",
  "Content-Transfer-Encoding: 8bit",
  "",
  "<p>Caf&eacute;</p>",
);

describe("convert", () => {
  it("turns HTML into text, outside of loops all of it", () => {
    const message = readMessage(Buffer.from(stored('convert "text/html" "text/plain" ["charset=utf-8"];', html)));
    assert.equal(message.root.type, "text/plain");
    assert.equal(message.root.text(), "Café");
  });
  it("changes charsets", () => {
    const message = readMessage(Buffer.from(stored('convert "text/html" "text/html" "charset=us-ascii";', html)));
    assert.equal(message.root.parameters.get("charset"), "us-ascii");
  });
});

scriptTable("convert as a test", [
  {
    script: `${head} if convert "text/html" "text/plain" "" { fileinto "yes"; }`,
    mail: html,
    want: ["fileinto yes {convert-part}"],
  },
  {
    name: "of nothing succeeds",
    script: `${head} if convert "text/html" "text/plain" "" { fileinto "yes"; }`,
    want: ["fileinto yes"],
  },
  {
    name: "converts even where another test of the rule cannot hold",
    script: `${head}${'if allof (header :is "subject" "nothing", true) { keep; }\n'.repeat(9)} if allof (convert "text/html" "text/plain" "", header :is "subject" "none") { keep; }`,
    mail: html,
    want: ["implicit keep {convert-part}"],
  },
]);

problemTable("what is wrong", [
  { script: 'require "replace"; replace :mime :subject "a" "b";', want: ["1:20 error tags-exclusive"] },
  { script: 'require "replace"; replace :from "a b c" "b";', want: ["1:34 error bad-address"] },
  { script: 'require "convert"; convert "image/png" "image/gif" "pix-x=3";', want: ["1:40 warning no-conversion"] },
  { script: 'require "enclose"; enclose :headers "From:" "b";', want: ["1:37 warning field-name-with-colon"] },
]);
