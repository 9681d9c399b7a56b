import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mail } from "../test/odd-mails.ts";
import { isAutomaticReply, readMessage } from "./index.ts";

const cases: readonly { readonly name: string; readonly header: readonly string[]; readonly want: boolean }[] = [
  { name: "RFC 3834", header: ["Auto-Submitted: Auto-Replied (vacation)"], want: true },
  { name: "RFC 3834 with parameters", header: ["Auto-Submitted: auto-replied; owner-email=a@b.example"], want: true },
  { name: "a mark of its program", header: ["X-Autoreply: yes"], want: true },
  { name: "Precedence of old responders", header: ["Precedence: auto_reply"], want: true },
  {
    name: "out of office of Exchange",
    header: ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "In-Reply-To: <1@b.example>"],
    want: true,
  },
  {
    name: "a notice of Exchange that answers nothing",
    header: ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"],
    want: false,
  },
  { name: "a notice", header: ["Auto-Submitted: auto-generated"], want: false },
  { name: "a person, who says so", header: ["Auto-Submitted: no", "In-Reply-To: <1@b.example>"], want: false },
  { name: "a newsletter", header: ["Precedence: bulk"], want: false },
  { name: "a person", header: ["In-Reply-To: <1@b.example>"], want: false },
];

describe("isAutomaticReply", () => {
  for (const { name, header, want } of cases)
    it(name, () => assert.equal(isAutomaticReply(readMessage(mail(...header, "", "x"))), want));
});
