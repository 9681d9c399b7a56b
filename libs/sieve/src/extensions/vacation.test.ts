// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailOf, problemTable, scriptTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";
import type { Silence } from "../answers.ts";
import type { Facts } from "../facts.ts";

const head = 'require ["vacation", "variables", "fileinto"];\n';
const facts: Partial<Facts> = {
  envelope: { from: "alice@example.org", to: "bob@example.net" },
  owner: { addresses: ["bob@example.net", "robert@example.net"], name: "Bob, the Owner" },
};

function mailWith(...fields: readonly string[]): string {
  return mailOf("From: Alice <alice@example.org>", "To: bob@example.net", ...fields, "", "Hi", "");
}

function reply(script: string, mail = mailWith(), more: Partial<Facts> = {}) {
  return actionOf("vacation", { script: head + script, mail, facts: { ...facts, ...more } });
}

describe("the reply of vacation", () => {
  it("is about the mail as it came, whatever the script changed (RFC 5293 §6)", () => {
    const edit = 'require "editheader"; deleteheader "subject"; addheader "Subject" "changed"; vacation "Away.";';
    assert.equal(reply(edit, mailWith("Subject: first")).reply?.subject, "Auto: first");
  });
  it("answers the envelope sender, with the name of the mail", () => {
    const { reply: sent } = reply('vacation "Away until Monday.";', mailWith("Subject: A =?utf-8?q?question=3F?="));
    assert.deepEqual(sent, {
      to: "alice@example.org",
      toField: "Alice <alice@example.org>",
      from: '"Bob, the Owner" <bob@example.net>',
      subject: "Auto: A question?",
      inReplyTo: "",
      references: "",
      mime: false,
      text: "Away until Monday.",
    });
  });

  it("continues the thread", () => {
    const before = mailWith("Message-ID: <3@x>", "References: <1@x> <2@x>", "In-Reply-To: <2@x>");
    assert.equal(reply('vacation "a";', before).reply?.references, "<1@x> <2@x> <3@x>");
    assert.equal(
      reply('vacation "a";', mailWith("Message-ID: <3@x>", "In-Reply-To: <2@x>")).reply?.references,
      "<2@x> <3@x>",
    );
    assert.equal(reply('vacation "a";', mailWith("Message-ID: <3@x>")).reply?.inReplyTo, "<3@x>");
  });

  it("takes subject, from and a MIME entity from the script", () => {
    const sent = reply(
      'vacation :subject "Gone" :from "Robert <robert@example.net>" :mime "Content-Type: text/html\r\n\r\n<p>Gone</p>";',
    ).reply;
    assert.equal(sent?.subject, "Gone");
    assert.equal(sent?.from, "Robert <robert@example.net>");
    assert.equal(sent?.mime, true);
  });

  it("follows the settings of the installation", () => {
    const mail = mailWith("Subject: x");
    assert.equal(
      reply('vacation "a";', mail, { vacation: { subjectTemplate: "AW: {subject}" } }).reply?.subject,
      "AW: x",
    );
    assert.equal(reply('vacation "a";', mailWith(), { vacation: { subject: "Absent" } }).reply?.subject, "Absent");
    assert.equal(reply('vacation "a";', mailWith()).reply?.subject, "Automated reply");
    const envelope = { from: "bounce@example.org", to: "bob@example.net" };
    assert.equal(reply('vacation "a";', mail, { envelope }).reply?.toField, "bounce@example.org");
    assert.equal(
      reply('vacation "a";', mail, { envelope, vacation: { toFromHeader: true } }).reply?.toField,
      "Alice <alice@example.org>",
    );
  });

  it("has a handle of its own words where the script gives none", () => {
    const handles = [
      'vacation "a";',
      'vacation "b";',
      'vacation :subject "s" "a";',
      'vacation :from "bob@example.net" "a";',
      'vacation :mime "a";',
      'vacation :handle "h" "a";',
    ].map((script) => reply(script).handle);
    assert.equal(new Set(handles).size, handles.length);
    assert.equal(handles.at(-1), "h");
    assert.equal(reply('vacation :days 3 "a";').handle, reply('vacation :days 5 "a";').handle);
  });
});

