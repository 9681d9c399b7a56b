import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { fileTexts } from "../files/file-texts.ts";
import { unsubscribeTexts } from "../unsubscribe/unsubscribe-texts.ts";
import { pageTexts } from "./page-texts.ts";
import { circularStates, policyTexts, receiptStates, requestStates, sendingStates } from "./state-texts.ts";

it("all that the pages say is said in both languages", () => {
  const states = [circularStates, receiptStates, sendingStates, requestStates, policyTexts];
  for (const texts of [pageTexts, unsubscribeTexts, fileTexts, ...states]) assert.deepEqual(textFaults(texts), []);
});
