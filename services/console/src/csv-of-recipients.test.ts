import assert from "node:assert/strict";
import { it } from "node:test";
import type { CircularAsk, ReportedRecipient } from "@tamis/contracts";
import type { Behind } from "./console-context.ts";
import { csvOfRecipients } from "./csv-of-recipients.ts";

const recipient = (id: string, more: Partial<ReportedRecipient> = {}): ReportedRecipient => ({
  id,
  address: `${id}@example.org`,
  name: null,
  state: "accepted",
  attempts: 1,
  changedAt: 0,
  nextAt: null,
  messageId: null,
  reply: null,
  ...more,
});

it("a report of many pages is one table, and no cell of it a formula", async () => {
  const asked: CircularAsk[] = [];
  const pages = [
    { recipients: [recipient("1", { name: "=1+1", reply: '550 5.1.1 "no", or so' })], next: "1" },
    { recipients: [recipient("2", { address: "-x@example.org", state: "unknown", messageId: "<m@x>" })], next: null },
  ];
  const behind = {
    ask: async (question: CircularAsk) => {
      asked.push(question);
      return { kind: "reported", ...pages[asked.length - 1] };
    },
  } as unknown as Behind;
  const pieces: Uint8Array[] = [];
  for await (const piece of csvOfRecipients(behind, { accountId: "a", id: "7", language: "fr", states: ["unknown"] }))
    pieces.push(piece);
  assert.deepEqual(Buffer.concat(pieces).toString().split("\r\n"), [
    "numéro,adresse,nom,état,depuis,essais,message-id,réponse",
    `1,1@example.org,'=1+1,envoyé,1970-01-01T00:00:00.000Z,1,,"550 5.1.1 ""no"", or so"`,
    "2,'-x@example.org,,inconnu\u00a0: il est peut-être arrivé,1970-01-01T00:00:00.000Z,1,<m@x>,",
    "",
  ]);
  const one = { op: "report", accountId: "a", id: "7", language: "fr", limit: 1000, states: ["unknown"] };
  assert.deepEqual(asked, [one, { ...one, after: "1" }]);
});