describe("who is never answered", () => {
  const cases: readonly {
    name: string;
    fields?: readonly string[];
    from?: string | null;
    want: Silence | undefined;
  }[] = [
    { name: "a person", want: undefined },
    { name: "the null path", from: null, want: "sender-null" },
    { name: "the empty path", from: "<>", want: "sender-null" },
    { name: "the owner", from: "ROBERT@example.net", want: "own" },
    { name: "a daemon", from: "MAILER-DAEMON@example.org", want: "robot" },
    { name: "a list owner", from: "owner-list@example.org", want: "robot" },
    { name: "a list's robot", from: "list-request@example.org", want: "robot" },
    { name: "majordomo", from: "majordomo@example.org", want: "robot" },
    { name: "noreply", from: "no-reply@example.org", want: "robot" },
    { name: "a sender with a token behind noreply", from: "noreply+x1@example.org", want: "robot" },
    { name: "a list", fields: ["List-Id: <l.example.org>"], want: "list" },
    { name: "a newsletter", fields: ["List-Unsubscribe: <mailto:x@example.org>"], want: "list" },
    { name: "bulk mail", fields: ["Precedence: Bulk"], want: "automatic" },
    { name: "a reply of a machine", fields: ["Auto-Submitted: auto-replied; x=y"], want: "automatic" },
    { name: "a mail that says that a person sent it", fields: ["Auto-Submitted: no (really)"], want: undefined },
    { name: "a notice of Exchange", fields: ["X-Auto-Response-Suppress: DR, OOF"], want: "automatic" },
    { name: "a mail that wants no receipts", fields: ["X-Auto-Response-Suppress: DR, RN"], want: undefined },
  ];
  for (const { name, fields = [], from = "alice@example.org", want } of cases) {
    it(`${name}: ${want ?? "answered"}`, () => {
      const given = reply('vacation "a";', mailWith(...fields), { envelope: { from, to: "bob@example.net" } });
      assert.equal(given.silence, want);
      assert.equal(given.reply === null, want !== undefined);
    });
  }

  it("a sender that nobody vouches for", () => {
    assert.equal(reply('vacation "a";', mailWith(), { envelope: { to: "bob@example.net" } }).silence, "sender-unknown");
  });

  it("a mail to somebody else, unless the script or the installation says so", () => {
    const mail = mailOf("From: alice@example.org", "To: team@example.net", "", "Hi", "");
    assert.equal(reply('vacation "a";', mail).silence, "not-addressed");
    assert.equal(reply('vacation :addresses "Team@Example.net" "a";', mail).silence, undefined);
    assert.equal(reply('vacation :addresses "The team <team@example.net>" "a";', mail).silence, undefined);
    assert.equal(reply('vacation "a";', mail, { vacation: { unaddressed: true } }).silence, undefined);
    const envelope = { from: "alice@example.org", to: "x@example.net", originalTo: "team@example.net" };
    assert.equal(reply('vacation "a";', mail, { envelope }).silence, undefined);
    const resent = mailOf("From: alice@example.org", "Resent-Cc: ROBERT@example.net", "", "Hi", "");
    assert.equal(reply('vacation "a";', resent).silence, undefined);
  });
});

scriptTable("vacation beside other actions", [
  {
    script: `${head}vacation "a";`,
    facts,
    mail: mailWith(),
    want: ['vacation to "alice@example.org"', "implicit keep"],
  },
  {
    script: `${head}fileinto "x"; vacation "a";`,
    facts,
    mail: mailWith(),
    want: ["fileinto x", 'vacation to "alice@example.org"'],
  },
  { script: `${head}vacation "a"; vacation "b";`, want: ["error action-conflict line 2", "implicit keep"] },
  {
    script: `${head}set "f" "x"; vacation :from "\${f}" "b";`,
    want: ["error bad-mailbox-list line 2", "implicit keep"],
  },
]);

problemTable("what is wrong with vacation", [
  { script: 'vacation "a";', want: ["1:1 error needs-require"] },
  { script: 'require "vacation"; vacation;', want: ["1:21 error missing-argument"] },
  { script: 'require "vacation"; vacation :from "nobody" "a";', want: ["1:36 error bad-mailbox-list"] },
  {
    script: 'require "vacation"; vacation :addresses ["a@b.c", "d", "E <e@b.c>", "@@"] "a";',
    want: ["1:51 warning bad-address", "1:69 error bad-address"],
  },
  { script: 'require "vacation"; vacation :days 0 "a";', want: ["1:36 warning period-adjusted"] },
  { script: 'require "vacation"; vacation :mime "Hello";', options: {}, want: ["1:36 warning mime-without-header"] },
  {
    script: 'require "vacation"; vacation :seconds 5 "a";',
    want: ["1:30 error tag-needs-require", "1:39 warning period-adjusted"],
  },
]);
