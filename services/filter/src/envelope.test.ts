import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { envelopeOf } from "./envelope.ts";

const cases = [
  {
    name: "what Dovecot and Postfix write",
    head: "Return-Path: <bob@example.net>\r\nDelivered-To: anna+lists@example.org\r\n",
    want: { from: "bob@example.net", to: "anna+lists@example.org" },
  },
  { name: "the null reverse-path", head: "Return-Path: <>\r\n", want: { from: null, to: "anna@example.org" } },
  { name: "Exim's name for the recipient", head: "Envelope-To: a@example.org\r\n", want: { to: "a@example.org" } },
  { name: "nothing", head: "Subject: x\r\n", want: { to: "anna@example.org" } },
  {
    name: "the topmost field counts",
    head: "Delivered-To: new@example.org\r\nReceived: by x\r\nDelivered-To: old@example.org\r\n",
    want: { to: "new@example.org" },
  },
  { name: "an empty field", head: "Delivered-To:\r\n", want: { to: "anna@example.org" } },
];

describe("envelopeOf", () => {
  for (const { name, head, want } of cases) {
    it(name, () => assert.deepEqual(envelopeOf(readMessage(Buffer.from(`${head}\r\nbody`)), "anna@example.org"), want));
  }
});
