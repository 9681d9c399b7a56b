import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { type EnvelopeSettings, envelopeOf } from "./envelope.ts";

const BOTH: EnvelopeSettings = { from: "return-path", to: "delivered-to" };

const cases: readonly {
  readonly name: string;
  readonly head: string;
  readonly settings: EnvelopeSettings;
  readonly want: object;
}[] = [
  {
    name: "what Dovecot and Postfix write",
    head: "Return-Path: <bob@example.net>\r\nDelivered-To: anna+lists@example.org\r\n",
    settings: BOTH,
    want: { from: "bob@example.net", to: "anna+lists@example.org" },
  },
  {
    name: "nothing that nobody vouches for",
    head: "Return-Path: <bob@example.net>\r\nDelivered-To: anna+lists@example.org\r\n",
    settings: {},
    want: { to: "anna@example.org" },
  },
  {
    name: "the null reverse-path",
    head: "Return-Path: <>\r\n",
    settings: BOTH,
    want: { from: null, to: "anna@example.org" },
  },
  {
    name: "Exim's name for the recipient",
    head: "Delivered-To: b@example.org\r\nEnvelope-To: a@example.org\r\n",
    settings: { to: "envelope-to" },
    want: { to: "a@example.org" },
  },
  {
    name: "the address before aliases",
    head: "X-Original-To: team@example.org\r\n",
    settings: { to: "x-original-to" },
    want: { to: "team@example.org" },
  },
  { name: "no field", head: "Subject: x\r\n", settings: BOTH, want: { to: "anna@example.org" } },
  {
    name: "the topmost field counts",
    head: "Return-Path: <new@example.net>\r\nDelivered-To: new@example.org\r\nReceived: by x\r\nReturn-Path: <old@example.net>\r\nDelivered-To: old@example.org\r\n",
    settings: BOTH,
    want: { from: "new@example.net", to: "new@example.org" },
  },
  { name: "an empty field", head: "Delivered-To:\r\n", settings: BOTH, want: { to: "anna@example.org" } },
  {
    name: "a Return-Path that is no address",
    head: "Return-Path: unreadable <\r\n",
    settings: BOTH,
    want: { from: null, to: "anna@example.org" },
  },
];

describe("envelopeOf", () => {
  for (const { name, head, settings, want } of cases) {
    it(name, () => {
      const message = readMessage(Buffer.from(`${head}\r\nbody`));
      assert.deepEqual(envelopeOf(message, "anna@example.org", settings), want);
    });
  }
});
