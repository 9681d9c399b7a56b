import { describe, it } from "node:test";
import { both, checkRelayCase, type RelayCase } from "../../test/relay-case.ts";

const LONG = Buffer.from(`Subject: x\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(100_000)}`);

const cases: readonly RelayCase[] = [
  { name: "a long mail", script: {}, mail: { octets: LONG }, want: both("accepted 250"), fenced: [1, 2] },
  {
    name: "cut in the middle of a long mail: it cannot have been taken",
    script: {},
    options: { within: { octets: 100_000, say: "cut" } },
    mail: { octets: LONG },
    want: both("deferred 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "cut behind the word to begin a long mail: it cannot have been taken",
    script: { DATA: "354 go|cut" },
    mail: { octets: LONG },
    want: both("deferred 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "refused in the middle of a long mail",
    script: {},
    options: { within: { octets: 100_000, say: "552 5.3.4 too long" } },
    mail: { octets: LONG },
    want: both("rejected 552"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "a yes in the middle of a long mail: it was not all there",
    script: {},
    options: { within: { octets: 100_000, say: "250 OK" } },
    mail: { octets: LONG },
    want: both("deferred 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "8-bit octets without 8BITMIME",
    script: { EHLO: "250-here\r\n250 SIZE" },
    mail: { octets: Buffer.from("Subject: é\r\n\r\n") },
    want: both("rejected 554"),
  },
  {
    name: "an address that is not ASCII without SMTPUTF8",
    script: {},
    mail: { recipients: [{ id: 1, address: "rené@example.org" }] },
    want: ["1 rejected 553"],
  },
  {
    name: "such an address beside another: it is in nobody's way",
    script: {},
    mail: {
      recipients: [
        { id: 1, address: "rené@example.org" },
        { id: 2, address: "b@example.org" },
        { id: 3, address: "no address" },
      ],
    },
    want: ["1 rejected 553", "2 accepted 250", "3 rejected 553"],
    fenced: [2],
  },
  {
    name: "a field that is not ASCII without SMTPUTF8",
    script: {},
    mail: { isUtf8: true },
    want: both("rejected 553"),
  },
  {
    name: "a sender that is not ASCII without SMTPUTF8",
    script: {},
    mail: { from: "rené@example.org" },
    want: both("rejected 553"),
  },
  { name: "longer than SIZE", script: { EHLO: "250-here\r\n250 SIZE 10" }, want: both("rejected 552") },
];

describe("a mail that is long, or that a relay cannot take", { timeout: 60_000 }, () => {
  for (const one of cases) it(one.name, () => checkRelayCase(one));
});
