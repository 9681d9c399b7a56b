import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromKeyword, isLeftIn, leftIn, origin, takenFrom } from "./draft-keywords.ts";

const SCHEDULED = fromKeyword("Scheduled");
const DRAFTS = fromKeyword("Drafts");

describe("the keywords of drafts", () => {
  it("one that was left where it lies is left alone, until its owner puts it elsewhere", () => {
    const { add } = leftIn("Scheduled", "$TamisNotScheduled", ["\\Draft"]);
    assert.deepEqual(add, [SCHEDULED, "$TamisNotScheduled"]);
    assert.ok(isLeftIn("Scheduled", add));
    // Servers may write keywords in another case.
    assert.ok(
      isLeftIn(
        "Scheduled",
        add.map((flag) => flag.toUpperCase()),
      ),
    );
    assert.ok(!isLeftIn("Envoi différé", add));
    assert.ok(!isLeftIn("Scheduled", [SCHEDULED]));
  });

  it("nothing of an earlier time stays on one that is taken, or goes back", () => {
    const flags = ["\\Seen", "$Label1", DRAFTS, "$TamisNotSent"];
    assert.deepEqual(takenFrom("Scheduled", flags), { add: [SCHEDULED], remove: [DRAFTS, "$TamisNotSent"] });
    assert.deepEqual(leftIn("Drafts", "$TamisNotScheduled", [SCHEDULED]), {
      add: [DRAFTS, "$TamisNotScheduled"],
      remove: [SCHEDULED],
    });
    assert.deepEqual(takenFrom("Scheduled", [SCHEDULED]), { add: [], remove: [] });
  });

  it("say where it lay", () => {
    assert.equal(origin(["\\Draft", DRAFTS], ["Scheduled", "Drafts"]), "Drafts");
    assert.equal(origin(["\\Draft"], ["Scheduled", "Drafts"]), undefined);
  });
});
