import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { problems } from "./problem-texts.ts";

it("every problem has its title in both languages", () => assert.deepEqual(textFaults(problems), []));
