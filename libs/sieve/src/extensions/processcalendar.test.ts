// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailOf, outcomeOf, problemTable, scriptTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";
import { calendarKey } from "./processcalendar.ts";

const head = 'require ["processcalendar", "variables", "fileinto"];\n';
const invitation = mailOf("Content-Type: text/calendar; method=REQUEST", "", "BEGIN:VCALENDAR", "END:VCALENDAR", "");

scriptTable("processcalendar", [
  { script: `${head}processcalendar;`, want: ["implicit keep"] },
  { script: `${head}processcalendar;`, mail: invitation, want: ["processcalendar", "implicit keep"] },
  {
    script: `${head}processcalendar :outcome "o" :reason "r"; fileinto "\${o}: \${r}";`,
    want: ["fileinto no_action: the mail has no calendar object"],
  },
  { script: `${head}processcalendar :outcome "o";`, mail: invitation, want: ["need calendar"] },
]);

describe("what came of it", () => {
  it("goes into the variables", () => {
    const script = `${head}processcalendar :addresses "b@example.net" :updatesonly :outcome "o"; fileinto "\${o}";`;
    const needed = outcomeOf({ script, mail: invitation });
    const [need] = needed.kind === "need" ? needed.needs : [];
    assert.ok(need?.kind === "calendar");
    assert.equal(need.key, calendarKey(need.action));
    const facts = { calendar: new Map([[need.key, { outcome: "updated", reason: "" }]]) };
    assert.equal(actionOf("fileinto", { script, mail: invitation, facts }).mailbox, "updated");
    const { addresses, updatesOnly, calendarId } = actionOf("processcalendar", { script, mail: invitation, facts });
    assert.deepEqual([addresses, updatesOnly, calendarId], [["b@example.net"], true, null]);
  });
});

problemTable("what is wrong with processcalendar", [
  { script: "processcalendar;", want: ["1:1 error needs-require"] },
  {
    script: `${head}processcalendar :updatesonly :calendarid "x";`,
    want: ["2:1 error tags-exclusive"],
  },
  { script: `${head}processcalendar :addresses "x";`, want: ["2:28 error bad-address"] },
  { script: `${head}processcalendar :organizers "x";`, want: ["2:29 error tag-needs-require"] },
  { script: `${head}processcalendar :outcome "1x";`, want: ["2:26 error bad-variable-name"] },
  { script: 'require "processcalendar"; processcalendar :outcome "o";', want: ["1:53 error tag-needs-require"] },
]);
