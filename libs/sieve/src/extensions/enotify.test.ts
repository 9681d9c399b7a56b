// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailOf, problemTable, scriptTable, testTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";

const head = 'require ["enotify", "variables"];\n';
const mail = mailOf("From: Alice <alice@example.org>", "Subject: A =?utf-8?q?question=3F?=", "", "Hi", "");
const facts = {
  envelope: { from: "alice@example.org", to: "bob@example.net" },
  owner: { addresses: ["bob@example.net"] },
};

describe("the notification", () => {
  it("is a mail from the owner, with the subject of the mail", () => {
    const notice = actionOf("notify", { script: `${head}notify "mailto:carol@example.com";`, mail, facts });
    assert.deepEqual(notice.mail, {
      envelopeFrom: "bob@example.net",
      recipients: ["carol@example.com"],
      fields: [
        ["From", "bob@example.net"],
        ["To", "carol@example.com"],
        ["Subject", "A question?"],
        ["Auto-Submitted", 'auto-notified; owner-email="bob@example.net"'],
        ["X-Priority", "3 (Normal)"],
        ["Importance", "Normal"],
      ],
      text: "From: Alice <alice@example.org>\r\nSubject: A question?\r\n",
    });
  });

  it("takes what the tags and the URI say", () => {
    const uri = "mailto:a@b.c,A@B.c?cc=d%40e.f&bcc=g@h.i&subject=no&body=Hi%0D%0A%C3%A9&X-Tag=1&From=evil@x.y";
    const script = `${head}notify :from "Bob <bob@example.net>" :importance "1" :message "yes" :options "o=" "${uri}";`;
    const { mail: made, importance, options } = actionOf("notify", { script, mail, facts });
    assert.deepEqual(made?.recipients, ["a@b.c", "d@e.f", "g@h.i"]);
    assert.deepEqual(made?.fields, [
      ["From", "Bob <bob@example.net>"],
      ["To", "a@b.c"],
      ["Cc", "d@e.f"],
      ["Subject", "yes"],
      ["Auto-Submitted", 'auto-notified; owner-email="bob@example.net"'],
      ["X-Priority", "1 (Highest)"],
      ["Importance", "High"],
      ["X-Tag", "1"],
    ]);
    assert.equal(made?.text, "Hi\r\né");
    assert.deepEqual([importance, options], [1, ["o="]]);
  });

  it("has the subject of the URI where there is no message", () => {
    const script = `${head}notify "mailto:a@b.c?subject=from%20the%20URI";`;
    const made = actionOf("notify", { script, mail, facts }).mail;
    assert.deepEqual(made?.fields[2], ["Subject", "from the URI"]);
  });

  it("is not made for a mail that a machine sent", () => {
    const automatic = mailOf("Auto-Submitted: auto-notified", "", "");
    const notice = actionOf("notify", { script: `${head}notify "mailto:a@b.c";`, mail: automatic, facts });
    assert.deepEqual([notice.mail, notice.silence], [null, "automatic"]);
  });

  it("has a null sender where the mail has one", () => {
    const given = { script: `${head}notify "mailto:a@b.c";`, mail, facts: { envelope: { from: null, to: "b@c.d" } } };
    assert.equal(actionOf("notify", given).mail?.envelopeFrom, null);
  });
});

scriptTable("notify beside other actions", [
  { script: `${head}notify "mailto:a@b.c";`, want: ['notify "mailto:a@b.c"', "implicit keep"] },
  { script: `${head}notify "mailto:a@b.c"; discard;`, want: ['notify "mailto:a@b.c"', "discard"] },
  {
    script: `${head}set "m" "xmpp:a@b.c"; notify "\${m}";`,
    want: ["error notify-method-unknown line 2", "implicit keep"],
  },
  { script: `${head}set "m" "mailto:a"; notify "\${m}";`, want: ["error bad-notify-method line 2", "implicit keep"] },
]);

testTable(
  "tests of enotify",
  ["enotify", "variables"],
  [
    { test: 'valid_notify_method "mailto:a@b.c?subject=x%20y"', want: true },
    { test: 'valid_notify_method ["mailto:a@b.c", "xmpp:a@b.c"]', want: false },
    { test: 'valid_notify_method "mailto:a@b.c?subject=x y"', want: false },
    { test: 'valid_notify_method "mailto:a@b.c?subject=<x>"', want: false },
    { test: 'valid_notify_method "mailto:a@b.c?subject=é"', want: false },
    { test: 'valid_notify_method "mailto:nobody"', want: false },
    { test: 'valid_notify_method "mailto:a@b.c?subject=%zz"', want: false },
    { test: 'valid_notify_method "mailto:"', want: false },
    { test: 'valid_notify_method "mailto:?to=a@b.c"', want: true },
    { test: 'valid_notify_method "nonsense"', want: false },
    { test: 'notify_method_capability "mailto:a@b.c" "online" "maybe"', want: true },
    { test: 'notify_method_capability "mailto:a@b.c" "Online" ["yes", "no"]', want: false },
    { test: 'notify_method_capability "mailto:a@b.c" "speed" "maybe"', want: false },
    { test: 'notify_method_capability "xmpp:a@b.c" "online" "maybe"', want: false },
    { test: 'string "${u}" "a%20%C3%A9%21-%2F.~_"', before: 'set :encodeurl "u" "a é!-/.~_";', want: true },
    { test: 'string "${u}" "8"', before: 'set :encodeurl :length "u" "a é";', want: false },
    { test: 'string "${u}" "10"', before: 'set :length :encodeurl "u" "a é";', want: true },
  ],
);

problemTable("what is wrong with enotify", [
  { script: 'notify "mailto:a@b.c";', want: ["1:1 error needs-require"] },
  { script: 'require "enotify"; notify;', want: ["1:20 error missing-argument"] },
  { script: 'require "enotify"; notify "a@b.c";', want: ["1:27 error bad-notify-method"] },
  { script: 'require "enotify"; notify "mailto:a@b";', want: [] },
  { script: 'require "enotify"; notify "mailto:a b";', want: ["1:27 error bad-notify-method"] },
  { script: 'require "enotify"; notify "xmpp:a@b.c";', want: ["1:27 error notify-method-unknown"] },
  {
    script: 'require "enotify"; notify :options ["a.b=c", "1=", "x", "=y", "-z=1"] "mailto:a@b.c";',
    want: ["1:52 error bad-notify-option", "1:57 error bad-notify-option", "1:63 error bad-notify-option"],
  },
  { script: 'require "enotify"; notify :importance "4" "mailto:a@b.c";', want: ["1:39 error tag-value-unknown"] },
  { script: 'require "enotify"; notify :from "x" "mailto:a@b.c";', want: ["1:33 error bad-mailbox-list"] },
  { script: 'require "enotify"; notify :low "mailto:a@b.c";', want: ["1:27 error only-in-dialect"] },
  { script: 'require "enotify"; denotify;', want: ["1:20 error only-in-dialect"] },
]);
