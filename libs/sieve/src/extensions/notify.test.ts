// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailOf, problemTable, scriptTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";

const head = 'require "notify";\n';
const mail = mailOf("From: Alice <alice@example.org>", "Subject: News", "", "First line of the text", "");
const facts = { envelope: { from: "bounce@example.org", to: "bob@example.net" } };

describe("the older notify", () => {
  it("writes to its options", () => {
    const script = `${head}notify :method "mailto" :high :options ["a@b.c", "d@e.f"] :message "$from$ / $env-from$: $subject$: $text[5]$";`;
    const notice = actionOf("notify", { script, mail, facts });
    assert.deepEqual(notice.mail?.recipients, ["a@b.c", "d@e.f"]);
    assert.equal(notice.importance, 1);
    assert.equal(notice.mail?.text, "Alice <alice@example.org> / bounce@example.org: News: First");
  });

  it("has a message of its own", () => {
    const notice = actionOf("notify", { script: `${head}notify :options "a@b.c";`, mail, facts });
    assert.equal(notice.message, "Alice <alice@example.org>: News");
  });
});

const two = `${head}notify :id "one" :low :options "a@b.c"; notify :id "two" :options "d@e.f"; `;

scriptTable("denotify", [
  { script: `${two}denotify; keep;`, want: ["keep"] },
  { script: `${two}denotify "one"; denotify :matches "t*"; keep;`, want: ["keep"] },
  { script: `${two}denotify :low; denotify :normal; keep;`, want: ["keep"] },
  {
    script: `${head}notify :id "x" :message "m" :options "a@b.c"; denotify "y"; denotify :high; keep;`,
    want: ['notify "mailto:a%40b.c?body=m"', "keep"],
  },
]);

problemTable("what is wrong with the older notify", [
  { script: 'require "notify"; notify :options "a@b.c"; denotify;', want: ["1:9 warning capability-outdated"] },
  { script: 'require "notify"; notify;', want: ["1:9 warning capability-outdated", "1:19 error tag-missing"] },
  {
    script: 'require "notify"; notify :method "sms" :options "x";',
    want: ["1:9 warning capability-outdated", "1:34 error notify-method-unknown", "1:49 error bad-address"],
  },
  {
    script: 'require "notify"; notify :low :high :options "a@b.c";',
    want: ["1:9 warning capability-outdated", "1:19 error tags-exclusive"],
  },
]);
