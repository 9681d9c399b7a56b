import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { unsubscribeTexts } from "../unsubscribe/unsubscribe-texts.ts";
import { pageTexts } from "./page-texts.ts";
import { circularStates, sendingStates } from "./state-texts.ts";

it("all that the pages say is said in both languages", () => {
  for (const texts of [pageTexts, circularStates, sendingStates, unsubscribeTexts])
    assert.deepEqual(textFaults(texts), []);
});
