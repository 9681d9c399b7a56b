import assert from "node:assert/strict";
import { it } from "node:test";
import { csvHeader, csvLine } from "./csv.ts";

const row = {
  id: "1",
  circularId: "7",
  address: "anne@college.example",
  messageId: '<"a,b"@x>',
  sentAt: new Date(0),
  asksDisposition: true,
  state: "displayed",
  stateAt: new Date(1),
  status: null,
  autoReplyAt: null,
  complainedAt: null,
  unverified: 2,
} as const;

it("a recipient is one line, with as many fields as the header", () => {
  assert.equal(
    csvHeader("en"),
    "address,state,since,status,meaning,sent,automatic reply,complaint,unverified reports,Message-ID,circular\r\n",
  );
  assert.equal(
    csvLine(row, "en"),
    'anne@college.example,displayed,1970-01-01T00:00:00.001Z,,,1970-01-01T00:00:00.000Z,,,2,"<""a,b""@x>",7\r\n',
  );
});

it("semicolons, for spreadsheets of some countries", () => {
  assert.match(csvHeader("fr", ";"), /^adresse;état;depuis;/);
  assert.match(csvLine({ ...row, status: "5.1.1" }, "fr", ";"), /;5\.1\.1;cette boîte aux lettres n'existe pas;/);
});

it("an address is never a formula of a spreadsheet", () => {
  for (const address of ["=cmd|x@b.example", "+1@b.example", "-1@b.example", "@b.example"])
    assert.ok(csvLine({ ...row, address }, "en").startsWith(`'${address},`));
});
