import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { draftsSection, draftsWanted } from "./drafts-section.ts";

const wanted = (
  section: unknown,
  more: { readonly sendLater?: "off" | "handed-over"; readonly mode?: "observe" } = {},
) => draftsWanted(draftsSection.parse(section), { address: "Anna@example.org", mode: "act", ...more });

describe("drafts that are sent later", () => {
  const folders = ["Scheduled", "Envoi différé"];
  const cases = [
    ["nothing, where nothing is said", {}, {}, null],
    ["folders", { folders }, {}, { folders, isHandedOver: false }],
    [
      "an installation that has handed Send Later over",
      { send_later: "handed-over" },
      {},
      { folders: [], isHandedOver: true },
    ],
    ["and an account that has not", { send_later: "handed-over" }, { sendLater: "off" }, null],
    ["an account that has", { folders }, { sendLater: "handed-over" }, { folders, isHandedOver: true }],
    ["one that is only observed", { folders }, { mode: "observe" }, null],
    ["one that is named", { folders, accounts: ["anna@example.org"] }, {}, { folders, isHandedOver: false }],
    ["one that is not", { folders, accounts: ["ben@example.org"] }, { sendLater: "handed-over" }, null],
  ] as const;
  for (const [name, section, more, want] of cases) it(name, () => assert.deepEqual(wanted(section, more), want));

  const faults = [
    ["INBOX", { folders: ["inbox"] }],
    ["a zone that is none", { zone: "Europe/Grenoble" }],
    ["one mark", { marks: ["[["] }],
    ["marks of blanks", { marks: ["  ", "]]"] }],
  ] as const;
  for (const [name, section] of faults)
    it(`${name} is a fault`, () => assert.equal(draftsSection.safeParse(section).success, false));
});
